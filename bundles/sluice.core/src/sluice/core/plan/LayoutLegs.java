package sluice.core.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Segment;

/** The legs of one layout as a plan looks at them. */
final class LayoutLegs {
  /**
   * One leg.
   *
   * @param id empty: the only leg of a volume that has no write intents
   * @param index in its layout, from 0 on
   * @param bytes that it takes of each disk, by the disk's id, its write intents included
   */
  record Leg(String id, int index, boolean inSync, Map<String, Long> bytes) {}

  private LayoutLegs() {}

  static List<Leg> of(Layout layout) {
    List<Leg> legs = new ArrayList<>();
    for (int l = 0; l < Math.max(1, layout.getLegsCount()); l++) {
      Map<String, Long> bytes = new TreeMap<>();
      for (Segment s : layout.getSegmentsList()) for (Extent e : s.getLegs(l).getColumnsList()) bytes.merge(e.getDiskId(), e.getLengthBytes(), Long::sum);
      if (layout.getLegsCount() == 0) {
        legs.add(new Leg("", l, true, bytes));
        continue;
      }
      LegInfo info = layout.getLegs(l);
      if (info.hasIntents()) bytes.merge(info.getIntents().getDiskId(), info.getIntents().getLengthBytes(), Long::sum);
      legs.add(new Leg(info.getId(), l, info.getState() == LegInfo.State.IN_SYNC, bytes));
    }
    return legs;
  }
}
