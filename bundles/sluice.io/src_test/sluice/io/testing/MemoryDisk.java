package sluice.io.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.io.device.RequestCheck;

/** A disk in memory. Requests take effect and complete when, and in the order that, the test says; or at once. */
public final class MemoryDisk implements BlockDevice {
  private final IoLoop loop;
  private final BlockTraits traits;
  public final byte[] bytes;
  public final List<BlockRequest> pending = new ArrayList<>();
  public final List<String> log = new ArrayList<>();
  public boolean atOnce;
  /**
   * Counts down with each WRITE; the one that finds 0 is cut off after {@link #tearAt} bytes, and all after it fail.
   * -1: never.
   */
  public int writesUntilPowerLoss = -1;
  public int tearAt;
  public int failNext;
  public boolean failReads;
  /** The next so many READs come back in other memory than they were sent with, of just the size that they need. */
  public int exchange;
  public int closes;
  private boolean dead;

  public MemoryDisk(IoLoop loop, int size, int alignment) {
    this.loop = loop;
    bytes = new byte[size];
    traits = new BlockTraits(size, alignment, Math.max(alignment, 512), false, true, true, false);
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
    int error = RequestCheck.error(request, traits);
    if (error != IoError.OK) {
      request.completed(error);
      return;
    }
    log.add(request.op + " " + request.offset + "+" + request.length + (request.fua() ? " FUA" : ""));
    if (atOnce) request.completed(apply(request));
    else pending.add(request);
  }

  public void complete(int index) {
    BlockRequest request = pending.remove(index);
    request.completed(apply(request));
  }

  public void completeAll() {
    while (!pending.isEmpty()) complete(0);
  }

  public void restorePower() {
    dead = false;
    writesUntilPowerLoss = -1;
  }

  private int apply(BlockRequest r) {
    if (dead) return IoError.EIO;
    if (failNext != 0) {
      int error = failNext;
      failNext = 0;
      return error;
    }
    switch (r.op) {
      case READ -> {
        if (failReads) return IoError.EIO;
        if (exchange > 0) {
          exchange--;
          r.buffer.release();
          r.buffer = loop.buffers().take((int) (r.bufferIndex - sluice.api.block.IoBuffer.HEADROOM + r.length));
        }
        r.buffer.bytes().put(r.bufferIndex, bytes, (int) r.offset, (int) r.length);
      }
      case WRITE -> {
        dead = writesUntilPowerLoss == 0;
        if (writesUntilPowerLoss > 0) writesUntilPowerLoss--;
        r.buffer.bytes()
            .get(r.bufferIndex, bytes, (int) r.offset, dead ? Math.min(tearAt, (int) r.length) : (int) r.length);
        if (dead) return IoError.EIO;
      }
      case WRITE_ZEROES -> java.util.Arrays.fill(bytes, (int) r.offset, (int) r.end(), (byte) 0);
      case TRIM -> java.util.Arrays.fill(bytes, (int) r.offset, (int) r.end(), (byte) 0xEE);
      default -> {}
    }
    return IoError.OK;
  }

  /** What is all zeroes, in units of 4 KiB, is a hole. */
  @Override
  public void status(long offset, long length, StatusSink sink) {
    for (long at = offset; at < offset + length; ) {
      long step = Math.min(4096 - at % 4096, offset + length - at);
      boolean zero = true;
      for (long i = at; i < at + step; i++) zero &= bytes[(int) i] == 0;
      sink.range(step, zero ? StatusSink.HOLE | StatusSink.ZERO : StatusSink.DATA);
      at += step;
    }
    sink.completed(IoError.OK);
  }

  @Override
  public CompletionStage<Void> close() {
    closes++;
    return CompletableFuture.completedStage(null);
  }

  @Override
  public String toString() {
    return "memory disk";
  }

  /** Of a log line's kind. */
  public long count(BlockOp op) {
    return log.stream().filter(l -> l.startsWith(op + " ")).count();
  }
}
