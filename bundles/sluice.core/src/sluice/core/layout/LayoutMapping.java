package sluice.core.layout;

import java.util.ArrayList;
import java.util.List;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.layout.Extent;
import sluice.api.layout.LegRole;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Volume;

/** The protocol's description of a volume as the layout that maps its blocks. */
public final class LayoutMapping {
  private LayoutMapping() {}

  /** @throws SluiceException CORRUPT if the layout breaks one of {@link LayoutRules} */
  public static VolumeLayout layout(Volume volume) {
    LayoutRules.broken(volume).ifPresent(rule -> {
      throw new SluiceException(ErrorCode.CORRUPT, "The layout of volume " + volume.getName() + " cannot be used", rule,
          "check that server and agent are of the same version, and that the pool's metadata are whole", volume.getId());
    });
    List<Segment> segments = new ArrayList<>();
    for (sluice.protocol.v1.Segment s : volume.getLayout().getSegmentsList()) {
      if (past(s, volume)) continue;
      List<List<Extent>> legs = new ArrayList<>();
      for (Leg leg : s.getLegsList()) legs.add(columns(leg));
      segments.add(new Segment(s.getStartBytes(), s.getLengthBytes(), (int) s.getStripeUnitBytes(), legs));
    }
    Layout layout = volume.getLayout();
    int snapshots = volume.getSnapshotsCount();
    long newest = snapshots == 0 ? 0 : volume.getSnapshots(snapshots - 1).getNumber();
    long chunk = snapshots == 0 ? 0 : volume.getChunkBytes();
    if (layout.getLegsCount() == 0) return new VolumeLayout(layout.getEpoch(), volume.getSizeBytes(), segments).preserving(newest, chunk);
    List<LegRole> roles = new ArrayList<>();
    for (LegInfo leg : layout.getLegsList()) {
      List<Segment> own = new ArrayList<>();
      for (sluice.protocol.v1.Segment s : leg.getOwnSegmentsList()) {
        if (past(s, volume)) continue;
        own.add(new Segment(s.getStartBytes(), s.getLengthBytes(), (int) s.getStripeUnitBytes(), List.of(columns(s.getLegs(0)))));
      }
      roles.add(new LegRole(leg.getId(), state(leg.getState()), extent(leg.getIntents()), leg.getReplacesLegId(), own));
    }
    return new VolumeLayout(layout.getEpoch(), volume.getSizeBytes(), segments, roles, layout.getRegionBytes()).preserving(newest, chunk);
  }

  /** What a volume that became smaller still has past its end is not I/O's any more: it is freed under the same epoch. */
  private static boolean past(sluice.protocol.v1.Segment segment, Volume volume) {
    return segment.getStartBytes() >= volume.getSizeBytes();
  }

  private static LegRole.State state(LegInfo.State state) {
    return switch (state) {
      case IN_SYNC -> LegRole.State.IN_SYNC;
      case FILLING -> LegRole.State.FILLING;
      default -> LegRole.State.STALE;
    };
  }

  private static List<Extent> columns(Leg leg) {
    List<Extent> columns = new ArrayList<>();
    for (sluice.protocol.v1.Extent e : leg.getColumnsList()) columns.add(extent(e));
    return columns;
  }

  private static Extent extent(sluice.protocol.v1.Extent e) {
    return new Extent(e.getDiskId(), e.getOffsetBytes(), e.getLengthBytes());
  }
}
