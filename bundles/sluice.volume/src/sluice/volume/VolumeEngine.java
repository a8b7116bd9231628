package sluice.volume;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.layout.VolumeLayout;
import sluice.io.device.DeviceIo;
import sluice.io.device.LayoutDevice;
import sluice.io.device.RangeLock;
import sluice.io.device.RequestCheck;
import sluice.volume.intent.IntentLog;
import sluice.volume.intent.IntentSlots;
import sluice.volume.intent.LegSlots;
import sluice.volume.mirror.Mirror;
import sluice.volume.mirror.MirrorLeg;

/**
 * A volume by its layout, on one loop: mapped, striped, mirrored, with write intents. Survives changes of its layout.
 *
 * <p>A volume of one leg is passed straight to its {@link LayoutDevice}. With more legs, changes take the way that {@link Mirror}
 * describes, after {@link IntentLog} has marked their regions.
 *
 * <p><b>Finality.</b> A request completes when all its pieces have ended, with one exception: pieces on legs that a relayout
 * gives up. The disks on which such pieces still hang stay among the {@link #busyDisks}. Their memory stays theirs: that of a
 * change by {@link sluice.api.block.IoBuffer#keep}, so its owner may release it as ever; a read goes on in other memory ({@link
 * BlockRequest#buffer}).
 *
 * <p><b>Lost disks.</b> A disk that was away for a moment (ENXIO or ESHUTDOWN) while changes on its leg had not been flushed may
 * have forgotten them. The next change or flush counts as failed on that leg, though the disk is back: on a host once, since
 * the server judges then; on the server until {@link #retryHeld} or a relayout without the leg.
 *
 * <p>Everything on the loop, unless said otherwise. The disks belong to whoever answers for {@link Disks}. Alignment is always
 * 4096, so that it need not change when a leg comes in.
 */
public final class VolumeEngine implements BlockDevice {
  /** Requests that wait while the layout is being changed; more end with ENOMEM. */
  private static final int MAX_WAITING = 1 << 16;

  /** Where the engine gets its disks. */
  public interface Disks {
    /**
     * On the loop: the disk with this id; the same device for as long as the engine uses it. Its requests end with ENXIO while it
     * cannot be reached; it need not have traits before it has been reached for the first time.
     */
    BlockDevice disk(String id);
  }

  /** Who is told of failures. */
  public interface Listener {
    /**
     * On the loop, soon after: a change, a flush or a mark failed on that leg while another leg took it. Several failures of a
     * leg in a row may be told as one.
     */
    void legFailed(String legId, String diskId, int error);
  }

  /** What becomes of a change or flush that a leg failed and another took. One that no leg in sync took ends with the error in both. */
  public enum OnLegFailure {
    /** It ends with an error that sends it another way: a host's goes by the server route. */
    FAIL,
    /** It is kept, with its range locked, until {@link #relayout}, {@link #retryHeld} or {@link #failHeld}: the server's. */
    HOLD
  }

  private final IoLoop loop;
  private final String volumeId;
  private final Disks disks;
  private final long incarnation;
  private final Mirror mirror;
  private final LegSlots slots;
  private final ArrayDeque<BlockRequest> waiting = new ArrayDeque<>();
  private final ArrayDeque<LayoutSwitch> switches = new ArrayDeque<>();
  /** Legs of former layouts on which something hangs. */
  private final List<MirrorLeg> retired = new ArrayList<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final AtomicBoolean closeAsked = new AtomicBoolean();
  private Shape shape;
  private int slot;
  private IntentLog log;
  private boolean logOpen;
  /** The only leg, while there is one and nothing is being changed. */
  private LayoutDevice direct;
  /** A former only leg has ended what it had. */
  private boolean directDone = true;
  private volatile BlockTraits traits;
  private boolean paused;
  private boolean closing;
  private boolean ending;

