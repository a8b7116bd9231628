package sluice.core.care;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Segment;

/**
 * A whole copy of the volume, as the catalog has it.
 *
 * @param number from 1, as people count them
 * @param disks that it lies on, each once, with that of its write intents
 */
record Leg(int number, LegInfo info, List<String> disks) {
  /** Of a mirrored layout; of one without copies there are none. */
  static List<Leg> of(Layout layout) {
    List<Leg> legs = new ArrayList<>();
    for (int i = 0; i < layout.getLegsCount(); i++) {
      Set<String> disks = new LinkedHashSet<>();
      for (Segment s : layout.getSegmentsList()) {
        for (Extent e : s.getLegs(i).getColumnsList()) disks.add(e.getDiskId());
      }
      LegInfo info = layout.getLegs(i);
      if (info.hasIntents()) disks.add(info.getIntents().getDiskId());
      legs.add(new Leg(i + 1, info, List.copyOf(disks)));
    }
    return List.copyOf(legs);
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
