package sluice.volume.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * A disk with a volatile cache. Requests take effect and complete when, and in the order that, the test says; or at once. A
 * power cut loses any of the writes that were not made stable, each one wholly, in part or not at all.
 */
public final class FakeDisk implements BlockDevice {
  private static final int SECTOR = 512;

  private record Unstable(long offset, byte[] data) {}

  private final String name;
  private final IoLoop loop;
  private final BlockTraits traits;
  /** What a read sees. */
  public final byte[] bytes;
  private final byte[] stable;
  private final List<Unstable> unstable = new ArrayList<>();
  public final List<BlockRequest> pending = new ArrayList<>();
  public final List<String> log = new ArrayList<>();
  public boolean atOnce = true;
  /** Every request ends with this if it is not 0; only those of {@link #failOnly} if that is not null. */
  public int error;
  /** A mark of the test: it lost what was not stable and nobody has given its leg up yet. */
  public boolean lost;
  public BlockOp failOnly;
  /** Only requests that begin before this offset fail. */
  public long failBelow = Long.MAX_VALUE;

  public FakeDisk(String name, IoLoop loop, int size) {
    this(name, loop, size, true);
  }

  public FakeDisk(String name, IoLoop loop, int size, boolean quickZeroes) {
    this(name, loop, size, size, quickZeroes);
  }

  /** @param backed only these bytes can be written; the rest reads as zeroes */
  public FakeDisk(String name, IoLoop loop, int size, int backed, boolean quickZeroes) {
    this.name = name;
    this.loop = loop;
    bytes = new byte[backed];
    stable = new byte[backed];
    traits = new BlockTraits(size, 512, 4096, false, true, quickZeroes, false);
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
  public void submit(BlockRequest r) {
    log.add(r.op + " " + r.offset + "+" + r.length + (r.fua() ? " FUA" : ""));
    if (atOnce) r.completed(apply(r));
    else pending.add(r);
  }

  public void complete(int index) {
    BlockRequest r = pending.remove(index);
    r.completed(apply(r));
  }

  public void completeAll() {
    while (!pending.isEmpty()) complete(0);
  }

  private boolean fails(BlockRequest r) {
    return error != 0 && (failOnly == null || r.op == failOnly) && r.offset < failBelow;
  }

  private int apply(BlockRequest r) {
    if (fails(r)) return error;
    int at = (int) r.offset;
    switch (r.op) {
      case READ -> {
        byte[] data = new byte[(int) r.length];
        int there = Math.max(0, Math.min(data.length, bytes.length - at));
        if (there > 0) System.arraycopy(bytes, at, data, 0, there);
        r.buffer.bytes().put(r.bufferIndex, data);
      }
      case WRITE, WRITE_ZEROES -> {
        byte[] data = new byte[(int) r.length];
        if (r.op == BlockOp.WRITE) r.buffer.bytes().get(r.bufferIndex, data);
        System.arraycopy(data, 0, bytes, at, data.length);
        unstable.add(new Unstable(at, data));
        // Whatever lies before it may as well stay unstable: only its own range is promised.
        if (r.fua()) System.arraycopy(data, 0, stable, at, data.length);
        if (r.fua()) unstable.remove(unstable.size() - 1);
        if (r.fua()) forget(at, at + data.length);
      }
      case FLUSH -> {
        System.arraycopy(bytes, 0, stable, 0, bytes.length);
        unstable.clear();
      }
      default -> throw new AssertionError(r.op + " is not for a leg");
    }
    return IoError.OK;
  }

  /** A stable write is newer than what overlaps it: older data must not come back. */
  private void forget(int from, int to) {
    List<Unstable> kept = new ArrayList<>();
    for (Unstable u : unstable) {
      int start = (int) u.offset();
      int end = start + u.data().length;
      if (end <= from || start >= to) {
        kept.add(u);
        continue;
      }
      if (start < from) kept.add(new Unstable(start, Arrays.copyOfRange(u.data(), 0, from - start)));
      if (end > to) kept.add(new Unstable(to, Arrays.copyOfRange(u.data(), to - start, u.data().length)));
    }
    unstable.clear();
    unstable.addAll(kept);
  }

  /** What is pending has happened in part, and will never complete; what was not stable is there in part. */
  public void powerCut(Random random) {
    for (BlockRequest r : pending) {
      if (r.op != BlockOp.WRITE && r.op != BlockOp.WRITE_ZEROES) continue;
      byte[] data = new byte[(int) r.length];
      if (r.op == BlockOp.WRITE) r.buffer.bytes().get(r.bufferIndex, data);
      unstable.add(new Unstable(r.offset, data));
    }
    pending.clear();
    for (Unstable u : unstable) {
      int kind = random.nextInt(3);
      for (int s = 0; s < u.data().length; s += SECTOR) {
        if (kind == 0 || kind == 1 && random.nextBoolean()) continue;
        System.arraycopy(u.data(), s, stable, (int) u.offset() + s, Math.min(SECTOR, u.data().length - s));
      }
    }
    unstable.clear();
    System.arraycopy(stable, 0, bytes, 0, bytes.length);
  }

  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.completedStage(null);
  }

  /** Lines of the log that begin so. */
  public long count(String start) {
    return log.stream().filter(l -> l.startsWith(start)).count();
  }

  @Override
  public String toString() {
    return name;
  }
}
