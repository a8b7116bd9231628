package sluice.volume.mirror;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongUnaryOperator;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.io.device.RangeLock;
import sluice.volume.intent.IntentLog;

/**
 * Requests on the legs of a volume.
 *
 * <p>A change waits for those it overlaps, so that all legs see them in the same order; then for its regions to be marked; then
 * goes to every leg it has to reach, and ends well when it has ended well on each. A read goes to one leg in sync, and on
 * an error to the next. A change or flush that a leg failed and another took ends with an error, or is held with its range
 * locked until somebody has decided (invariant 1). TRIM goes out as WRITE_ZEROES where disks do that quickly, and
 * otherwise not at all: what a trimmed range holds is the disk's affair, and legs may not differ in it.
 */
public final class Mirror implements IntentLog.Events {
  /** Who is told; on the loop. */
  public interface Watcher {
    void legFailed(String legId, String diskId, int error);

    /** Something has ended: it may be what somebody waits for. */
    void ended();
  }

  private final IoLoop loop;
  private final boolean hold;
  private final Watcher watcher;
  private final LegChoice choice;
  private final RangeLock lock = new RangeLock();
  private final Window window = new Window();
  private final LongUnaryOperator oldest = this::oldestOut;
  private final IoList active = new IoList();
  private final BlockRequest ownFlush = new BlockRequest() {
    @Override
    public void completed(int error) {
      flushing = false;
    }
  };
  private List<MirrorLeg> legs = List.of();
  private IntentLog log;
  private MirrorIo freeIos;
  private LegPart freeParts;
  /** Parts of legs that were given up. */
  private int given;
  private long sent;
  /** While parts are being sent the legs must stay what they are. */
  private int sending;
  private boolean paused;
  private boolean closing;
  private boolean flushing;

  /** @param hold what becomes of a change that a leg failed: true held, false an error */
  public Mirror(IoLoop loop, boolean hold, Watcher watcher) {
    this.loop = loop;
    choice = new LegChoice(loop);
    this.hold = hold;
    this.watcher = watcher;
    ownFlush.set(BlockOp.FLUSH, 0, 0, 0);
  }

  public RangeLock lock() {
    return lock;
  }

  public Window window() {
    return window;
  }

  // ---- requests

  /** One that has been checked. */
  public void submit(BlockRequest request) {
    MirrorIo io = freeIos;
    if (io == null) io = new MirrorIo(this);
    else freeIos = io.after;
    io.begin(request);
    active.add(io);
    switch (request.op) {
      case READ, CACHE -> read(io);
      case FLUSH -> flush(io);
      case WRITE, WRITE_ZEROES -> change(io);
      case TRIM -> {
        io.op = BlockOp.WRITE_ZEROES;
        if (quickZeroes()) change(io);
        else finish(io, IoError.OK);
      }
    }
  }

  private boolean quickZeroes() {
    for (int i = 0; i < legs.size(); i++) if (!legs.get(i).device.traits().zeroes()) return false;
    return true;
  }

  private void change(MirrorIo io) {
    if (!hold && window.touches(io.parent)) {
      finish(io, IoError.ESTALE);
      return;
    }
    io.step = MirrorIo.Step.LOCKING;
    if (lock.acquire(io.range, io.parent.offset, io.parent.end(), true)) locked(io);
  }

  void locked(MirrorIo io) {
    io.locked = true;
    begin(io);
    mark(io);
  }

  private void begin(MirrorIo io) {
    if (log == null) return;
    io.regions((int) (io.parent.offset / log.regionBytes()), (int) ((io.parent.end() - 1) / log.regionBytes()));
    log.begin(io.first, io.last);
  }

  private void mark(MirrorIo io) {
    io.afresh();
    if (paused) {
      io.step = MirrorIo.Step.PARKED;
      return;
    }
    io.step = MirrorIo.Step.MARKING;
    if (log == null || log.covers(io.first, io.last)) issue(io);
    else log.await(io.waiter);
  }