  /**
   * @param slot of the write intents, -1 for an engine that never writes: with more than one leg it is read-only then; of a
   *     volume of one leg it means nothing
   * @param incarnation of the writer; grows with each of its starts
   * @throws IllegalArgumentException if the layout does not fit its disks
   */
  public VolumeEngine(IoLoop loop, String volumeId, VolumeLayout layout, Disks disks, int slot, long incarnation,
      OnLegFailure policy, Listener listener) {
    this.loop = loop;
    this.volumeId = volumeId;
    this.disks = disks;
    this.incarnation = incarnation;
    mirror = new Mirror(loop, policy == OnLegFailure.HOLD, new Mirror.Watcher() {
      @Override
      public void legFailed(String legId, String diskId, int error) {
        listener.legFailed(legId, diskId, error);
      }

      @Override
      public void ended() {
        VolumeEngine.this.ended();
      }
    });
    slots = new LegSlots(loop, volumeId,
        () -> new LegSlots.Scope(shape.areas(), shape.layout().size(), shape.layout().regionBytes(), log), this::ended);
    adopt(Shape.of(loop, layout, disks), slot);
    if (log != null) pause();
    else go();
  }

  // ---- the layout

  /**
   * Reads what an earlier run left in the own slot of write intents, which then stays marked until it has been reconciled. Nothing
   * is submitted before; without intents there is nothing to do. Fails with a SluiceException if no leg in sync can be read;
   * may be called again then.
   */
  public CompletionStage<Void> open() {
    if (log == null || logOpen) return CompletableFuture.completedStage(null);
    return openLog().thenRun(() -> {
      if (switches.isEmpty()) go();
    });
  }

  private CompletionStage<Void> openLog() {
    IntentLog of = log;
    return slots.open(of).thenRun(() -> logOpen |= log == of);
  }

  public VolumeLayout layout() {
    return shape.layout();
  }

  /**
   * The volume lies under this layout from now on. New requests wait; those under way on legs that stay are awaited; what is
   * under way on legs that are stale or gone is waited for by nobody any more, and requests end as their other pieces did.
   * Held ones end in the same way, or are tried again. A leg that comes in gets the marks there are before anything else.
   *
   * <p>A leg is not let in while something given up hangs on it. Layouts are adopted one after the other. Fails, and leaves
   * everything as it was, if the layout does not fit its disks.
   */
  public CompletionStage<Void> relayout(VolumeLayout next) {
    return relayout(next, slot);
  }

  /** The same, with another slot of write intents: hosts get one when a volume gets its second leg. */
  public CompletionStage<Void> relayout(VolumeLayout next, int nextSlot) {
    if (closing) return CompletableFuture.failedStage(new IllegalStateException("volume " + volumeId + " is closing"));
    LayoutSwitch change;
    try {
      change = new LayoutSwitch(Shape.of(loop, next, disks), nextSlot);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedStage(e);
    }
    switches.add(change);
    if (switches.size() == 1) begin();
    return change.done.minimalCompletionStage();
  }

  private void begin() {
    LayoutSwitch change = switches.peek();
    change.begin(shape);
    pause();
    // With nothing under way on an only leg it has been taken up by then.
    if (switches.peek() == change) advance();
  }

  private void pause() {
    paused = true;
    mirror.pause();
    if (log != null) log.pause(true);
    if (direct == null) return;
    LayoutDevice last = direct;
    direct = null;
    directDone = false;
    last.close().thenRun(() -> {
      directDone = true;
      ended();
    });
  }

  /** Something has ended that a layout or the end may be waiting for. */
  private void ended() {
    if (!switches.isEmpty()) advance();
    if (closing) finishClose();
  }

  /** Goes on with the layout at the head, if what it waits for has ended. */
  private void advance() {
    LayoutSwitch change = switches.peek();
    if (change == null || change.swapped || !directDone || !mirror.quietOn(change.staying) || log != null && log.isOn(change.staying)) return;
    if (retired.stream().anyMatch(l -> isBusy(l) && change.coming.contains(l.id()))) return;
    if (log != null && log.isOn(change.coming) || slots.isOn(change.coming)) return;
    change.swapped = true;
    swap(change);
  }

