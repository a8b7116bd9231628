package sluice.testkit.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoLoop;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Rig;
import sluice.testkit.disk.DiskLine;
import sluice.testkit.disk.LineWatch;
import sluice.testkit.disk.SimDisk;
import sluice.testkit.net.Path;
import sluice.testkit.world.SimLoop;

/** Opens lines to disks for one volume of a host. */
final class HostDisks implements DiskOpener {
  /** Sees what goes to which disk. */
  interface Watch {
    void submitted(String diskId, BlockRequest request);

    void settled(BlockRequest request);

    /** Whether it goes to the volume's write intents. */
    boolean isIntent(String diskId, BlockRequest request);
  }

  private static final long NO_ANSWER_NANOS = 1_000_000_000L;

  private final Rig rig;
  private final String hostId;
  private final SimLoop loop;
  private final Watch watch;
  private final List<DiskLine> lines = new ArrayList<>();

  HostDisks(Rig rig, String hostId, SimLoop loop, Watch watch) {
    this.rig = rig;
    this.hostId = hostId;
    this.loop = loop;
    this.watch = watch;
  }

  @Override
  public boolean serves(DiskUri uri) {
    return true;
  }

  @Override
  public CompletionStage<BlockDevice> open(DiskUri uri, IoLoop on, boolean readOnly) {
    CompletableFuture<BlockDevice> opened = new CompletableFuture<>();
    SimDisk disk = null;
    String id = null;
    for (var e : rig.disks().entrySet()) {
      if (!uri.path().equals("/" + e.getValue().id())) continue;
      disk = e.getValue();
      id = e.getKey();
    }
    if (disk == null) throw new IllegalArgumentException("no disk " + uri);
    SimDisk found = disk;
    Path path = rig.hostToDisk(hostId, id);
    boolean answers = path.whole() && found.answers();
    rig.world().after(answers ? 2 * path.delay() : NO_ANSWER_NANOS, () -> loop.execute(() -> {
      if (!answers || !found.powered()) {
        opened.completeExceptionally(new java.io.IOException(found + " does not answer"));
        return;
      }
      BlockDevice line = line(found, id(found), path);
      opened.complete(line);
    }));
    return opened;
  }

  private LineWatch watched(String id) {
    return new LineWatch() {
      @Override
      public void submitted(BlockRequest request) {
        watch.submitted(id, request);
      }

      @Override
      public void settled(BlockRequest request) {
        watch.settled(request);
      }
    };
  }

  private String id(SimDisk disk) {
    for (var e : rig.disks().entrySet()) if (e.getValue() == disk) return e.getKey();
    throw new IllegalArgumentException("disk " + disk);
  }

  private BlockDevice line(SimDisk disk, String id, Path path) {
    DiskLine line = new DiskLine(disk, loop, path, watched(id), () -> {});
    lines.removeIf(DiskLine::isLost);
    lines.add(line);
    boolean flawed = rig.has(Flaw.DROPS_INTENTS) || rig.has(Flaw.LETS_DOUBTFUL_WRITES_BE_OVERTAKEN);
    return flawed ? new FlawedLine(rig, line, r -> watch.isIntent(id, r)) : line;
  }

  /** The host has died. */
  void abandon() {
    lines.forEach(DiskLine::abandon);
  }

  /** The host's connections to disks break. */
  void reset() {
    for (DiskLine line : List.copyOf(lines)) if (!line.isLost()) line.drop();
  }
}
