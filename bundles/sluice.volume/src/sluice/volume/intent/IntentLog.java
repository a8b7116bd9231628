package sluice.volume.intent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * The own slot of write intents: marks regions on all legs that are written before they are, clears them lazily.
 *
 * <p>Changes that come while a block is being written share the next one. A region is cleared when it has been idle for two to
 * four seconds and settled ({@link RegionUse}), and while all legs are in sync only; if nobody flushes, the log asks for a flush
 * itself. Some regions stay: those that nobody has reconciled yet, those that a leg which is not in sync may have missed, and
 * those in which a change of this run ended with an error, since what it did on each leg is not known.
 *
 * <p>On the engine's loop.
 */
public final class IntentLog {
  /** Between two blocks of a slot by different runs, or after a leg came in: more than any run fails to write in between. */
  static final long STRIDE = 1 << 20;
  private static final long SWEEP = TimeUnit.SECONDS.toNanos(2);
  /** Regions marked with the next one when changes come one after the other, so that not each region costs a write. */
  private static final int AHEAD = 15;

  /** A change that wants its regions marked. */
  public abstract static class Waiter {
    Waiter next;
    private int first;
    private int last;

    /** @param to inclusive */
    public final void regions(int from, int to) {
      first = from;
      last = to;
    }

    /**
     * @param error 0: they are, on all legs
     * @param elsewhere whether a leg in sync took the mark though another leg failed
     */
    protected abstract void marked(int error, boolean elsewhere);
  }

  /** What the log wants of its engine. */
  public interface Events {
    /** A mark failed on this leg while another took it. */
    void markFailed(String leg, String disk, int error);

    /** Nobody has flushed for a while: {@link #flushBegins} and {@link #flushed} are to be called around a flush. */
    void flushWanted();

    /** Something that was under way on disks has ended. */
    void ended();
  }

  private final IoLoop loop;
  private final UUID volume;
  private final int slot;
  private final long incarnation;
  private final long regionBytes;
  private final Events events;
  private final RegionUse use;
  /** What the next block will show; never less than what the disks must show. */
  private final RegionBits marked;
  /** What all legs show for certain. */
  private final RegionBits durable;
  private final RegionBits written;
  private final RegionBits unreconciled;
  private final RegionBits missed;
  private final RegionBits failed;
  private final List<MarkWrite> hanging = new ArrayList<>();
  private final Runnable write = this::write;
  private final Runnable sweep = this::sweep;
  private final WaiterQueue waiting = new WaiterQueue();
  private final WaiterQueue served = new WaiterQueue();
  private List<IntentArea> areas = List.of();
  private boolean allInSync;
  /** Whether this run has ever written the slot. */
  private boolean used;
  private long sequence;
  private MarkWrite current;
  private MarkWrite spare;
  private boolean asked;
  private boolean forced;
  private boolean paused;
  private boolean closed;
  private IoLoop.Timer timer;

  public IntentLog(IoLoop loop, String volumeId, int slot, long incarnation, long size, long regionBytes, Events events) {
    int regions = RegionBits.regions(size, regionBytes);
    this.loop = loop;
    volume = IntentBlock.key(volumeId);
    this.slot = slot;
    this.incarnation = incarnation;
    this.regionBytes = regionBytes;
    this.events = events;
    use = new RegionUse(regions);
    marked = new RegionBits(regions);
    durable = new RegionBits(regions);
    written = new RegionBits(regions);
    unreconciled = new RegionBits(regions);
    missed = new RegionBits(regions);
    failed = new RegionBits(regions);
  }

  public int slot() {
    return slot;
  }

  /** Whether it is for a slot of such a volume. */
  public boolean fits(int ofSlot, long size, long ofRegionBytes) {
    return slot == ofSlot && regionBytes == ofRegionBytes && regions() == RegionBits.regions(size, regionBytes);
  }

  public long regionBytes() {
    return regionBytes;
  }

  public int regions() {
    return marked.count();
  }

  /** What an earlier run left in the slot: it stays marked until it has been reconciled. The first change writes it anew. */
  void opened(RegionBits left, long newest) {
    unreconciled.or(left);
    marked.or(left);
    sequence = newest + STRIDE;
  }

