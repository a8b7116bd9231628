package sluice.core.layout;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Volume;

/** What must be true of the legs of a volume and of their write intents (invariant 4), beside the rules of each segment. */
final class LegRules {
  private LegRules() {}

  /** @param volume each of whose segments keeps its rules and has as many legs as the layout says */
  static Optional<String> broken(Volume volume) {
    Layout layout = volume.getLayout();
    if (layout.getLegsCount() == 0) {
      return layout.getRegionBytes() == 0 ? Optional.empty() : Optional.of("it has regions of write intents, but no legs that have them");
    }
    long region = layout.getRegionBytes();
    if (region < LayoutRules.MIN_REGION_BYTES || Long.bitCount(region) != 1 || (volume.getSizeBytes() - 1) / region >= LayoutRules.MAX_REGIONS) {
      return Optional.of("it has regions of write intents of " + region + " bytes");
    }
    for (Segment segment : layout.getSegmentsList()) {
      if (segment.getStripeUnitBytes() != layout.getSegments(0).getStripeUnitBytes()) return Optional.of("its stripe unit is not the same everywhere");
    }
    Set<String> ids = new HashSet<>();
    boolean inSync = false;
    for (LegInfo leg : layout.getLegsList()) {
      if (leg.getId().isEmpty()) return Optional.of("a leg of it has no id");
      if (!ids.add(leg.getId())) return Optional.of("two legs of it have one id");
      switch (leg.getState()) {
        case IN_SYNC -> inSync = true;
        case STALE, FILLING -> {
          if (leg.getFilledBytes() < 0 || leg.getFilledBytes() > volume.getSizeBytes()) return Optional.of("a leg of it is filled beyond its end");
        }
        default -> {
          return Optional.of("a leg of it is in a state that this version does not know");
        }
      }
    }
    if (!inSync) return Optional.of("no leg of it is in sync");
    int moves = 0;
    for (int l = 0; l < layout.getLegsCount(); l++) {
      LegInfo leg = layout.getLegs(l);
      if (leg.getReplacesLegId().isEmpty()) continue;
      int replaced = LegExtents.replaced(layout, l);
      if (++moves > 1 || replaced < 0 || replaced == l) return Optional.of("it is not clear which of its legs is to replace which");
      if (leg.getState() == LegInfo.State.IN_SYNC) return Optional.of("a leg of it that is to replace another is in sync already");
      if (leg.getState() == LegInfo.State.FILLING && layout.getLegs(replaced).getState() != LegInfo.State.IN_SYNC) {
        return Optional.of("a leg of it is filled that is to replace one that is not in sync");
      }
    }
    return brokenPlaces(layout);
  }

  /**
   * No two copies lie on one disk, their write intents included; one that is to replace another may, and has its extents in common with it or
   * apart from it.
   */
  private static Optional<String> brokenPlaces(Layout layout) {
    int replacing = LegExtents.replacing(layout);
    int replaced = replacing < 0 ? -1 : LegExtents.replaced(layout, replacing);
    Map<String, Integer> copyOfDisk = new HashMap<>();
    for (int l = 0; l < layout.getLegsCount(); l++) {
      int copy = l == replacing ? replaced : l;
      for (Extent e : LegExtents.of(layout, l)) {
        Integer other = copyOfDisk.putIfAbsent(e.getDiskId(), copy);
        if (other != null && other != copy) return Optional.of("two legs of it lie on one disk");
      }
    }
    for (int l = 0; l < layout.getLegsCount(); l++) {
      Extent intents = layout.getLegs(l).getIntents();
      if (intents.getLengthBytes() < LayoutRules.INTENTS_BYTES || intents.getOffsetBytes() < 0
          || intents.getOffsetBytes() > Long.MAX_VALUE - intents.getLengthBytes()) {
        return Optional.of("a leg of it has no room for write intents");
      }
      int copy = l == replacing ? replaced : l;
      // Of a volume that became smaller they may be all that the leg still has on that disk.
      Integer other = copyOfDisk.putIfAbsent(intents.getDiskId(), copy);
      if (other != null && other != copy) return Optional.of("the write intents of a leg lie beside another's disks");
      for (int of : new int[] {l, copy}) {
        for (Extent e : LegExtents.of(layout, of)) {
          if (overlap(e, intents)) return Optional.of("the write intents of a leg lie within its data");
        }
      }
    }
    return replacing < 0 ? Optional.empty() : brokenMove(layout, replacing, replaced);
  }

  private static Optional<String> brokenMove(Layout layout, int replacing, int replaced) {
    if (overlap(layout.getLegs(replacing).getIntents(), layout.getLegs(replaced).getIntents())) {
      return Optional.of("two legs of it have the same write intents");
    }
    Map<String, TreeMap<Long, Extent>> before = new HashMap<>();
    for (Extent e : LegExtents.of(layout, replaced)) before.computeIfAbsent(e.getDiskId(), d -> new TreeMap<>()).put(e.getOffsetBytes(), e);
    for (Extent e : LegExtents.moved(layout, replacing)) {
      TreeMap<Long, Extent> there = before.getOrDefault(e.getDiskId(), new TreeMap<>());
      Map.Entry<Long, Extent> last = there.lowerEntry(e.getOffsetBytes() + e.getLengthBytes());
      if (last != null && overlap(last.getValue(), e)) return Optional.of("a leg that is to replace another has a part of an extent of it");
    }
    return Optional.empty();
  }

  private static boolean overlap(Extent a, Extent b) {
    return a.getDiskId().equals(b.getDiskId()) && a.getOffsetBytes() < b.getOffsetBytes() + b.getLengthBytes()
        && b.getOffsetBytes() < a.getOffsetBytes() + a.getLengthBytes();
  }
}