  void marked(MirrorIo io, int error, boolean elsewhere) {
    if (paused) io.step = MirrorIo.Step.PARKED;
    else if (error == IoError.OK) issue(io);
    else if (elsewhere) legFailed(io, error);
    else finish(io, error);
  }

  private void issue(MirrorIo io) {
    if (!hold && window.touches(io.parent)) {
      finish(io, IoError.ESTALE);
      return;
    }
    io.number = ++sent;
    io.touched = true;
    send(io);
  }

  private void flush(MirrorIo io) {
    io.afresh();
    if (log != null) io.flush = log.flushBegins();
    send(io);
  }

  private void send(MirrorIo io) {
    io.step = MirrorIo.Step.OUT;
    // One for this method, so that parts which end at once do not end the request before all are out.
    io.out = 1;
    sending++;
    for (int i = 0; i < legs.size(); i++) {
      MirrorLeg leg = legs.get(i);
      if (!leg.inSync() && io.change() && !window.reaches(io.parent)) continue;
      if (leg.lost != IoError.OK) io.addFailed(leg, leg.lost, leg.lostDisk);
      else send(io, leg);
    }
    sending--;
    if (--io.out == 0) settled(io);
    else if (paused) watcher.ended();
  }

  private void send(MirrorIo io, MirrorLeg leg) {
    LegPart part = freeParts;
    if (part == null) part = new LegPart(this);
    else freeParts = part.nextFree;
    BlockRequest parent = io.parent;
    part.leg = leg;
    part.io = io;
    part.mark = leg.mark();
    part.set(io.op, parent.flags, parent.offset, parent.length);
    part.buffer = parent.buffer;
    part.bufferIndex = parent.bufferIndex;
    io.add(leg, part);
    leg.queue++;
    leg.device.submit(part);
  }

  private void read(MirrorIo io) {
    MirrorLeg leg = choice.choose(legs, io);
    if (leg == null) {
      finish(io, io.result(0));
      return;
    }
    io.step = MirrorIo.Step.OUT;
    leg.readTo = io.parent.end();
    send(io, leg);
  }

  // ---- how they end

  void ended(LegPart part, int error) {
    MirrorLeg leg = part.leg;
    MirrorIo io = part.io;
    leg.queue--;
    String disk = null;
    if (error == IoError.OK) {
      leg.worked(part);
    } else {
      disk = leg.device.failedDisk();
      leg.failed(error);
    }
    if (io == null) {
      given--;
      Runnable memory = part.memory;
      recycle(part);
      if (memory != null) memory.run();
      watcher.ended();
      return;
    }
    io.result(part, error, disk);
    recycle(part);
    if (io.out == 0) settled(io);
    else if (paused) watcher.ended();
  }

  private void recycle(LegPart part) {
    part.leg = null;
    part.io = null;
    part.buffer = null;
    part.memory = null;
    part.nextFree = freeParts;
    freeParts = part;
  }

  /** Nothing of it is under way any more. */
  private void settled(MirrorIo io) {
    if (io.op == BlockOp.READ || io.op == BlockOp.CACHE) {
      int last = io.count - 1;
      if (io.result(last) == IoError.OK) {
        finish(io, IoError.OK);
      } else {
        choice.avoid(io.leg(last));
        read(io);
      }
      return;
    }
    int error = IoError.OK;
    boolean taken = false;
    for (int i = 0; i < io.count; i++) {
      if (io.result(i) == IoError.OK) taken |= io.leg(i).inSync();
      else if (error == IoError.OK) error = io.result(i);
    }
    if (error == IoError.OK) well(io);
    else if (!taken) finish(io, inSyncError(io, error));
    else legFailed(io, error);
  }

  /** What a leg in sync said, if one failed: that counts. */
  private static int inSyncError(MirrorIo io, int error) {
    for (int i = 0; i < io.count; i++) if (io.leg(i).inSync() && io.result(i) != IoError.OK) return io.result(i);
    return error;
  }

