package sluice.core.catalog;

import java.util.List;
import sluice.core.layout.LayoutRules;
import sluice.core.layout.LayoutTail;
import sluice.protocol.v1.FreeTail;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.ResizeVolume;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Volume;

/**
 * Volumes that become larger or smaller. A smaller one keeps its space past the new end until {@link #freeTail}, so that nothing
 * a host had sent under the old layout can reach another volume's blocks.
 */
final class VolumeSizes {
  private VolumeSizes() {}

  static void resize(Transaction t, ResizeVolume resize) {
    Volume old = t.volume(resize.getVolumeId());
    Pool pool = t.pool(old.getPoolId());
    VolumeShape shape = VolumeShape.of(pool, old.getName(), old.getStripes(), old.getLayout().getSegments(0).getStripeUnitBytes());
    long size = shape.size(old.getName(), resize.getSizeBytes());
    t.about(old.getId());
    String what = "Volume " + old.getName() + " cannot be resized";
    boolean recalled = resize.getEpoch() != 0;
    if (recalled) LegChange.checkEpoch(old, resize.getEpoch(), what);
    if (size == old.getSizeBytes()) return;
    RestoreChanges.checkNotRestoring(old, what);
    MoveConflicts.checkVolume(t, old, "cannot be resized");
    MoveConflicts.checkAlike(old, "cannot be resized");
    if (size < old.getSizeBytes() && old.getSnapshotsCount() > 0) {
      throw Refusal.conflict("Volume " + old.getName() + " cannot become smaller",
          "it has snapshots, which show what lies past the new end", "delete them first with: sluice snapshot delete", old.getId());
    }
    if (!recalled) checkUnused(t, old, size, what);
    Layout layout = size < old.getSizeBytes() ? shrunk(old, size, resize.getConfirmName()) : grown(t, old, shape, resize, size);
    t.put(old.toBuilder().setSizeBytes(size).setLayout(layout.toBuilder().setEpoch(layout.getEpoch() + 1)).build());
    t.info("volume-resized", "volume " + old.getName() + " resized from " + FieldRules.bytes(old.getSizeBytes()) + " to "
        + FieldRules.bytes(size), old.getId());
  }

  private static void checkUnused(Transaction t, Volume old, long size, String what) {
    if (size < old.getSizeBytes()) {
      throw Refusal.conflict("Volume " + old.getName() + " cannot become smaller",
          "it has " + FieldRules.bytes(old.getSizeBytes()) + ", and what lies at its end would be lost",
          "choose a larger size, or copy it into a smaller volume", old.getId());
    }
    VolumeChanges.checkDetached(t, old, "cannot be resized");
    for (int l = 0; l < old.getLayout().getLegsCount(); l++) {
      if (Legs.inSync(old, l)) continue;
      throw Refusal.conflict(what, "leg " + (l + 1) + " is not in sync", "wait until it is, or drop it", old.getId());
    }
  }

  private static Layout shrunk(Volume old, long size, String confirmed) {
    if (!confirmed.equals(old.getName())) {
      throw Refusal.invalid("Volume " + old.getName() + " does not become smaller yet",
          "what lies past " + FieldRules.bytes(size) + " would be lost, so its name is asked for",
          "if that is meant, say so with: --confirm " + old.getName(), old.getId());
    }
    Layout.Builder layout = old.getLayout().toBuilder();
    for (int l = 0; l < layout.getLegsCount(); l++) {
      LegInfo leg = layout.getLegs(l);
      if (leg.getFilledBytes() > size) layout.setLegs(l, leg.toBuilder().setFilledBytes(size));
    }
    return layout.build();
  }

  private static Layout grown(Transaction t, Volume old, VolumeShape shape, ResizeVolume resize, long size) {
    Pool pool = t.pool(old.getPoolId());
    if (LayoutTail.has(old, pool.getUnitBytes())) {
      throw Refusal.conflict("Volume " + old.getName() + " cannot be resized",
          "it has become smaller, and not every host has gone over to that yet", "wait until they have; see: sluice volume show " + old.getName(), old.getId());
    }
    HostRights.checkAllowance(t, old.getName(), pool.getId(), size - old.getSizeBytes());
    List<Segment> segments;
    if (old.getLayout().getLegsCount() == 0) {
      VolumeSpace.Room room = new VolumeSpace(t.inventory, pool, old.getName(), shape, resize.getAvoidList()).grow(old.getLayout().getSegmentsList(), size);
      t.considered(room.candidates());
      segments = room.segments();
    } else {
      MirrorSpace.Room room = LegPlaces.space(t, old, resize.getAvoidList()).grow(old, size);
      t.considered(room.candidates());
      segments = room.segments();
    }
    Layout.Builder layout = old.getLayout().toBuilder().clearSegments().addAllSegments(segments);
    // never smaller than it was: the slots on the disks show regions of the size they were written with
    if (layout.getLegsCount() > 0) layout.setRegionBytes(Math.max(layout.getRegionBytes(), LayoutRules.regionBytes(size)));
    return layout.build();
  }

  /** Done once, it has nothing to do any more. */
  static void freeTail(Transaction t, FreeTail free) {
    Volume old = t.volume(free.getVolumeId());
    t.about(old.getId());
    LegChange.checkEpoch(old, free.getEpoch(), "The space past the end of volume " + old.getName() + " cannot be freed");
    List<Segment> segments = LayoutTail.cut(old, t.pool(old.getPoolId()).getUnitBytes());
    if (segments.equals(old.getLayout().getSegmentsList())) return;
    long before = old.getLayout().getSegmentsList().stream().mapToLong(Segment::getLengthBytes).sum();
    long after = segments.stream().mapToLong(Segment::getLengthBytes).sum();
    t.put(old.toBuilder().setLayout(old.getLayout().toBuilder().clearSegments().addAllSegments(segments)).build());
    t.event(Severity.INFO, "volume-tail-freed", FieldRules.bytes(before - after) + " past the end of volume " + old.getName()
        + " are free: every host is under the new layout", old.getId());
  }
}
