package sluice.testkit.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.io.device.DeviceIo;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Rig;
import sluice.testkit.disk.DiskLine;
import sluice.testkit.disk.LineWatch;
import sluice.testkit.disk.Platter;
import sluice.testkit.disk.SimDisk;
import sluice.testkit.net.Path;
import sluice.testkit.world.SimLoop;

/**
 * One disk as the server has it: kept open, looked at now and then, and a port that ends requests with ENXIO while it cannot be
 * reached. As in production, a disk that hangs is offline, and its requests stay until they are settled.
 */
final class DiskWatch implements BlockDevice {
  private static final long LOOK_NANOS = 1_000_000_000L;
  private static final long DEADLINE_NANOS = 1_000_000_000L;
  private static final long OPEN_NANOS = 300_000_000L;

  /** Told on the loop. */
  interface Listener {
    void disk(String diskId, boolean online, String reason);
  }

  private final Rig rig;
  private final String diskId;
  private final SimDisk disk;
  private final Path path;
  private final SimLoop loop;
  private final Listener listener;
  private final BlockTraits traits;
  private final List<DiskLine> lines = new ArrayList<>();
  private DiskLine line;
  private boolean online;
  private boolean looking;
  private boolean told;

  DiskWatch(Rig rig, String diskId, SimLoop loop, Listener listener) {
    this.rig = rig;
    this.diskId = diskId;
    this.loop = loop;
    this.listener = listener;
    disk = rig.disk(diskId);
    path = rig.serverToDisk(diskId);
    traits = new BlockTraits(disk.platter().size(), Platter.PAGE, Platter.PAGE, false, false, true, false);
    loop.execute(this::open);
  }

  boolean online() {
    return online;
  }

  /** Has the server said how it is? */
  boolean known() {
    return told;
  }

  /** A line of it would be lost with the disk's power, or the server has said that the disk is offline. */
  boolean watched() {
    return line != null || told;
  }

  private void open() {
    boolean answers = path.whole() && disk.answers();
    rig.world().after(answers ? 2 * path.delay() : OPEN_NANOS, () -> loop.execute(() -> {
      if (answers && disk.powered()) opened();
      else {
        become(false, "it does not answer");
        loop.schedule(OPEN_NANOS, this::open);
      }
    }));
  }

  private void opened() {
    DiskLine[] mine = new DiskLine[1];
    mine[0] = new DiskLine(disk, loop, path, LineWatch.NONE, () -> lost(mine[0]));
    line = mine[0];
    lines.removeIf(DiskLine::isLost);
    lines.add(line);
    become(true, "");
    loop.schedule(LOOK_NANOS, () -> look(mine[0]));
  }

  private void lost(DiskLine which) {
    if (line != which) return;
    line = null;
    become(false, "its connection was lost");
    open();
  }

  /** One look at a time; one that hangs makes it offline, and when it ends after all the disk is there again. */
  private void look(DiskLine at) {
    if (line != at || looking) return;
    looking = true;
    boolean[] over = {false};
    loop.schedule(DEADLINE_NANOS, () -> {
      if (!over[0] && line == at) become(false, "no answer in time");
    });
    DeviceIo.read(at, 0, Platter.PAGE).whenComplete((bytes, failure) -> {
      over[0] = true;
      looking = false;
      if (line != at) return;
      if (failure == null) become(true, "");
      loop.schedule(LOOK_NANOS, () -> look(at));
    });
  }

  /** Reads something by the line that there is. @param answer empty: it has answered; otherwise why not */
  void look(Consumer<String> answer) {
    if (rig.has(Flaw.TRUSTS_DISKS_THAT_WERE_AWAY)) {
      loop.execute(() -> answer.accept(""));
      return;
    }
    DiskLine at = line;
    if (at == null || !online) {
      loop.execute(() -> answer.accept("it is not online"));
      return;
    }
    DeviceIo.read(at, 0, Platter.PAGE).whenComplete((bytes, failure) -> loop.execute(
        () -> answer.accept(failure != null ? failure.toString() : line == at && online ? "" : "it was lost meanwhile")));
  }

  private void become(boolean is, String reason) {
    if (online == is && is) return;
    if (online != is) rig.world().trace(() -> loop + " sees " + disk + (is ? " online" : " offline: " + reason));
    online = is;
    told = true;
    listener.disk(diskId, is, reason);
  }

  /** The server has died. */
  void abandon() {
    lines.forEach(DiskLine::abandon);
  }

  // ---- as a port

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return traits;
  }

  @Override
  public void submit(BlockRequest request) {
    boolean lies = rig.has(Flaw.ACKNOWLEDGES_FAILED_LEG) && request.op.changesData();
    if (line == null || !online) request.completed(lies ? IoError.OK : IoError.ENXIO);
    else if (lies) line.submit(new Lie(request));
    else if (rig.has(Flaw.ACKNOWLEDGES_UNSTABLE) && request.op.changesData() && request.fua()) line.submit(new Unstable(request));
    else line.submit(request);
  }

  /** Left in the disk's cache. */
  private static final class Unstable extends BlockRequest {
    private final BlockRequest of;

    Unstable(BlockRequest of) {
      this.of = of;
      set(of.op, of.flags & ~FUA, of.offset, of.length);
      buffer = of.buffer;
      bufferIndex = of.bufferIndex;
    }

    @Override
    public void completed(int error) {
      of.completed(error);
    }
  }

  private static final class Lie extends BlockRequest {
    private final BlockRequest of;

    Lie(BlockRequest of) {
      this.of = of;
      set(of.op, of.flags, of.offset, of.length);
      buffer = of.buffer;
      bufferIndex = of.bufferIndex;
    }

    @Override
    public void completed(int error) {
      of.completed(IoError.OK);
    }
  }

  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public String toString() {
    return "the server's " + disk;
  }
}
