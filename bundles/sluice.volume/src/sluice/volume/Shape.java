package sluice.volume;

import java.util.ArrayList;
import java.util.List;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoLoop;
import sluice.api.layout.LegRole;
import sluice.api.layout.VolumeLayout;
import sluice.io.device.LayoutDevice;
import sluice.volume.intent.IntentArea;
import sluice.volume.mirror.MirrorLeg;

/**
 * A layout with the devices that it takes.
 *
 * @param devices for each leg of the layout; null for a stale one
 * @param legs those that are not stale
 * @param areas their write intents; empty for a volume of one leg
 */
record Shape(VolumeLayout layout, List<LayoutDevice> devices, List<MirrorLeg> legs, List<IntentArea> areas) {
  /** What the engine offers, whatever the disks could do: it does not change when a leg comes in. */
  static final int ALIGNMENT = 4096;

  /** @throws IllegalArgumentException if the layout does not fit its disks */
  static Shape of(IoLoop loop, VolumeLayout layout, VolumeEngine.Disks disks) {
    BlockDevice[] all = layout.disks().stream().map(disks::disk).toArray(BlockDevice[]::new);
    List<LayoutDevice> devices = new ArrayList<>();
    List<MirrorLeg> legs = new ArrayList<>();
    List<IntentArea> areas = new ArrayList<>();
    boolean mirrored = layout.legs().size() > 1;
    if (mirrored && layout.regionBytes() == 0) throw new IllegalArgumentException("legs without write intents");
    for (int i = 0; i < layout.legs().size(); i++) {
      LegRole role = layout.legs().get(i);
      if (role.state() == LegRole.State.STALE) {
        devices.add(null);
        continue;
      }
      LayoutDevice device = new LayoutDevice(loop, layout, i, all);
      devices.add(device);
      legs.add(new MirrorLeg(role, device));
      if (!mirrored) continue;
      if (role.intents() == null) throw new IllegalArgumentException("leg " + role.id() + " has no write intents");
      BlockDevice disk = all[layout.disks().indexOf(role.intents().disk())];
      areas.add(new IntentArea(role.id(), role.state() == LegRole.State.IN_SYNC, disk, role.intents()));
    }
    return new Shape(layout, devices, legs, areas);
  }

  boolean mirrored() {
    return layout.legs().size() > 1;
  }

  boolean allInSync() {
    return layout.legs().stream().allMatch(l -> l.state() == LegRole.State.IN_SYNC);
  }

  List<String> legIds() {
    return legs.stream().map(MirrorLeg::id).toList();
  }

  /** @param readOnly because there is no slot to mark changes in */
  BlockTraits traits(boolean readOnly) {
    boolean zeroes = true;
    boolean trim = false;
    boolean rotational = false;
    boolean fixed = true;
    int preferred = ALIGNMENT;
    for (MirrorLeg leg : legs) {
      BlockTraits t = leg.device().traits();
      zeroes &= t.zeroes();
      trim |= t.trim();
      rotational |= t.rotational();
      fixed &= t.readOnly();
      preferred = Math.max(preferred, t.preferred());
    }
    return new BlockTraits(layout.size(), ALIGNMENT, preferred, readOnly || fixed, trim, zeroes, rotational);
  }
}
