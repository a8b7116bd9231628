package sluice.volume.snapshot;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.core.snapshot.SnapshotMap;

/**
 * A volume that preserves before it changes (invariant 6): a change waits until every chunk that it touches, and that a snapshot
 * shows as it is now, lies in an area and is on its map, both stable. Reads pass, and so do changes of chunks that are covered.
 *
 * <p>It lies above the volume's engine, and is the only way by which chunks that are not covered are changed: hosts send such
 * changes through the server. So two hosts that change the same chunk meet here, and it is copied once.
 *
 * <p>Bounds: {@link #COPIES} chunks are being copied at a time; the requests that wait are the caller's, as many as it sends. While
 * there is no free slot the changes that need one wait, and {@link Events#roomWanted} is told.
 *
 * <p>On the loop.
 */
public final class Preserver implements BlockDevice {
  static final int COPIES = 32;
  private static final long RETRY_NANOS = 5_000_000L;
  /** How far ahead chunks of one request are copied: it may be as long as the volume (TRIM). */
  private static final int AHEAD = 16;

  /** Who is told. On the loop. */
  public interface Events {
    /** Few slots are left, or none; told again whenever one is taken while it is so. @param waiting changes that wait for one */
    void roomWanted(int slots, int free, int waiting);
  }

  private static final class Waiting {
    final BlockRequest request;
    final int last;
    /** Everything before is covered. */
    int next;

    Waiting(BlockRequest request, int first, int last) {
      this.request = request;
      this.next = first;
      this.last = last;
    }
  }

  private final IoLoop loop;
  private final BlockDevice origin;
  private final BlockDevice readers;
  private final Events events;
  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<Integer, ChunkCopy> copies = new LinkedHashMap<>();
  private final Map<Long, SnapshotView> views = new TreeMap<>();
  /** Snapshots that are gone as soon as what is being read of them has ended. */
  private final Set<Long> ending = new HashSet<>();
  private final Map<Integer, Integer> failures = new LinkedHashMap<>();
  private final Runnable pump = this::pump;
  private final Runnable soon = this::soon;
  private SnapshotStore store;
  private boolean loaded = true;
  private boolean pumping;
  private boolean paused;
  private boolean closed;
  /** A change waits for a slot. */
  private int starved;

  /**
   * @param origin the volume itself, past this; its traits may change
   * @param readers the volume for {@link #view}s, whose reads may have to wait while copies are let through
   */
  public Preserver(IoLoop loop, BlockDevice origin, BlockDevice readers, Events events) {
    this.loop = loop;
    this.origin = origin;
    this.readers = readers;
    this.events = events;
  }

  // ---- what there is to preserve for

  /** The areas are being read: changes wait until {@link #loaded}. */
  public void loading(long chunkBytes) {
    if (store == null) store = new SnapshotStore(chunkBytes, this::soon);
    loaded = false;
  }

  public boolean hasArea(String id) {
    return store != null && store.hasArea(id);
  }

  /**
   * One more area, in the order in which the volume has them. Fails with a SluiceException if its maps cannot be read.
   *
   * @param device for use on this loop, any alignment
   */
  public CompletionStage<Void> addArea(String id, BlockDevice device) {
    return store.add(id, device).thenRun(this::soon);
  }

  /** All areas there are have been read, and these are the snapshots' numbers, ascending. */
  public void loaded(long[] snapshots) {
    snapshots(snapshots);
    store.sweep();
    loaded = true;
    soon();
  }

  public boolean isLoaded() {
    return loaded;
  }

  /**
   * The snapshots that there are. A new one may come while nothing is under way that changes the volume only. Those that are gone are
   * read by nobody any more as soon as what is being read has ended; then what only they needed is freed.
   */
  public void snapshots(long[] numbers) {
    SnapshotMap map = store.map();
    for (long n : numbers) if (!map.has(n)) map.begin(n);
    for (long there : map.snapshots()) {
      boolean stays = ending.contains(there);
      for (long n : numbers) stays |= n == there;
      if (stays) continue;
      SnapshotView view = views.remove(there);
      if (view == null) {
        delete(there);
        continue;
      }
      ending.add(there);
      view.end(() -> delete(there));
    }
    soon();
  }

  private void delete(long number) {
    ending.remove(number);
    store.map().delete(number, store::free);
    soon();
  }

  /** The snapshot as a device, of which there is one; it is closed when the snapshot is gone. Null: there is none. */
  public SnapshotView view(long number, long size) {
    if (store == null || !loaded || !store.map().has(number) || ending.contains(number)) return null;
    return views.computeIfAbsent(number, n -> new SnapshotView(loop, this, n, size));
  }

  SnapshotStore store() {
    return store;
  }

  BlockDevice origin() {
    return origin;
  }

  BlockDevice readers() {
    return readers;
  }

  /** Slots, and how many are free; 0 and 0 before there is an area. */
  public void room(RoomSink sink) {
    sink.room(store == null ? 0 : store.slots(), store == null ? 0 : store.free());
  }

  /** See {@link #room}. */
  public interface RoomSink {
    void room(int slots, int free);
  }

  /** Chunks that are kept from this snapshot on up to the next one. */
  public int kept(long number) {
    return store == null ? 0 : store.map().countOf(number);
  }

  /** See {@link SnapshotMap#changed}; of the volume as it is, a change that is under way counts when its chunk is preserved. */
  public int changed(long from, long to, int first, int end, int most, SnapshotMap.Runs runs) {
    return store.map().changed(from, to, first, end, most, runs);
  }

