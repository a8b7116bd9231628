package sluice.server.volumes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.core.care.CareEffects.Difference;
import sluice.core.care.CareEffects.DirtyRange;
import sluice.io.device.RangeLock;

/**
 * Copies ranges of a volume from one leg to others, chunk by chunk, several at once, each under a lock that the server's
 * own changes take as well (invariant 5). Ends with the first error, after what was under way. On the loop.
 */
final class LegCopier {
  static final int CHUNK = 1 << 20;
  static final int IN_FLIGHT = 4;

  /** A leg as a device, past everything. */
  record End(String legId, BlockDevice device) {}

  /**
   * Nothing is copied, but the legs are compared, in smaller chunks since each is read from all of them.
   *
   * @param preferred index of the leg that is right wherever they differ, the first one being 0; -1: none is known to be
   */
  record Comparison(boolean repair, int preferred, Consumer<Difference> different) {}

  /** How a copy ended. */
  interface Done {
    /** @param problem empty: all was copied, or it was stopped */
    void done(String failedLeg, String problem);
  }

  final IoLoop loop;
  final RangeLock lock;
  final End from;
  final List<End> to;
  private final List<DirtyRange> ranges;
  private final CopyPace pace;
  private final CopyRoom room;
  private final LongConsumer copied;
  private final Done done;
  private final Comparison comparison;
  private final List<LegChunk> chunks = new ArrayList<>();
  /** Ended, but for what hangs on a leg that was given up. */
  private final List<LegChunk> ghosts = new ArrayList<>();
  private int range;
  private long at = -1;
  private boolean pumping;
  private boolean ending;
  private boolean waits;
  private boolean ended;
  private String failedLeg = "";
  private String problem = "";

  /** @param comparison null: it is a copy */
  LegCopier(IoLoop loop, RangeLock lock, List<DirtyRange> ranges, End from, List<End> to, CopyPace pace, CopyRoom room,
      LongConsumer copied, Done done, Comparison comparison) {
    this.loop = loop;
    this.lock = lock;
    this.ranges = ranges;
    this.from = from;
    this.to = to;
    this.pace = pace;
    this.room = room;
    this.copied = copied;
    this.done = done;
    this.comparison = comparison;
  }

  void start() {
    pump();
  }

  /** 0: as fast as the disks. */
  void rate(long bytesPerSecond) {
    pace.rate(bytesPerSecond, loop.nanoTime());
    pump();
  }

  /** No further chunk begins. */
  void stop() {
    windUp();
    pump();
  }

  private void windUp() {
    ending = true;
    for (LegChunk chunk : List.copyOf(chunks)) chunk.stopWaiting();
  }

  /** Starts what may start; ends when nothing is left. Not entered again from what it starts. */
  private void pump() {
    if (pumping || ended) return;
    pumping = true;
    while (!ending && chunks.size() < IN_FLIGHT && seek()) {
      long wait = pace.waitNanos(loop.nanoTime());
      if (wait > 0) {
        later(wait);
        break;
      }
      if (waits || !room.take(this::roomAgain)) {
        waits = true;
        break;
      }
      begin();
    }
    pumping = false;
    if (chunks.isEmpty() && !ended && (ending || !seek())) {
      ended = true;
      done.done(failedLeg, problem);
    }
  }

  private void roomAgain() {
    waits = false;
    pump();
  }

  private void later(long nanos) {
    loop.schedule(nanos, this::pump);
  }

  /** Whether there is more to copy; then {@code at} is where. */
  private boolean seek() {
    while (range < ranges.size()) {
      DirtyRange r = ranges.get(range);
      long start = Math.max(at, r.start());
      if (start < end(r)) {
        at = start;
        return true;
      }
      range++;
      at = -1;
    }
    return false;
  }

  /** Bytes after the last whole block are not offered to anybody. */
  private long end(DirtyRange r) {
    return Math.min(r.end(), from.device().traits().size());
  }

  private void begin() {
    int step = comparison == null ? CHUNK : CHUNK / 4;
    long length = Math.min(step - at % step, end(ranges.get(range)) - at);
    LegChunk chunk = comparison == null ? new CopyChunk(this, at, (int) length) : new CompareChunk(this, comparison, at, (int) length);
    at += length;
    pace.begins(length, loop.nanoTime());
    chunks.add(chunk);
    chunk.start();
  }

  boolean ending() {
    return ending;
  }

  /** @param leg where it failed, empty: nowhere */
  void failed(String leg, int error) {
    if (problem.isEmpty()) {
      failedLeg = leg;
      problem = IoError.text(error);
    }
    windUp();
  }

  /** The chunk has given its lock back, and nobody waits for it any more. @param bytes 0: it was not copied */
  void ended(LegChunk chunk, long bytes) {
    chunks.remove(chunk);
    if (bytes > 0) copied.accept(bytes);
    room.giveBack();
    pump();
  }

  /**
   * These legs are given up: chunks that wait for nothing but them end now, so that nobody waits for their locks. What
   * hangs there keeps its memory until it is final.
   */
  void abandon(Set<String> legs) {
    if (!legs.contains(from.legId()) && to.stream().noneMatch(e -> legs.contains(e.legId()))) return;
    windUp();
    for (LegChunk chunk : List.copyOf(chunks)) chunk.abandon(legs);
    pump();
  }

  void abandoned(LegChunk chunk) {
    ghosts.add(chunk);
  }

  void isFinal(LegChunk chunk) {
    ghosts.remove(chunk);
  }

  /** Legs on which something of the copy is under way, what was abandoned included. */
  Set<String> busyLegs() {
    Set<String> busy = new TreeSet<>();
    for (LegChunk chunk : chunks) chunk.busyLegs(busy);
    for (LegChunk chunk : ghosts) chunk.busyLegs(busy);
    return busy;
  }

  boolean isOver() {
    return ended && ghosts.isEmpty();
  }
}
