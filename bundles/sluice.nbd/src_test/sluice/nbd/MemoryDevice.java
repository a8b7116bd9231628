package sluice.nbd;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/** Bytes in memory that know which of their blocks were written; can hold requests back and fail them. */
public final class MemoryDevice implements BlockDevice {
  private static final int BLOCK = 4096;

  public final byte[] bytes;
  public final BitSet allocated;
  public final ArrayDeque<BlockRequest> held = new ArrayDeque<>();
  int flushes;
  int fuas;
  /** Set on the loop: keeps what is submitted until {@link #letGo}. */
  public boolean holding;
  /** Error of a request, or 0. */
  ToIntFunction<BlockRequest> failing = r -> 0;
  private final IoLoop loop;
  private final BlockTraits traits;

  public MemoryDevice(IoLoop loop, int size) {
    this(loop, new BlockTraits(size, 1, BLOCK, false, true, true, false));
  }

  public MemoryDevice(IoLoop loop, BlockTraits traits) {
    this.loop = loop;
    this.traits = traits;
    bytes = new byte[(int) traits.size()];
    allocated = new BitSet((int) (traits.size() / BLOCK));
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
    if (holding) held.add(request);
    else request.completed(perform(request));
  }

  public void letGo() {
    holding = false;
    for (BlockRequest r = held.poll(); r != null; r = held.poll()) r.completed(perform(r));
  }

  private int perform(BlockRequest r) {
    int error = failing.applyAsInt(r);
    if (error != 0) return error;
    if (r.op == BlockOp.FLUSH) {
      flushes++;
      return 0;
    }
    if (r.offset < 0 || r.end() > bytes.length) return IoError.EINVAL;
    if (r.fua()) fuas++;
    int at = (int) r.offset;
    int n = (int) r.length;
    switch (r.op) {
      case READ -> r.buffer.bytes().put(r.bufferIndex, bytes, at, n);
      case WRITE -> {
        r.buffer.bytes().get(r.bufferIndex, bytes, at, n);
        allocated.set(at / BLOCK, (at + n + BLOCK - 1) / BLOCK);
      }
      case TRIM, WRITE_ZEROES -> {
        Arrays.fill(bytes, at, at + n, (byte) 0);
        allocated.clear((at + BLOCK - 1) / BLOCK, Math.max((at + BLOCK - 1) / BLOCK, (at + n) / BLOCK));
      }
      default -> { }
    }
    return 0;
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    long at = offset;
    while (at < offset + length) {
      long next = Math.min(offset + length, (at / BLOCK + 1) * BLOCK);
      sink.range(next - at, allocated.get((int) (at / BLOCK)) ? StatusSink.DATA : StatusSink.HOLE | StatusSink.ZERO);
      at = next;
    }
    sink.completed(0);
  }

  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.completedFuture(null);
  }
}
