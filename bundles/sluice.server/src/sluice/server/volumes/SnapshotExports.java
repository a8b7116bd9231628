package sluice.server.volumes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.catalog.CatalogEngine;
import sluice.io.device.AlignedDevice;
import sluice.io.device.HopDevice;
import sluice.nbd.Export;
import sluice.nbd.ExportResult;
import sluice.nbd.MetaContext;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.Volume;
import sluice.volume.snapshot.SnapshotView;

/**
 * The pseudo-devices: {@code VOLUME@SNAPSHOT}, read only, for each host with a grant of the volume, with a {@code qemu:dirty-bitmap:}
 * for each earlier snapshot of it. On the control thread.
 */
final class SnapshotExports {
  private static final Pattern NAME = Pattern.compile("([a-z0-9][a-z0-9._-]{0,63})@([a-z0-9][a-z0-9._-]{0,63})");

  private final Executor control;
  private final CatalogEngine engine;
  private final ServedVolumes volumes;

  SnapshotExports(Executor control, CatalogEngine engine, ServedVolumes volumes) {
    this.control = control;
    this.engine = engine;
    this.volumes = volumes;
  }

  static boolean isSnapshot(String export) {
    return export.indexOf('@') >= 0;
  }

  /** Refused with no more than a reason for the log: a volume that is not granted is one that does not exist (invariant 9). */
  CompletionStage<ExportResult> lookup(String hostId, String export, IoLoop loop) {
    Volume volume = volume(export);
    Snapshot snapshot = volume == null ? null : snapshot(volume, export);
    if (snapshot == null || !granted(volume, hostId)) return CompletableFuture.completedFuture(ExportResult.refused("no such snapshot, or not granted"));
    ServedVolume served = volumes.of(volume);
    if (served == null) return CompletableFuture.completedFuture(ExportResult.refused("a disk of the volume is missing"));
    return served.view(snapshot.getNumber(), snapshot.getSizeBytes()).thenApplyAsync(view -> {
      if (view == null) return ExportResult.refused("its map is still being read, or it is being deleted");
      BlockDevice device = HopDevice.on(loop, AlignedDevice.of(view));
      List<MetaContext> contexts = new ArrayList<>();
      for (Snapshot s : volume.getSnapshotsList()) {
        if (s.getNumber() < snapshot.getNumber()) contexts.add(new DirtyBitmap(s.getName(), s.getNumber(), s.getSizeBytes(), view, loop));
      }
      return ExportResult.granted(Export.of(device).withReadOnly(true).withContexts(contexts)
          .withDescription("snapshot " + snapshot.getName() + " of Sluice volume " + volume.getName()));
    }, control);
  }

  /** Whether a connection to the export may go on. */
  boolean stands(String hostId, String export) {
    Volume volume = volume(export);
    return volume != null && granted(volume, hostId) && snapshot(volume, export) != null;
  }

  private Volume volume(String export) {
    Matcher m = NAME.matcher(export);
    if (!m.matches()) return null;
    return engine.read(v -> v.volume(m.group(1)).or(() -> v.volumeByName(m.group(1)))).orElse(null);
  }

  private static Snapshot snapshot(Volume volume, String export) {
    String name = export.substring(export.indexOf('@') + 1);
    for (Snapshot s : volume.getSnapshotsList()) if (s.getName().equals(name)) return s;
    return null;
  }

  private static boolean granted(Volume volume, String hostId) {
    return volume.getGrantsList().stream().anyMatch(g -> g.getHostId().equals(hostId));
  }

  /** What changed since an earlier snapshot, as qemu names and flags it. */
  private record DirtyBitmap(String earlier, long number, long size, SnapshotView view, IoLoop loop) implements MetaContext {
    @Override
    public String name() {
      return "qemu:dirty-bitmap:" + earlier;
    }

    @Override
    public void status(long offset, long length, StatusSink sink) {
      view.loop().execute(() -> {
        List<long[]> ranges = new ArrayList<>();
        int[] error = {IoError.OK};
        view.changedSince(number, size, offset, length, new StatusSink() {
          @Override
          public void range(long bytes, int flags) {
            ranges.add(new long[] {bytes, flags});
          }

          @Override
          public void completed(int how) {
            error[0] = how;
          }
        });
        loop.execute(() -> {
          for (long[] r : ranges) sink.range(r[0], (int) r[1]);
          sink.completed(error[0]);
        });
      });
    }
  }
}
