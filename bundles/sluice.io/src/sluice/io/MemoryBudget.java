package sluice.io;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ByteSize;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoLoop;

/**
 * How much memory the requests of one loop's connections may hold, from the request until its answer has left, and who
 * of them gets it. Those who would go beyond their share wait; nobody is refused. On the loop only.
 *
 * <p>A connection that holds nothing may have one request of any size, in turn with others that want the same. Up to
 * 1 MiB it goes on whatever the others hold, as an eighth of the budget is kept for that (and less if that does not
 * suffice for all). Beyond it may hold
 * half of what would then be left besides room for one largest request, so that many connections come to equal shares
 * and none takes everything (the threshold of Choudhury and Hahne for shared packet buffers).
 *
 * <p>A client that does not fetch its answers keeps its share. Only when somebody has waited for {@link #PATIENCE_NANOS}
 * for what is due to him in any case, the largest of those who have neither fetched
 * nor sent a byte for that long, though it is their turn, is cut off.
 */
public final class MemoryBudget {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);
  /** Bytes, room for 64 requests of 4 KiB. */
  static final long SMALL = 1 << 20;
  /** Bytes, room for one of 4 KiB. */
  private static final long LEAST_SMALL = 16 << 10;
  private static final long LARGEST = NettyBuffer.memoryBytes(BufferPool.sizeClass(BlockDevice.MAX_TRANSFER));
  /** Longer than a client that is alive takes to fetch something of what it has asked for. */
  static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long LOOK_NANOS = 1_000_000_000;
  /** Two requests of 32 MiB, with what they are surrounded by and what is kept for small ones. */
  static final long LEAST = 80 << 20;

  private final IoLoop loop;
  private final long capacity;
  private final long keptForSmall;
  private final Set<MemoryShare> shares = new LinkedHashSet<>();
  private final ArrayDeque<MemoryShare> waiting = new ArrayDeque<>();
  private final Runnable wake = this::wake;
  private long held;
  private boolean wakeAsked;
  private boolean looking;
  private long refused;
  private long untold;
  private long toldNanos;

  /** @param capacity bytes */
  public MemoryBudget(IoLoop loop, long capacity) {
    this.loop = loop;
    this.capacity = capacity;
    this.keptForSmall = capacity / 8;
  }

  /**
   * Bytes for each of a program's loops: half of its direct memory, as the pools keep some for reuse and requests that
   * are split or repeated take more.
   */
  static long capacity(long directMemory, int loops) {
    return Math.max(LEAST, directMemory / 2 / loops);
  }

  /**
   * A new connection's part.
   *
   * @param limit bytes: what holds as much begins no further request, however much there is
   */
  public MemoryShare open(MemoryShare.Owner owner, long limit) {
    MemoryShare share = new MemoryShare(this, owner, limit);
    shares.add(share);
    return share;
  }

  /** Whether what the connection wants may begin now. */
  boolean fits(MemoryShare share) {
    long bytes = share.wanted();
    if (bytes == 0 || held == 0) return true;
    if (share.isAtLimit()) return false;
    long left = capacity - held - bytes;
    long mine = share.held() + bytes;
    if (mine <= small()) return left >= 0;
    long room = left - keptForSmall;
    if (share.held() > 0) return mine <= (room - LARGEST) / 2;
    MemoryShare first = firstDue();
    long others = first == null || first == share ? 0 : first.wanted();
    // what is kept need not be kept for those who have it already
    return room >= others || room + Math.min(keptForSmall, usedOfSmall()) >= others;
  }

  /** Bytes that each connection may have whatever the others hold. */
  long small() {
    return Math.max(LEAST_SMALL, Math.min(SMALL, keptForSmall / Math.max(1, shares.size())));
  }

  private long usedOfSmall() {
    long small = small();
    long used = 0;
    for (MemoryShare s : shares) used += Math.min(small, s.held());
    return used;
  }

  /** The one that has waited longest without holding anything. */
  private MemoryShare firstDue() {
    for (MemoryShare s : waiting) if (s.held() == 0) return s;
    return null;
  }

  long now() {
    return loop.nanoTime();
  }

  void await(MemoryShare share) {
    waiting.add(share);
    if (looking) return;
    looking = true;
    loop.schedule(LOOK_NANOS, this::look);
  }

  void left(MemoryShare share) {
    waiting.remove(share);
  }

  void taken(long bytes) {
    held += bytes;
  }

  void returned(long bytes) {
    held -= bytes;
    if (waiting.isEmpty() || wakeAsked) return;
    wakeAsked = true;
    loop.atEndOfBatch(wake);
  }

  void closed(MemoryShare share) {
    shares.remove(share);
    if (waiting.remove(share)) returned(0);
  }

  private void wake() {
    wakeAsked = false;
    for (MemoryShare s : List.copyOf(waiting)) {
      // it keeps its place until it has taken what it waited for
      if (s.isWaiting() && fits(s)) s.goOn();
    }
  }

  /** Once a second while somebody waits. */
  private void look() {
    looking = !waiting.isEmpty();
    long now = loop.nanoTime();
    for (MemoryShare s : shares) s.look(now);
    if (!looking) return;
    loop.schedule(LOOK_NANOS, this::look);
    if (waiting.stream().noneMatch(s -> s.isDue() && now - s.waitingSince() >= PATIENCE_NANOS)) return;
    MemoryShare largest = null;
    for (MemoryShare s : new ArrayList<>(shares)) {
      if (s.isStuck(now) && (largest == null || s.held() > largest.held())) largest = s;
    }
    if (largest != null) {
      largest.cutOff("for " + PATIENCE_NANOS / 1_000_000_000 + " s it has neither fetched nor sent anything of " + new ByteSize(largest.held())
          + " that others wait for");
    }
  }

  /** A request had to be answered with ENOMEM all the same: counts it, and tells of it at most once a second. */
  public void refused(String why) {
    refused++;
    untold++;
    long now = loop.nanoTime();
    if (refused > 1 && now - toldNanos < LOOK_NANOS) return;
    LOG.warn("{} requests were refused, {} in all; {} of {} are held by {} connections: {}", untold, refused,
        new ByteSize(held), new ByteSize(capacity), shares.size(), why);
    toldNanos = now;
    untold = 0;
  }

  /** Requests that were answered with ENOMEM. */
  public long refusals() {
    return refused;
  }

  /** Bytes of the buffers that connections hold. */
  public long heldBytes() {
    return held;
  }

  /** Connections that wait for memory. */
  public int waitingConnections() {
    return waiting.size();
  }

  public long capacityBytes() {
    return capacity;
  }
}