  // ---- requests

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return origin.traits();
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    origin.status(offset, length, sink);
  }

  @Override
  public void submit(BlockRequest request) {
    if (!request.op.changesData() || store == null || request.length <= 0) {
      origin.submit(request);
      return;
    }
    if (closed) {
      request.completed(IoError.ESHUTDOWN);
      return;
    }
    // What reaches past the end is refused below; nothing of it is to be preserved.
    if (request.offset < 0 || request.end() > traits().size()) {
      origin.submit(request);
      return;
    }
    Waiting w = new Waiting(request, (int) (request.offset / store.chunkBytes()), (int) ((request.end() - 1) / store.chunkBytes()));
    if (loaded && !paused && covered(w)) {
      origin.submit(request);
      return;
    }
    waiting.add(w);
    soon();
  }

  private boolean covered(Waiting w) {
    while (w.next <= w.last && store.map().covers(w.next)) w.next++;
    return w.next > w.last;
  }

  void soon() {
    if (pumping) return;
    pumping = true;
    loop.atEndOfBatch(pump);
  }

  private void pump() {
    pumping = false;
    if (!loaded || paused || store == null || closed) return;
    starved = 0;
    failures.forEach(this::fail);
    failures.clear();
    List<Waiting> go = new ArrayList<>();
    for (Iterator<Waiting> i = waiting.iterator(); i.hasNext();) {
      Waiting w = i.next();
      if (covered(w)) {
        i.remove();
        go.add(w);
      } else copy(w);
    }
    for (Waiting w : go) origin.submit(w.request);
    if (starved > 0) events.roomWanted(store.slots(), store.free(), starved);
  }

  private void copy(Waiting w) {
    int to = Math.min(w.last, w.next + AHEAD - 1);
    for (int c = w.next; c <= to && copies.size() < COPIES; c++) {
      if (store.map().covers(c) || copies.containsKey(c)) continue;
      int slot = store.take();
      if (slot < 0) {
        starved++;
        return;
      }
      ChunkCopy copy = new ChunkCopy(this, c, slot);
      copies.put(c, copy);
      copy.start();
    }
    if (store.free() < store.slots() / 4) events.roomWanted(store.slots(), store.free(), 0);
  }

  /** @param error 0: the chunk is covered */
  void ended(ChunkCopy copy, int error) {
    copies.remove(copy.chunk);
    // Memory comes back by itself.
    if (error == IoError.ENOMEM) {
      loop.schedule(RETRY_NANOS, soon);
      return;
    }
    if (error != IoError.OK) failures.put(copy.chunk, error);
    soon();
  }

  /** Whoever found no room may find some now: tells again if something waits for it. */
  public void ask() {
    soon();
  }

  /** What a snapshot shows there could not be brought to safety, so nobody changes it. */
  private void fail(int chunk, int error) {
    List<Waiting> failed = new ArrayList<>();
    waiting.removeIf(w -> w.next <= chunk && chunk <= w.last && failed.add(w));
    for (Waiting w : failed) w.request.completed(error);
  }

  // ---- standing still

  /** Nothing that waits goes on to the volume, and no chunk is begun. What is on disks goes on. */
  public void pause() {
    paused = true;
  }

  /** The volume is in use again, perhaps with one snapshot more. */
  public void resume() {
    paused = false;
    // A snapshot more: what was covered for the one before is not for this one.
    if (store != null) for (Waiting w : waiting) w.next = (int) (w.request.offset / store.chunkBytes());
    soon();
  }

  /** Whether everything that has come here has gone on, but for what waits for a free slot or cannot go on anyway. */
  public boolean isDrained() {
    if (store == null) return true;
    if (pumping || !copies.isEmpty()) return false;
    return waiting.isEmpty() || starved > 0 || paused || !loaded;
  }

  /** Whether nothing of it is under way on the areas. */
  public boolean isIdle() {
    return copies.isEmpty() && (store == null || !store.busy());
  }

  /** Changes that wait here. */
  public int waiting() {
    return waiting.size();
  }

  /**
   * There are no snapshots any more, and the areas are not used from here on. Done when nothing is under way on them; areas that are
   * added later are new ones.
   */
  public void dropAreas(Runnable done) {
    if (store != null && store.map().newest() != 0 && ending.isEmpty()) throw new IllegalStateException("there are snapshots");
    if (!isIdle() || !loaded || !ending.isEmpty()) {
      loop.schedule(1_000_000, () -> dropAreas(done));
      return;
    }
    store = null;
    List<Waiting> all = List.copyOf(waiting);
    waiting.clear();
    for (Waiting w : all) origin.submit(w.request);
    done.run();
  }

  /** Requests that wait end with ESHUTDOWN. What is under way on the areas is awaited by {@link #isIdle}. */
  @Override
  public CompletionStage<Void> close() {
    closed = true;
    paused = true;
    List<Waiting> all = List.copyOf(waiting);
    waiting.clear();
    for (Waiting w : all) w.request.completed(IoError.ESHUTDOWN);
    CompletableFuture<Void> done = new CompletableFuture<>();
    for (SnapshotView view : views.values()) view.end(() -> {});
    views.clear();
    awaitIdle(done);
    return done;
  }

  private void awaitIdle(CompletableFuture<Void> done) {
    if (isIdle()) done.complete(null);
    else loop.schedule(1_000_000, () -> awaitIdle(done));
  }
}