  private void well(MirrorIo io) {
    if (io.op == BlockOp.FLUSH && log != null) log.flushed(io.flush);
    finish(io, IoError.OK);
  }

  /** One leg failed it, another took it. */
  private void legFailed(MirrorIo io, int error) {
    for (int i = 0; i < io.count; i++) {
      if (io.result(i) == IoError.OK) continue;
      notice(io.leg(i), io.disk(i), io.result(i));
      // Told once is enough where the request goes another way; where it is held, so is the doubt.
      if (!hold) choice.told(io.leg(i));
    }
    if (paused || hold && !closing) {
      io.step = MirrorIo.Step.HELD;
      watcher.ended();
    } else {
      // What is wrong with one leg is not wrong with the request: another way may do.
      finish(io, IoError.redirectable(error) ? error : IoError.EIO);
    }
  }

  private void notice(MirrorLeg leg, String disk, int error) {
    boolean first = leg.noticeError == IoError.OK;
    leg.noticeError = error;
    leg.noticeDisk = disk;
    if (!first) return;
    loop.execute(() -> {
      int told = leg.noticeError;
      leg.noticeError = IoError.OK;
      watcher.legFailed(leg.id(), leg.noticeDisk, told);
    });
  }

  private void finish(MirrorIo io, int error) {
    active.remove(io);
    BlockRequest parent = io.parent;
    if (io.locked) {
      if (log != null) log.end(io.first, io.last, error == IoError.OK || !io.touched);
      lock.release(io.range);
    }
    boolean change = io.touched;
    long number = io.number;
    io.forget();
    io.after = freeIos;
    freeIos = io;
    parent.completed(error);
    if (change) window.ended(oldest, number);
    watcher.ended();
  }

  /** Number of the oldest change that is out and begins before that offset; {@link Long#MAX_VALUE} if there is none. */
  private long oldestOut(long end) {
    long oldest = Long.MAX_VALUE;
    for (MirrorIo io = active.first(); io != null; io = io.after) {
      if (io.step == MirrorIo.Step.OUT && io.change() && io.parent.offset < end) oldest = Math.min(oldest, io.number);
    }
    return oldest;
  }

  /** The new window's stage: completes when no change that is out now begins before its end. */
  public CompletionStage<Void> window(long start, long end) {
    return window.set(start, end, hold ? 0 : sent, oldest);
  }

  // ---- the log's

  @Override
  public void markFailed(String leg, String disk, int error) {
    for (MirrorLeg l : legs) if (l.id().equals(leg)) notice(l, disk, error);
  }

  @Override
  public void flushWanted() {
    if (flushing || paused || closing) return;
    flushing = true;
    submit(ownFlush);
  }

  @Override
  public void ended() {
    watcher.ended();
  }

  // ---- held, paused, changed

  public void retryHeld() {
    for (MirrorLeg leg : legs) choice.told(leg);
    if (paused) return;
    List<MirrorIo> all = active.copy();
    all.removeIf(io -> io.step != MirrorIo.Step.HELD);
    for (MirrorIo io : all) io.step = MirrorIo.Step.PARKED;
    for (MirrorIo io : all) again(io);
  }

  public void failHeld(int error) {
    List<MirrorIo> all = active.copy();
    all.removeIf(io -> io.step != MirrorIo.Step.HELD);
    for (MirrorIo io : all) io.step = MirrorIo.Step.ENDING;
    for (MirrorIo io : all) finish(io, error);
  }

  private void again(MirrorIo io) {
    if (io.step != MirrorIo.Step.PARKED) return;
    switch (io.op) {
      case READ, CACHE -> {
        io.afresh();
        read(io);
      }
      case FLUSH -> flush(io);
      default -> mark(io);
    }
  }

  /** From now on nothing goes out but reads that a leg failed and another may have. */
  public void pause() {
    paused = true;
  }