  /** For the volume under another size: what the log before had marked is marked here. Nothing of the other is under way. */
  public void take(IntentLog before) {
    before.close();
    carry(before.unreconciled, before.regionBytes, unreconciled, regionBytes);
    carry(before.missed, before.regionBytes, missed, regionBytes);
    carry(before.failed, before.regionBytes, failed, regionBytes);
    carry(before.marked, before.regionBytes, marked, regionBytes);
    for (int r = marked.next(0); r >= 0; r = after(marked, r)) {
      // Their changes have ended but may not have been flushed.
      use.begin(r, r);
      use.end(r, r);
    }
    hanging.addAll(before.hanging);
    used = before.used;
    sequence = before.sequence + STRIDE;
  }

  private static void carry(RegionBits from, long regionBytes, RegionBits to, long toRegionBytes) {
    for (DirtyRange range : from.ranges(regionBytes, from.count() * regionBytes)) to.set(range, toRegionBytes);
  }

  private static int after(RegionBits bits, int region) {
    return region + 1 < bits.count() ? bits.next(region + 1) : -1;
  }

  /**
   * The legs that are written from now on. Nothing is under way on those that stay; what hangs on others is not waited for.
   * Waiters that have not been told get ECANCELED: they ask again. With a leg that comes in, nothing counts as marked before
   * it has been written on all.
   *
   * @return whether a leg came in, so that {@link #rewrite} has to be called
   */
  public boolean areas(List<IntentArea> next, boolean allLegsInSync) {
    giveUp();
    boolean came = false;
    for (IntentArea area : next) {
      IntentArea before = areas.stream().filter(area::sameLeg).findFirst().orElse(null);
      if (before == null) came = true;
      else area.next = before.next;
    }
    if (came) {
      sequence += STRIDE;
      durable.clear();
    }
    if (allLegsInSync && !allInSync) missed.clear();
    areas = next;
    allInSync = allLegsInSync;
    arm();
    return came;
  }

  private void giveUp() {
    if (current != null) {
      hanging.add(current);
      current = null;
      spare = null;
    }
    served.takeAll(waiting);
    served.tell(IoError.ECANCELED, true);
  }

  List<IntentArea> areas() {
    return areas;
  }

  /**
   * Whether a leg that came in has to be given the block. Not while this run of a host has written none: what stands there is the
   * reconciler's then, who clears it, and a block of ours in between would be cleared with it (invariant 4).
   */
  public boolean hasMarks() {
    return used || slot == 0;
  }

  /** Writes the block though nobody waits: a leg came in. The waiter is told as any other. */
  public void rewrite(Waiter waiter) {
    forced = true;
    waiting.add(waiter);
    ask();
  }

  // ---- changes

  /** A change begins. Whether its regions are marked on all legs already; otherwise {@link #await} before it starts. */
  public boolean begin(int first, int last) {
    use.begin(first, last);
    return covers(first, last);
  }

  public boolean covers(int first, int last) {
    return durable.covers(first, last);
  }

  /** Of a change that has begun: has its regions marked. */
  public void await(Waiter waiter) {
    boolean onwards = waiter.first > 0 && marked.get(waiter.first - 1);
    marked.set(waiter.first, waiter.last);
    if (onwards) expect(waiter.last + 1, Math.min(regions() - 1, waiter.last + AHEAD));
    waiting.add(waiter);
    arm();
    ask();
  }

  private void expect(int first, int last) {
    for (int r = first; r <= last; r++) {
      marked.set(r);
      use.expect(r);
    }
  }

  /** A change that had begun has ended. @param well if not, nobody knows what it did on each leg */
  public void end(int first, int last, boolean well) {
    use.end(first, last);
    if (!well) failed.set(first, last);
  }

  /** A flush of all legs begins. @return for {@link #flushed} */
  public long flushBegins() {
    return use.flushBegins();
  }

  /** It succeeded on all legs. */
  public void flushed(long number) {
    use.flushed(number);
  }

  // ---- writing

  /** At the end of the batch, so that changes that came with one read of a socket share one write. */
  private void ask() {
    if (asked || current != null) return;
    asked = true;
    loop.atEndOfBatch(write);
  }

  private void write() {
    asked = false;
    if (current != null || waiting.isEmpty() && !forced) return;
    forced = false;
    used = true;
    served.takeAll(waiting);
    written.copy(marked);
    IoBuffer buffer;
    try {
      buffer = loop.buffers().take(IntentBlock.BYTES);
    } catch (RuntimeException e) {
      served.tell(IoError.ENOMEM, false);
      return;
    }
    new IntentBlock(incarnation, ++sequence, regionBytes, written).encode(buffer.bytes(), IoBuffer.HEADROOM, volume, slot);
    current = spare != null ? spare : new MarkWrite(this::written);
    spare = null;
    current.start(buffer, areas, slot);
  }