  private void swap(LayoutSwitch change) {
    for (MirrorLeg before : shape.legs()) {
      if (isBusy(before)) retired.add(before);
      for (MirrorLeg leg : change.next.legs()) if (leg.id().equals(before.id())) leg.take(before);
    }
    boolean marks = logOpen;
    boolean came = adopt(change.next, change.slot);
    CompletionStage<Void> ready = log != null && !logOpen ? openLog() : CompletableFuture.completedStage(null);
    ready.whenComplete((done, failure) -> {
      switches.poll();
      // Only asked for here: should the leg hang on it, the next layout must be able to give it up.
      CompletionStage<Void> marked = failure == null && log != null && came && marks && log.hasMarks() ? rewrite() : ready;
      if (failure == null && switches.isEmpty()) go();
      if (failure == null) marked.thenRun(() -> change.done.complete(null));
      else change.done.completeExceptionally(failure);
      if (!switches.isEmpty()) begin();
      else if (closing) finishClose();
    });
  }

  /** @return whether a leg came in */
  private boolean adopt(Shape next, int nextSlot) {
    shape = next;
    slot = nextSlot;
    boolean writes = next.mirrored() && nextSlot >= 0;
    traits = next.traits(next.mirrored() && !writes);
    VolumeLayout layout = next.layout();
    IntentLog before = log;
    if (!writes) {
      if (before != null) before.close();
      log = null;
      logOpen = false;
    } else if (before == null || !before.fits(nextSlot, layout.size(), layout.regionBytes())) {
      log = new IntentLog(loop, volumeId, nextSlot, incarnation, layout.size(), layout.regionBytes(), mirror);
      if (before != null) log.take(before);
      logOpen = logOpen && before != null && before.slot() == nextSlot;
    }
    boolean came = log != null && log.areas(next.areas(), next.allInSync());
    mirror.change(next.legs(), log);
    return came;
  }

  private CompletionStage<Void> rewrite() {
    CompletableFuture<Void> written = new CompletableFuture<>();
    log.rewrite(new IntentLog.Waiter() {
      @Override
      protected void marked(int error, boolean elsewhere) {
        // A leg that does not take it has been told of; the next change marks again, and waits for it.
        written.complete(null);
      }
    });
    return written;
  }

  private void go() {
    paused = false;
    if (log != null) log.pause(false);
    if (shape.layout().legs().size() == 1) direct = shape.legs().get(0).device();
    mirror.resume();
    while (!paused && !waiting.isEmpty()) submit(waiting.poll());
  }

  /** See {@link LayoutSwitch}: a leg of a former layout with something on it. */
  private static boolean isBusy(MirrorLeg leg) {
    Set<String> busy = new TreeSet<>();
    leg.device().busyDisks(busy);
    return leg.busy() || !busy.isEmpty();
  }

  // ---- requests

  @Override
  public IoLoop loop() {
    return loop;
  }

  /** Any thread. Only the size changes, with the layout's. */
  @Override
  public BlockTraits traits() {
    return traits;
  }

