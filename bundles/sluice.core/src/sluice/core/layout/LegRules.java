package sluice.core.layout;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    return brokenPlaces(layout);
  }

  private static Optional<String> brokenPlaces(Layout layout) {
    Map<String, Integer> legOfDisk = new HashMap<>();
    for (Segment segment : layout.getSegmentsList()) {
      for (int l = 0; l < layout.getLegsCount(); l++) {
        for (Extent e : segment.getLegs(l).getColumnsList()) {
          Integer other = legOfDisk.putIfAbsent(e.getDiskId(), l);
          if (other != null && other != l) return Optional.of("two legs of it lie on one disk");
        }
      }
    }
    for (int l = 0; l < layout.getLegsCount(); l++) {
      Extent intents = layout.getLegs(l).getIntents();
      if (intents.getLengthBytes() < LayoutRules.INTENTS_BYTES || intents.getOffsetBytes() < 0
          || intents.getOffsetBytes() > Long.MAX_VALUE - intents.getLengthBytes()) {
        return Optional.of("a leg of it has no room for write intents");
      }
      if (!Integer.valueOf(l).equals(legOfDisk.get(intents.getDiskId()))) return Optional.of("the write intents of a leg lie beside another's disks");
      for (Segment segment : layout.getSegmentsList()) {
        for (Extent e : segment.getLegs(l).getColumnsList()) {
          if (overlap(e, intents)) return Optional.of("the write intents of a leg lie within its data");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean overlap(Extent a, Extent b) {
    return a.getDiskId().equals(b.getDiskId()) && a.getOffsetBytes() < b.getOffsetBytes() + b.getLengthBytes()
        && b.getOffsetBytes() < a.getOffsetBytes() + a.getLengthBytes();
  }
}
