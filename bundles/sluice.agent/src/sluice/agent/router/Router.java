package sluice.agent.router;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.layout.VolumeLayout;
import sluice.api.route.Route;
import sluice.api.route.RouteKind;
import sluice.core.redirect.RedirectPolicy;

/**
 * A volume by two ways: picks one for each request, and lets nobody above notice when that has to change.
 *
 * <p>Rules (design page, section 5 "Redirect", invariants 8 and 10):
 * <ul>
 * <li>An error that another way may not have sends the request the other way at once.
 * <li>A read (and FLUSH, CACHE) without an answer by its deadline goes the other way at once, into fresh memory; what the
 *     first way still writes goes into memory that nobody looks at, released when that way has answered.
 * <li>A change without an answer by its deadline is in doubt: it stays with its way until that way settles it. Newer changes
 *     that overlap it wait; nothing else does. Neither may a newer change overtake an older one that overlaps it and is
 *     under way by the other way.
 * <li>While neither way is good, requests wait and are tried again, up to {@link RouterTimes#total()}; then they fail
 *     with EIO if a medium failed, otherwise with what the ways said. A medium that fails by both ways fails the request at once.
 * <li>A change that the direct way does not take, because it touches the window of a recovery (invariant 5), goes by the server.
 * <li>FLUSH goes by the way in use, and before that by the other one if changes went that way since its last FLUSH and it
 *     can be reached. If it cannot, flushing by the way in use is what there is: both end at the same disks.
 * </ul>
 *
 * <p>A READ's buffer may be another one after completion ({@link BlockRequest#buffer}), so whoever stacks a device on a
 * router must not split one buffer among several reads. At most {@link #MAX_WAITING} requests wait at the gate or for a
 * way; more end with ENOMEM (the export's own limits come first).
 */
public final class Router implements BlockDevice {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  /** Requests at the gate, held or waiting. */
  public static final int MAX_WAITING = 4096;

  private final String name;
  private final IoLoop loop;
  private volatile BlockTraits traits;
  private final RouterTimes times;
  private final RouterListener listener;
  private final Deadlines deadlines;
  private final Gate gate = new Gate();
  private final FlushMarks marks = new FlushMarks();
  private final PreservedChunks preserved = new PreservedChunks();
  private final Changes changes = new Changes();
  private final IoQueue gated = new IoQueue();
  private final IoQueue held = new IoQueue();
  private final IoQueue waiting = new IoQueue();
  private final IoQueue free = new IoQueue();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final Ways ways;
  private final DirectWork direct;
  private final Abandoned abandoned;
  private Attempt freeAttempts;
  private int attempts;
  private int users;
  private long arrivals;
  private boolean watchingLease;
  private boolean closing;
  private boolean releasing;
  private boolean releaseAgain;

  /**
   * @param name of the volume, for logs
   * @param traits as its users see it; the alignment must suit every route
   */
  public Router(String name, IoLoop loop, BlockTraits traits, RouterTimes times, RedirectPolicy policy, RouterListener listener) {
    this.name = name;
    this.loop = loop;
    this.traits = traits;
    this.times = times;
    this.listener = listener;
    deadlines = new Deadlines(loop, times.tick());
    ways = new Ways(name, loop, policy, listener, this::wake);
    abandoned = new Abandoned(name, loop);
    direct = new DirectWork(loop, times.tick(), changes, listener::stillnessChanged);
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return traits;
  }

  /** On the loop: the volume is larger or smaller from now on. Requests that were let in before may reach past its end; they fail below. */
  public void resized(long size) {
    BlockTraits t = traits;
    if (t.size() == size) return;
    traits = new BlockTraits(size, t.alignment(), t.preferred(), t.readOnly(), t.trim(), t.zeroes(), t.rotational());
  }

  // ---- ways come and go

  /** On the loop: a way is there. Its health and probes are to be passed to {@link #health} and {@link #probed}. */
  public void offer(Route route) {
    if (route.kind() == RouteKind.DIRECT) direct.offered(route);
    ways.offer(route);
    wakeFenced();
  }

  /**
   * On the loop: a way is taken away. New requests go by the other one; the stage completes when those that are under way by it
   * have ended and it is closed.
   */
  public CompletionStage<Void> withdraw(RouteKind kind, String reason) {
    return ways.withdraw(kind, reason);
  }

  /** On the loop: is it one of the two routes for new requests? */
  public boolean uses(Route route) {
    return ways.current(route);
  }

