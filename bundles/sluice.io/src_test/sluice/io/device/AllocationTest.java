package sluice.io.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import sluice.api.block.IoBuffer;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoLoop;
import sluice.api.layout.Extent;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.io.testing.ManualLoop;
import sluice.io.testing.TestBuffer;

/** The stack allocates nothing for a request once its pools have grown. */
class AllocationTest {
  private static final int MIB = 1 << 20;
  private static final int DEPTH = 32;
  private final ManualLoop loop = new ManualLoop();

  /** Completes what it was given when it is told to. */
  private static final class Sink implements BlockDevice {
    private final IoLoop loop;
    private final BlockRequest[] pending = new BlockRequest[8 * DEPTH];
    private int count;

    Sink(IoLoop loop) {
      this.loop = loop;
    }

    @Override
    public IoLoop loop() {
      return loop;
    }

    @Override
    public BlockTraits traits() {
      return new BlockTraits(64 * MIB, 4096, 4096, false, true, true, false);
    }

    @Override
    public void submit(BlockRequest request) {
      pending[count++] = request;
    }

    void completeAll() {
      while (count > 0) pending[--count].completed(0);
    }

    @Override
    public CompletionStage<Void> close() {
      return CompletableFuture.completedStage(null);
    }
  }

  private static final class Reused extends BlockRequest {
    int completions;

    @Override
    public void completed(int error) {
      if (error != 0) throw new AssertionError(error);
      completions++;
    }
  }

  private static long allocatedByThisThread() throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Method bytes = Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
    return (long) bytes.invoke(threads, Thread.currentThread().getId());
  }

  @Test
  void readsAndWritesThroughLayoutSliceAndAlignmentAllocateNothing() throws Exception {
    Sink a = new Sink(loop);
    Sink b = new Sink(loop);
    VolumeLayout layout = new VolumeLayout(1, 32 * MIB, List.of(new Segment(0, 32 * MIB, 64 << 10,
        List.of(List.of(new Extent("a", MIB, 16 * MIB), new Extent("b", MIB, 16 * MIB))))));
    BlockDevice volume = AlignedDevice.of(
        new LayoutDevice(loop, layout,
            new BlockDevice[] {new SliceDevice(a, MIB, 32 * MIB), new SliceDevice(b, 0, 32 * MIB)}));
    Reused[] requests = new Reused[DEPTH];
    for (int i = 0; i < DEPTH; i++) {
      requests[i] = new Reused();
      requests[i].buffer = new TestBuffer(256 << 10, () -> {});
      requests[i].bufferIndex = IoBuffer.HEADROOM;
    }
    rounds(volume, requests, a, b, 3000);
    long before = allocatedByThisThread();
    rounds(volume, requests, a, b, 3000);
    long perRequest = (allocatedByThisThread() - before) / (3000L * DEPTH);
    assertEquals(6000, requests[0].completions);
    assertTrue(perRequest < 1, perRequest + " bytes a request");
  }

  private static void rounds(BlockDevice volume, Reused[] requests, Sink a, Sink b, int rounds) {
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < requests.length; i++) {
        int length = i % 4 == 0 ? 192 << 10 : 4096;
        requests[i].set(i % 2 == 0 ? BlockOp.READ : BlockOp.WRITE, 0, (round * 31L + i) % 128 * 4096, length);
        volume.submit(requests[i]);
      }
      a.completeAll();
      b.completeAll();
    }
  }
}