  /** Whether nothing of any request is under way on these legs. */
  public boolean quietOn(Collection<String> ids) {
    if (sending > 0) return false;
    for (MirrorLeg leg : legs) if (leg.queue > 0 && ids.contains(leg.id())) return false;
    return true;
  }

  /** While paused: the legs are others now. What is under way on those that are gone is waited for by nobody any more. */
  public void change(List<MirrorLeg> next, IntentLog nextLog) {
    List<MirrorIo> all = active.copy();
    for (MirrorIo io : all) if (io.step == MirrorIo.Step.OUT) giveUp(io);
    legs = next;
    if (log == nextLog) return;
    log = nextLog;
    for (MirrorIo io : all) {
      io.flush = 0;
      if (io.locked) begin(io);
    }
  }

  private void giveUp(MirrorIo io) {
    for (int i = 0; i < io.count; i++) {
      LegPart part = io.give(i);
      if (part == null) continue;
      part.io = null;
      given++;
      if (part.buffer != null) part.memory = io.op == BlockOp.READ ? exchange(io) : part.buffer.keep();
    }
    io.out = 0;
    io.step = MirrorIo.Step.HELD;
  }

  /** What hangs may still be written to the memory that it was given: the read goes on in other memory. */
  private Runnable exchange(MirrorIo io) {
    BlockRequest parent = io.parent;
    IoBuffer old = parent.buffer;
    try {
      parent.buffer = loop.buffers().take((int) (Math.max(0, parent.bufferIndex - IoBuffer.HEADROOM) + parent.length));
      return old::release;
    } catch (RuntimeException e) {
      // It ends with an error, and its owner may release the memory but not use it: nobody looks at it after an error.
      io.noMemory = true;
      return old.keep();
    }
  }

  /** Everything goes on, under the legs there are now. */
  public void resume() {
    paused = false;
    List<MirrorIo> all = new ArrayList<>();
    for (MirrorIo io : active.copy()) {
      if (io.step == MirrorIo.Step.LOCKING) continue;
      io.step = wellEverywhere(io) || io.noMemory ? MirrorIo.Step.ENDING : MirrorIo.Step.PARKED;
      all.add(io);
    }
    for (MirrorIo io : all) {
      if (io.step == MirrorIo.Step.PARKED) again(io);
      else if (io.step != MirrorIo.Step.ENDING) continue;
      else if (io.noMemory) finish(io, IoError.ENOMEM);
      else well(io);
    }
  }

  /** Whether it ended well on every leg that counts now. */
  private boolean wellEverywhere(MirrorIo io) {
    if (io.op == BlockOp.READ || io.op == BlockOp.CACHE || io.count == 0) return false;
    for (MirrorLeg leg : legs) if ((leg.inSync() || io.sentTo(leg.id())) && !io.wellOn(leg.id())) return false;
    return true;
  }

  // ---- what there is

  public void close() {
    closing = true;
    failHeld(IoError.ESHUTDOWN);
  }

  /** Requests that have something on disks, or on its way there. */
  public int underWay() {
    int n = 0;
    for (MirrorIo io = active.first(); io != null; io = io.after) {
      if (io.step == MirrorIo.Step.OUT || io.step == MirrorIo.Step.MARKING) n++;
    }
    return n;
  }

  /** Whether a change waits here for a leg to be judged, or to go on: one leg may have it already. */
  public boolean holds() {
    for (MirrorIo io = active.first(); io != null; io = io.after) if (io.step == MirrorIo.Step.HELD || io.step == MirrorIo.Step.PARKED) return true;
    return false;
  }

  public boolean isEmpty() {
    return active.isEmpty() && given == 0;
  }

  /** As the best leg sees it; another one if that one fails before it has said anything. */
  public void status(long offset, long length, StatusSink sink) {
    MirrorLeg leg = choice.choose(legs, null);
    leg.device.status(offset, length, new LegStatus(legs, leg, offset, length, sink));
  }
}