  /** On the loop: what a route says of itself; of a route that is not in use any more it is ignored. */
  public void health(Route route) {
    ways.health(route);
    wakeFenced();
  }

  /** On the loop: a probe of the direct way has ended. */
  public void probed(Route route, int error) {
    ways.probed(route, error);
  }

  /** On the loop: requests that have not started wait from now on. */
  public void closeGate(Gate.Cause cause, String reason) {
    gate.close(cause, reason);
  }

  /** On the loop: one reason to wait is gone. */
  public void openGate(Gate.Cause cause) {
    gate.open(cause);
    if (cause == Gate.Cause.QUIESCE) direct.goOn();
    release();
  }

  /**
   * On the loop: closes the gate (QUIESCE). The stage completes when nothing is under way by the direct way, or hangs
   * ({@link DirectWork#still}); what the server has need not end. {@link DirectWork#doubtfulDisks} may change after that.
   */
  public CompletionStage<Void> standStill(String reason) {
    closeGate(Gate.Cause.QUIESCE, reason);
    return direct.stand();
  }

  /** On the loop: requests start before this time of the loop's clock only; for volumes that several hosts hold. */
  public void leasedUntil(long nanos) {
    gate.leasedUntil(nanos);
    lookAtLease();
    release();
  }

  /** On the loop: requests start before this time of the loop's clock only; it is moved on while the agent runs. */
  public void awakeUntil(long nanos) {
    gate.awakeUntil(nanos);
    release();
  }

  /** The newest layout in force: whether there are snapshots to preserve for. With nothing under way directly. */
  public void preserving(VolumeLayout layout) {
    preserved.layout(layout);
  }

  private void lookAtLease() {
    long left = gate.leaseLeft(loop.nanoTime());
    direct.lapsed(left <= 0);
    if (left <= 0 || watchingLease) return;
    watchingLease = true;
    loop.schedule(left, () -> {
      watchingLease = false;
      if (!closing) lookAtLease();
    });
  }

  private void release() {
    while (!gated.isEmpty() && gate.isOpen(loop.nanoTime())) {
      RoutedIo io = gated.poll();
      // Time at the gate is no time in which a way could have been found.
      io.since = loop.nanoTime();
      dispatch(io);
    }
  }

  // ---- status, all on the loop

  public RedirectPolicy.State state() {
    return ways.policy().state();
  }

  /** Why not direct, or why requests wait at the gate; empty if neither. */
  public String reason() {
    String why = ways.policy().reason(loop.nanoTime());
    if (gate.isOpen(loop.nanoTime())) return why;
    return why.isEmpty() ? gate.reason(loop.nanoTime()) : gate.reason(loop.nanoTime()) + "; " + why;
  }

  public boolean gateOpen() {
    return gate.isOpen(loop.nanoTime());
  }

  /** Requests of users that have not ended. */
  public int inFlight() {
    return users;
  }

  /** Attempts that the routes still have: zero with a closed gate means quiesced. */
  public int underWay() {
    return attempts;
  }

  /** Changes whose deadline has passed. */
  public int inDoubt() {
    return changes.doubts();
  }

  /** What is under way by the direct way. */
  public DirectWork direct() {
    return direct;
  }

  // ---- requests

  @Override
  public void submit(BlockRequest request) {
    if (closing) {
      request.completed(IoError.ESHUTDOWN);
      return;
    }
    boolean full = gated.size() + held.size() + waiting.size() >= MAX_WAITING;
    if (full) {
      request.completed(IoError.ENOMEM);
      return;
    }
    RoutedIo io = free.poll();
    if (io == null) io = new RoutedIo(this);
    io.begin(request, loop.nanoTime(), arrivals++);
    users++;
    dispatch(io);
  }

  private void dispatch(RoutedIo io) {
    if (!gate.isOpen(loop.nanoTime())) {
      io.phase = RoutedIo.Phase.GATED;
      gated.add(io);
      return;
    }
    int way = choose(io);
    if (way == Ways.NONE) {
      // Woken when a way is there; the timer is for what that may miss.
      await(io, times.retryMax());
    } else if (io.change() && changes.block(io, way)) {
      io.phase = RoutedIo.Phase.HELD;
      held.add(io);
    } else {
      send(io, way);
    }
  }

  /** The way for this request now, or NONE. What the direct way does not take it need not be blamed for. */
  private int choose(RoutedIo io) {
    int way = ways.choose(io.errors);
    boolean fenced = way == Ways.DIRECT && io.change() && !(preserved.covers(io.user) && ways.route(way).takes(io.user));
    if (io.fenced && !fenced) io.since = loop.nanoTime();
    io.fenced = fenced;
    if (!fenced) return way;
    return ways.usable(Ways.SERVER) && io.errors[Ways.SERVER] == IoError.OK ? Ways.SERVER : Ways.NONE;
  }