  private void written(MarkWrite done) {
    if (done != current) {
      hanging.remove(done);
      events.ended();
      return;
    }
    current = null;
    int error = IoError.OK;
    boolean elsewhere = false;
    for (int i = 0; i < done.size(); i++) {
      if (done.error(i) == IoError.OK) elsewhere |= done.area(i).inSync;
      else if (error == IoError.OK) error = done.error(i);
    }
    if (error == IoError.OK) durable.or(written);
    for (int i = 0; elsewhere && i < done.size(); i++) {
      IntentArea area = done.area(i);
      if (done.error(i) != IoError.OK) events.markFailed(area.leg, area.extent.disk(), done.error(i));
    }
    spare = done;
    served.tell(error, elsewhere);
    if (!waiting.isEmpty()) ask();
    events.ended();
  }

  // ---- clearing

  private void arm() {
    if (timer == null && allInSync && !closed && clearable(0) >= 0) timer = loop.schedule(SWEEP, sweep);
  }

  private int clearable(int from) {
    for (int r = from < regions() ? marked.next(from) : -1; r >= 0; r = after(marked, r)) if (!pinned(r)) return r;
    return -1;
  }

  private boolean pinned(int region) {
    return unreconciled.get(region) || missed.get(region) || failed.get(region);
  }

  private void sweep() {
    timer = null;
    if (closed) return;
    if (allInSync && !paused && current == null && waiting.isEmpty()) {
      if (clear(false)) ask();
      use.turn();
    }
    arm();
  }

  /** @param all also what has not been idle for a while */
  private boolean clear(boolean all) {
    boolean unstable = false;
    for (int r = clearable(0); r >= 0; r = clearable(r + 1)) {
      if (!all && !use.idle(r)) continue;
      if (use.settled(r)) {
        marked.clear(r);
        // Before the block goes out: a change that comes now has to mark the region again.
        durable.clear(r);
        forced = true;
      } else {
        unstable = true;
      }
    }
    if (unstable && !all) events.flushWanted();
    return forced;
  }

  /** After a flush, with nothing under way: clears what may be cleared, so that nobody has to look at the slot. */
  public void clearAll(Waiter waiter) {
    if (allInSync && clear(true)) rewrite(waiter);
    else waiter.marked(IoError.OK, true);
  }

  /** While it is so, nothing is cleared. */
  public void pause(boolean on) {
    paused = on;
  }

  public void close() {
    closed = true;
    if (timer != null) timer.cancel();
    timer = null;
  }

  // ---- what is there

  /** Whether a mark is under way on one of these legs. */
  public boolean isOn(Collection<String> legs) {
    if (current != null && current.isOn(legs)) return true;
    for (MarkWrite w : hanging) if (w.isOn(legs)) return true;
    return false;
  }

  /** Whether anything is under way on any leg. */
  public boolean busy() {
    return current != null || !hanging.isEmpty();
  }

  public boolean writing() {
    return current != null || asked && (forced || !waiting.isEmpty());
  }

  public void busyDisks(Collection<String> ids) {
    if (current != null) current.busyDisks(ids);
    for (MarkWrite w : hanging) w.busyDisks(ids);
  }

  public boolean isEmpty() {
    return marked.isEmpty();
  }

  List<DirtyRange> dirty(long size) {
    return marked.ranges(regionBytes, size);
  }

  /** What an earlier run left has been reconciled: it may be cleared lazily. */
  void reconciled() {
    unreconciled.clear();
    arm();
  }

  /** What an earlier run left has been reconciled between legs in sync, but others have missed it. */
  void reconciledBut() {
    missed.or(unreconciled);
    unreconciled.clear();
    arm();
  }

  /** Takes regions of another slot over; the stage completes when they are marked on all legs. */
  CompletionStage<Void> inherit(RegionBits bits) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    missed.or(bits);
    marked.or(bits);
    rewrite(new Waiter() {
      @Override
      protected void marked(int error, boolean elsewhere) {
        if (error == IoError.OK) done.complete(null);
        else done.completeExceptionally(LegSlots.notWritten(slot, error));
      }
    });
    return done;
  }
}