  @Override
  public void submit(BlockRequest request) {
    if (direct != null) {
      direct.submit(request);
      return;
    }
    int error = closing ? IoError.ESHUTDOWN : RequestCheck.error(request, traits);
    if (error == IoError.OK && paused && waiting.size() >= MAX_WAITING) error = IoError.ENOMEM;
    if (error != IoError.OK || RequestCheck.empty(request)) request.completed(error);
    else if (paused) waiting.add(request);
    else mirror.submit(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (direct != null) direct.status(offset, length, sink);
    else if (closing) sink.completed(IoError.ESHUTDOWN);
    else if (offset < 0 || length <= 0 || offset > traits.size() - length) sink.completed(IoError.EINVAL);
    else mirror.status(offset, length, sink);
  }

  /**
   * Changes that touch these bytes are not taken any more with {@link OnLegFailure#FAIL}, and go to the legs in sync and filling
   * with HOLD, under {@link #lock}; changes before them go to the legs that are filling as well. Start and end may be the same:
   * then nothing is within. Both 0: legs that are filling get nothing. Stays over a relayout.
   *
   * @return completes when no change is out any more that went out under another window and begins before this one's end
   */
  public CompletionStage<Void> window(long start, long end) {
    return mirror.window(start, end);
  }

  /** False for a change that touches the window: a host sends it through the server. */
  public boolean takes(BlockRequest request) {
    return !request.op.changesData() || !mirror.window().touches(request);
  }

  /** Ids of the disks on which something of this volume is under way, given up or not. */
  public Set<String> busyDisks() {
    Set<String> ids = new TreeSet<>();
    for (MirrorLeg leg : shape.legs()) leg.device().busyDisks(ids);
    retired.removeIf(leg -> !isBusy(leg));
    for (MirrorLeg leg : retired) leg.device().busyDisks(ids);
    if (log != null) log.busyDisks(ids);
    slots.busyDisks(ids);
    return ids;
  }

  /**
   * Requests that are on disks now, the engine's own among them. Neither those that are held, nor those that wait behind them or
   * for a layout, nor pieces that were given up.
   */
  public int underWay() {
    int n = mirror.underWay();
    for (MirrorLeg leg : shape.legs()) if (!shape.mirrored()) n += leg.device().underWay();
    return log != null && log.writing() ? n + 1 : n;
  }

  /** Whether a change is held because a leg failed it: it may yet be made. */
  public boolean holds() {
    return mirror.holds();
  }

  public void retryHeld() {
    mirror.retryHeld();
  }

  public void failHeld(int error) {
    mirror.failHeld(error);
  }

  /** One leg that is not stale, past everything: for whoever copies. It is of the layout at the moment. */
  public BlockDevice leg(int leg) {
    LayoutDevice device = shape.devices().get(leg);
    if (device == null) throw new IllegalArgumentException("leg " + leg + " is stale");
    return device;
  }

  /** Changes of volumes with several legs hold their range in it, exclusively; so does whoever copies, chunk by chunk. */
  public RangeLock lock() {
    return mirror.lock();
  }

  public IntentSlots intents() {
    return slots;
  }

  // ---- the end

  /**
   * Any thread. Held requests end with ESHUTDOWN; the others are awaited, pieces that were given up as well. If all legs are in
   * sync they are flushed then and the slot is cleared, so that nobody has to reconcile anything.
   */
  @Override
  public CompletionStage<Void> close() {
    if (closeAsked.compareAndSet(false, true)) {
      try {
        if (loop.inLoop()) beginClose();
        else loop.execute(this::beginClose);
      } catch (RejectedExecutionException e) {
        closed.complete(null);
      }
    }
    return closed.minimalCompletionStage();
  }

  private void beginClose() {
    closing = true;
    for (BlockRequest r = waiting.poll(); r != null; r = waiting.poll()) r.completed(IoError.ESHUTDOWN);
    if (direct != null) pause();
    mirror.close();
    finishClose();
  }

  private void finishClose() {
    if (ending || !switches.isEmpty() || !directDone || !mirror.isEmpty() || log != null && log.busy()) return;
    ending = true;
    CompletionStage<Void> last = CompletableFuture.completedStage(null);
    if (log != null && logOpen && !log.isEmpty() && shape.allInSync()) last = clearSlot();
    last.whenComplete((done, failure) -> {
      if (log != null) log.close();
      closed.complete(null);
    });
  }

  /** If it fails the slot stays as it is, which costs a comparison by and by and nothing else. */
  private CompletionStage<Void> clearSlot() {
    if (shape.legs().stream().anyMatch(MirrorLeg::doubtful)) return CompletableFuture.completedStage(null);
    long number = log.flushBegins();
    CompletableFuture<?>[] flushes = shape.legs().stream()
        .map(leg -> DeviceIo.flush(leg.device()).toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(flushes).thenCompose(all -> {
      log.flushed(number);
      CompletableFuture<Void> cleared = new CompletableFuture<>();
      log.clearAll(new IntentLog.Waiter() {
        @Override
        protected void marked(int error, boolean elsewhere) {
          cleared.complete(null);
        }
      });
      return cleared;
    });
  }

  @Override
  public String toString() {
    return "volume " + volumeId + " by its layout of epoch " + layout().epoch();
  }
}
