package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sluice.core.space.DiskExtent;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Volume;

/** Looks at a volume's legs: whole copies, leg i of every segment. */
final class Legs {
  private Legs() {}

  /** One at least. */
  static int count(Volume volume) {
    return Math.max(1, volume.getLayout().getLegsCount());
  }

  /** -1: there is none of that id. */
  static int index(Volume volume, String legId) {
    for (int i = 0; i < volume.getLayout().getLegsCount(); i++) if (volume.getLayout().getLegs(i).getId().equals(legId)) return i;
    return -1;
  }

  static boolean inSync(Volume volume, int leg) {
    return volume.getLayout().getLegs(leg).getState() == LegInfo.State.IN_SYNC;
  }

  /** True of a volume without leg states too: its only leg is in sync. */
  static boolean allInSync(Volume volume) {
    for (int i = 0; i < volume.getLayout().getLegsCount(); i++) if (!inSync(volume, i)) return false;
    return true;
  }

  static boolean isLastInSync(Volume volume, int leg) {
    if (!inSync(volume, leg)) return false;
    for (int i = 0; i < volume.getLayout().getLegsCount(); i++) if (i != leg && inSync(volume, i)) return false;
    return true;
  }

  /** Its columns in all segments, without the write intents. */
  static List<DiskExtent> extents(Iterable<Segment> segments, int leg) {
    List<DiskExtent> extents = new ArrayList<>();
    for (Segment s : segments) {
      for (Extent e : s.getLegs(leg).getColumnsList()) extents.add(new DiskExtent(e.getDiskId(), e.getOffsetBytes(), e.getLengthBytes()));
    }
    return extents;
  }

  /** Ids, in order, of the disks that a leg lies on, its write intents included. */
  static Set<String> disks(Volume volume, int leg) {
    return new TreeSet<>(LegExtents.disks(volume.getLayout(), leg));
  }
}
