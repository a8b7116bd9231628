package sluice.server.volumes;

import java.util.HashMap;
import java.util.Map;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoLoop;
import sluice.api.layout.VolumeLayout;
import sluice.core.layout.LayoutMapping;
import sluice.io.IoLoops;
import sluice.io.device.AlignedDevice;
import sluice.io.device.HopDevice;
import sluice.io.device.LayoutDevice;
import sluice.protocol.v1.Volume;
import sluice.server.disks.ServerDisks;

/**
 * One device for each volume that is served, on a loop of its own, so that unaligned writes of all its connections are
 * ordered by one range lock; other loops reach it by a hop. Built on the disks' ports, it outlives their failures. On
 * the control thread.
 */
final class VolumeDevices {
  private static final class Built {
    final long epoch;
    final BlockDevice device;
    final Map<IoLoop, BlockDevice> elsewhere = new HashMap<>();

    Built(long epoch, BlockDevice device) {
      this.epoch = epoch;
      this.device = device;
    }
  }

  private final IoLoops loops;
  private final ServerDisks disks;
  private final Map<String, Built> built = new HashMap<>();

  VolumeDevices(IoLoops loops, ServerDisks disks) {
    this.loops = loops;
    this.disks = disks;
  }

  /** The volume for use on a loop; null if one of its disks is not in the catalog. */
  BlockDevice device(Volume volume, IoLoop on) {
    Built b = built.get(volume.getId());
    if (b == null || b.epoch != volume.getLayout().getEpoch()) {
      if (b != null) b.device.close();
      BlockDevice device = build(volume);
      if (device == null) return null;
      b = new Built(volume.getLayout().getEpoch(), device);
      built.put(volume.getId(), b);
    }
    BlockDevice device = b.device;
    return b.elsewhere.computeIfAbsent(on, loop -> HopDevice.on(loop, device));
  }

  private BlockDevice build(Volume volume) {
    IoLoop loop = loops.next();
    VolumeLayout layout = LayoutMapping.layout(volume);
    BlockDevice[] parts = new BlockDevice[layout.disks().size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = disks.port(layout.disks().get(i), loop);
      if (parts[i] == null) return null;
    }
    return AlignedDevice.of(new LayoutDevice(loop, layout, parts));
  }

  /** Nobody holds the volume any more: its device goes when its last request has. */
  void drop(String volumeId) {
    Built b = built.remove(volumeId);
    if (b != null) b.device.close();
  }

  int size() {
    return built.size();
  }
}