  private void send(RoutedIo io, int way) {
    if (io.op() == BlockOp.FLUSH && !io.otherFlushed) {
      io.otherFlushed = true;
      io.firstFlush = marks.dirty(1 - way) && ways.usable(1 - way);
      if (io.firstFlush) way = 1 - way;
    }
    Attempt a = freeAttempts;
    if (a == null) a = new Attempt(this);
    else freeAttempts = a.nextFree;
    BlockRequest user = io.user;
    a.set(user.op, user.flags, user.offset, user.length);
    a.buffer = user.buffer;
    a.bufferIndex = user.bufferIndex;
    a.io = io;
    a.way = way;
    a.route = ways.route(way);
    a.mark = marks.mark(way);
    io.attempt = a;
    io.sentUnder = preserved.number();
    io.phase = RoutedIo.Phase.SENT;
    attempts++;
    if (io.change()) changes.sent(io);
    if (way == Ways.DIRECT) direct.sent(a, io.op());
    deadlines.start(io, times.deadline(io.op(), way));
    a.route.submit(a);
  }

  void ended(Attempt a, int error) {
    RoutedIo io = a.io;
    int way = a.way;
    attempts--;
    if (io == null) {
      abandoned.ended(a);
      recycle(a);
      finishClose();
      return;
    }
    deadlines.stop(io);
    io.attempt = null;
    boolean change = io.change();
    if (change) changes.ended(io, way);
    if (a.buffer != io.user.buffer) io.user.buffer = a.buffer;
    long mark = a.mark;
    Route by = a.route;
    direct.ended(a);
    recycle(a);
    if (error == IoError.OK) worked(io, way, mark);
    else if (!IoError.redirectable(error)) finish(io, error);
    else failed(io, by, error);
    if (change && !held.isEmpty()) releaseHeld();
  }

  private void worked(RoutedIo io, int way, long mark) {
    ways.worked(way);
    if (way == Ways.SERVER && io.change()) preserved.made(io.user, io.sentUnder);
    if (io.op() == BlockOp.FLUSH) {
      marks.flushed(way, mark);
      if (io.firstFlush) {
        // The way that is not in use was flushed first; now the one that is.
        io.firstFlush = false;
        dispatch(io);
        return;
      }
    } else if (io.change() && !io.user.fua()) {
      marks.changed(way);
    }
    finish(io, IoError.OK);
  }

  private void failed(RoutedIo io, Route by, int error) {
    long now = loop.nanoTime();
    int way = by.kind().ordinal();
    if (error == IoError.ESTALE && io.change() && !by.takes(io.user)) {
      // The window has reached it on its way to the disks.
      dispatch(io);
      return;
    }
    io.errors[way] = error;
    io.firstFlush = false;
    ways.failed(by, io.op(), error, IoError.text(error));
    if (io.failedOnBoth() || io.outOfTime(now, times.total())) finish(io, io.worstError());
    else again(io, way, error == IoError.EIO ? "error" : "gone");
  }

  /** The other way now if it has not been tried, or a little later whichever is good then. */
  private void again(RoutedIo io, int way, String cause) {
    int next = choose(io);
    if (next != Ways.NONE && io.errors[next] == IoError.OK) {
      if (next != way) listener.redirected(cause);
      dispatch(io);
    } else {
      long pause = Math.min(times.retryMax(), times.retryMin() << Math.min(io.waits++, 10));
      await(io, pause);
    }
  }

  private void await(RoutedIo io, long nanos) {
    if (closing) {
      finish(io, IoError.ESHUTDOWN);
      return;
    }
    io.phase = RoutedIo.Phase.WAITING;
    waiting.add(io);
    deadlines.start(io, io.fenced ? nanos : Math.min(nanos, Math.max(1, io.since + times.total() - loop.nanoTime())));
  }

  private void finish(RoutedIo io, int error) {
    BlockRequest user = io.user;
    listener.completed(user.op, user.op.hasPayload() ? user.length : 0, loop.nanoTime() - io.arrived, error);
    io.user = null;
    io.phase = RoutedIo.Phase.FREE;
    free.add(io);
    user.completed(error);
    users--;
    finishClose();
  }

  private void recycle(Attempt a) {
    a.io = null;
    a.route = null;
    a.buffer = null;
    a.nextFree = freeAttempts;
    freeAttempts = a;
  }

