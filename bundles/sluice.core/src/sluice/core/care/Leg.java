package sluice.core.care;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import sluice.core.care.CareEffects.DirtyRange;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Segment;

/**
 * A whole copy of the volume, as the catalog has it.
 *
 * @param number from 1, as people count them
 * @param disks that it lies on, each once, with that of its write intents; of a leg that is to replace another, those that the
 *     other does not need
 * @param places disks of all that it has
 * @param copied the ranges of the volume in which something is to be copied when the leg is whole
 */
record Leg(int number, LegInfo info, List<String> disks, List<String> places, List<DirtyRange> copied) {
  /** Of a mirrored layout; of one without copies there are none. */
  static List<Leg> of(Layout layout) {
    List<Leg> legs = new ArrayList<>();
    for (int i = 0; i < layout.getLegsCount(); i++) {
      Set<String> places = LegExtents.disks(layout, i);
      Set<String> disks = new LinkedHashSet<>(places);
      int replaced = LegExtents.replaced(layout, i);
      // When such a leg is given up, the other still needs what it has on the disks that both lie on.
      if (replaced >= 0) disks.removeAll(LegExtents.disks(layout, replaced));
      legs.add(new Leg(i + 1, layout.getLegs(i), List.copyOf(disks), List.copyOf(places), copied(layout, i, replaced)));
    }
    return List.copyOf(legs);
  }

  private static List<DirtyRange> copied(Layout layout, int leg, int replaced) {
    List<DirtyRange> ranges = new ArrayList<>();
    for (Segment s : LegExtents.segments(layout, leg)) {
      boolean same = replaced >= 0 && !LegExtents.own(layout, leg) && s.getLegs(leg).equals(s.getLegs(replaced));
      if (!same) Ranges.append(ranges, s.getStartBytes(), s.getStartBytes() + s.getLengthBytes());
    }
    return List.copyOf(ranges);
  }

  /** Is it there only to take another's place? */
  boolean replaces() {
    return !info.getReplacesLegId().isEmpty();
  }

  String id() {
    return info.getId();
  }

  boolean inSync() {
    return info.getState() == LegInfo.State.IN_SYNC;
  }

  boolean stale() {
    return info.getState() == LegInfo.State.STALE;
  }

  boolean filling() {
    return info.getState() == LegInfo.State.FILLING;
  }

  /** For people. */
  String words() {
    return "copy " + number + " (disk" + (disks.size() == 1 ? " " : "s ") + String.join(", ", disks) + ")";
  }
}
