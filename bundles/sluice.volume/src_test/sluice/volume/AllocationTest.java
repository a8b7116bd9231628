package sluice.volume;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoLoop;
import sluice.api.layout.VolumeLayout;
import sluice.volume.VolumeEngine.OnLegFailure;
import sluice.volume.testing.Rig;

/** An engine allocates nothing for a request once its pools have grown and the regions are marked. */
class AllocationTest {
  private static final int DEPTH = 32;

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
      return new BlockTraits(64 << 20, 4096, 4096, false, true, true, false);
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
    @Override
    public void completed(int error) {
      if (error != 0) throw new AssertionError(error);
    }
  }

  private final Rig rig = new Rig(8);
  private final Map<String, Sink> sinks = new HashMap<>();

  private long perRequest(VolumeLayout layout) throws Exception {
    VolumeEngine engine = new VolumeEngine(rig.loop, "v", layout, id -> sinks.computeIfAbsent(id, i -> new Sink(rig.loop)), 0, 1,
        OnLegFailure.FAIL, (leg, disk, error) -> {});
    engine.open();
    for (int i = 0; i < 8; i++) turn();
    Reused[] requests = new Reused[DEPTH];
    for (int i = 0; i < DEPTH; i++) {
      requests[i] = new Reused();
      requests[i].buffer = rig.loop.take(64 << 10);
      requests[i].bufferIndex = IoBuffer.HEADROOM;
    }
    rounds(engine, requests, 2000);
    long before = allocated();
    rounds(engine, requests, 2000);
    return (allocated() - before) / (2000L * DEPTH);
  }

  private void turn() {
    rig.loop.run();
    for (Sink s : sinks.values()) s.completeAll();
    rig.loop.run();
  }

  private void rounds(VolumeEngine engine, Reused[] requests, int rounds) {
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < requests.length; i++) {
        BlockOp op = i == 5 ? BlockOp.FLUSH : i % 2 == 0 ? BlockOp.READ : BlockOp.WRITE;
        requests[i].set(op, 0, i == 5 ? 0 : (round * 31L + i) % 128 * 4096, i == 5 ? 0 : 4096);
        engine.submit(requests[i]);
      }
      for (int i = 0; i < 4; i++) turn();
    }
  }

  private static long allocated() throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Method bytes = Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
    return (long) bytes.invoke(threads, Thread.currentThread().getId());
  }

  @Test
  void requestsOfOneLegAllocateNothing() throws Exception {
    long bytes = perRequest(rig.one("a"));
    assertTrue(bytes <= 8, bytes + " bytes a request");
  }

  @Test
  void requestsOfTwoLegsAllocateNothing() throws Exception {
    long bytes = perRequest(rig.mirror("a b"));
    assertTrue(bytes <= 8, bytes + " bytes a request");
  }
}
