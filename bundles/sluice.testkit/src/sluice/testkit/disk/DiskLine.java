package sluice.testkit.disk;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.io.device.RequestCheck;
import sluice.testkit.net.Path;
import sluice.testkit.world.Chance;
import sluice.testkit.world.SimLoop;

/**
 * One party's connection to a disk. Requests arrive, take effect and are answered at times of chance, so those that are under
 * way together take effect in any order. A line that is lost ends its requests with ENXIO once they can have no further
 * effect (invariant 8); some have had theirs.
 */
public final class DiskLine implements BlockDevice {
  /** What a process that died had sent takes effect within this time or never. */
  public static final long GHOST_NANOS = 2_000_000;
  private static final long RESET_NANOS = 20_000_000;

  private final SimDisk disk;
  private final SimLoop loop;
  private final Path path;
  private final Runnable whenLost;
  private final LineWatch watch;
  private final BlockTraits traits;
  private final Set<Sent> sent = new LinkedHashSet<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private boolean lost;
  private boolean closing;

  /** @param whenLost on the loop */
  public DiskLine(SimDisk disk, SimLoop loop, Path path, LineWatch watch, Runnable whenLost) {
    this.disk = disk;
    this.loop = loop;
    this.path = path;
    this.watch = watch;
    this.whenLost = whenLost;
    traits = new BlockTraits(disk.platter().size(), Platter.PAGE, Platter.PAGE, false, false, true, false);
    disk.join(this);
  }

  private static final class Sent {
    final BlockRequest request;
    final BlockOp op;
    final long offset;
    final long length;
    final boolean fua;
    byte[] data;
    int error;
    /** Nothing more comes of it. */
    boolean over;

    Sent(BlockRequest r) {
      request = r;
      op = r.op;
      offset = r.offset;
      length = r.length;
      fua = r.fua();
      if (op.hasPayload()) data = new byte[(int) length];
      if (op == BlockOp.WRITE) r.buffer.bytes().get(r.bufferIndex, data);
    }
  }

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
    int error = closing ? IoError.ESHUTDOWN : lost ? IoError.ENXIO : RequestCheck.error(request, traits);
    if (error != IoError.OK || RequestCheck.empty(request)) {
      request.completed(error);
      return;
    }
    watch.submitted(request);
    Sent s = new Sent(request);
    sent.add(s);
    disk.world().after(path.delay(), () -> arrive(s));
  }

  private void arrive(Sent s) {
    if (s.over) return;
    if (path.isCut(Path.THERE)) {
      path.pass(Path.THERE, () -> arrive(s));
    } else if (disk.hanging()) {
      disk.park(() -> arrive(s));
    } else {
      // The least that a flush promises: what had been completed when it came.
      if (s.op == BlockOp.FLUSH) disk.platter().flush();
      disk.world().after(disk.service(), () -> effect(s));
    }
  }

  private void effect(Sent s) {
    if (s.over) return;
    if (disk.hanging()) {
      disk.park(() -> effect(s));
      return;
    }
    if (disk.failsNow()) {
      s.error = IoError.EIO;
      if (s.op.changesData() && disk.world().chance().is(0.5)) tear(s);
    } else {
      act(s);
    }
    disk.world().after(path.delay(), () -> answer(s));
  }

  private void act(Sent s) {
    switch (s.op) {
      case READ -> disk.platter().read(s.offset, s.data);
      case WRITE, WRITE_ZEROES -> disk.platter().write(s.offset, s.length, s.data, s.fua);
      default -> {}
    }
    disk.world().trace(() -> loop + " " + disk + " " + s.op + " " + s.offset / Platter.PAGE + "+" + s.length / Platter.PAGE
        + (s.op == BlockOp.WRITE ? " = " + Long.toHexString(disk.platter().stamp(s.offset)) : ""));
  }

  private void tear(Sent s) {
    if (s.op != BlockOp.TRIM) disk.platter().tear(s.offset, s.length, s.data, disk.world().chance());
    disk.world().trace(() -> loop + " " + disk + " tears " + s.op + " " + s.offset / Platter.PAGE + "+" + s.length / Platter.PAGE);
  }

  private void answer(Sent s) {
    if (s.over) return;
    if (path.isCut(Path.BACK)) path.pass(Path.BACK, () -> answer(s));
    else end(s, s.error);
  }

  private void end(Sent s, int error) {
    s.over = true;
    sent.remove(s);
    watch.settled(s.request);
    loop.execute(() -> {
      if (error == IoError.OK && s.op == BlockOp.READ) s.request.buffer.bytes().put(s.request.bufferIndex, s.data);
      s.request.completed(error);
      if (closing && sent.isEmpty()) ended();
    });
  }

  /** The connection breaks: what is under way has its effect now, in part, or never. */
  void lost(Chance chance) {
    if (lost) return;
    lost = true;
    disk.leave(this);
    for (Sent s : List.copyOf(sent)) {
      int kind = chance.below(3);
      if (s.op.changesData() && s.error == IoError.OK && kind == 0) act(s);
      else if (s.op.changesData() && s.error == IoError.OK && kind == 1) tear(s);
      s.over = true;
      watch.settled(s.request);
    }
    List<Sent> ended = List.copyOf(sent);
    disk.world().after(chance.between(0, RESET_NANOS), () -> {
      for (Sent s : ended) end(s, IoError.ENXIO);
      loop.execute(whenLost);
    });
  }

  /** Whose it was has died. */
  public void abandon() {
    lost = true;
    disk.leave(this);
    for (Sent s : sent) if (disk.world().chance().is(0.5)) s.over = true;
    disk.world().after(GHOST_NANOS, () -> sent.forEach(s -> s.over = true));
  }

  public boolean isLost() {
    return lost;
  }

  /** The owner gives the line up, as after a silence: its requests end when they are settled. */
  public void drop() {
    lost(disk.world().chance());
  }

  /** What has not had its effect by now has none. */
  @Override
  public void cut(long settleNanos) {
    drop();
  }

  @Override
  public CompletionStage<Void> close() {
    closing = true;
    if (sent.isEmpty()) ended();
    return closed.minimalCompletionStage();
  }

  private void ended() {
    disk.leave(this);
    closed.complete(null);
  }

  @Override
  public String toString() {
    return "disk " + disk;
  }
}