  /** Flat though what is sent may end at once and release more: no recursion, however long the queue. */
  private void releaseHeld() {
    releaseAgain = true;
    if (releasing) return;
    releasing = true;
    while (releaseAgain) {
      releaseAgain = false;
      for (RoutedIo io = held.first(); io != null; io = io.after) {
        int way = choose(io);
        if (way != Ways.NONE && changes.block(io, way)) continue;
        held.remove(io);
        dispatch(io);
        // The queue may be another one by now; each turn takes at least one out of it.
        releaseAgain = true;
        break;
      }
    }
    releasing = false;
  }

  /** The state is better than it was: what waits for a way goes on. */
  private void wake() {
    for (int n = waiting.size(); n > 0 && !waiting.isEmpty(); n--) {
      RoutedIo io = waiting.poll();
      deadlines.stop(io);
      io.forgetUnreachable();
      dispatch(io);
    }
    if (!held.isEmpty()) releaseHeld();
  }

  private void wakeFenced() {
    if (!waiting.isEmpty() && ways.usable(Ways.SERVER)) loop.execute(this::wake);
  }

  // ---- time

  void expired(RoutedIo io, long now) {
    if (io.phase == RoutedIo.Phase.WAITING) {
      waiting.remove(io);
      if (io.outOfTime(now, times.total())) {
        finish(io, io.worstError());
      } else {
        io.forgetUnreachable();
        if (io.fenced) io.errors[Ways.SERVER] = IoError.OK;
        dispatch(io);
      }
      return;
    }
    late(io);
  }

  private void late(RoutedIo io) {
    int way = io.attempt.way;
    long seconds = TimeUnit.NANOSECONDS.toSeconds(times.deadline(io.op(), way));
    ways.failed(io.attempt.route, io.op(), IoError.ETIMEDOUT, "no answer in " + seconds + " s");
    if (way == Ways.DIRECT) direct.late(io.attempt);
    if (io.change()) {
      changes.doubt(io);
      LOG.warn("volume {}: {} at {}+{} is in doubt, no answer by the {} way in {} s", name, io.op(), io.user.offset,
          io.user.length, way == Ways.DIRECT ? "direct" : "server", seconds);
      return;
    }
    int other = 1 - way;
    boolean elsewhere = ways.usable(other) && (way == Ways.DIRECT || ways.policy().state() == RedirectPolicy.State.DIRECT);
    // Behind a closed gate it waits for better times just as well, and does not keep the volume from standing still.
    boolean aside = way == Ways.DIRECT && !gate.isOpen(loop.nanoTime());
    Attempt a = io.attempt;
    if ((elsewhere || aside) && abandoned.leave(io)) {
      direct.ended(a);
      io.errors[way] = IoError.ETIMEDOUT;
      io.firstFlush = false;
      if (!aside) listener.redirected("timeout");
      dispatch(io);
    } else {
      deadlines.start(io, times.deadline(io.op(), way));
    }
  }

  // ---- the rest

  /** Goes by the way in use; when there is none, it fails, or it takes longer than a read may, everything is data. */
  @Override
  public void status(long offset, long length, StatusSink sink) {
    RedirectPolicy.State state = ways.policy().state();
    int way = state == RedirectPolicy.State.DIRECT ? Ways.DIRECT : Ways.SERVER;
    if (state == RedirectPolicy.State.WAITING || !gate.isOpen(loop.nanoTime())) {
      BlockDevice.super.status(offset, length, sink);
      return;
    }
    StatusOrData answer = new StatusOrData(length, sink, loop, times.deadline(BlockOp.READ, way));
    ways.route(way).status(offset, length, answer);
  }

  /** Requests that are with no route end with ESHUTDOWN; the others are awaited, however long that takes. Routes are closed then. */
  @Override
  public CompletionStage<Void> close() {
    if (loop.inLoop()) beginClose();
    else loop.execute(this::beginClose);
    return closed.minimalCompletionStage();
  }

  private void beginClose() {
    if (closing) return;
    closing = true;
    users++;
    end(gated);
    end(held);
    end(waiting);
    users--;
    finishClose();
  }

  private void end(IoQueue queue) {
    for (RoutedIo io = queue.poll(); io != null; io = queue.poll()) {
      deadlines.stop(io);
      finish(io, IoError.ESHUTDOWN);
    }
  }

  private void finishClose() {
    if (!closing || users > 0 || attempts > 0) return;
    ways.close().whenComplete((nothing, failure) -> closed.complete(null));
  }
}
