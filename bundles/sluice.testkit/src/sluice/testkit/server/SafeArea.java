package sluice.testkit.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.testkit.disk.Platter;
import sluice.testkit.world.SimLoop;

/**
 * A snapshot area as one run of the server has it: never fails and is always stable, but takes its time, and what a server that
 * crashes has under way may take effect or not. That areas survive their disks is what mirrors are tested for.
 */
final class SafeArea implements BlockDevice {
  private static final int MOST_NANOS = 3_000_000;

  private final SimLoop loop;
  private final Platter platter;

  /** @param platter of all runs */
  SafeArea(SimLoop loop, Platter platter) {
    this.loop = loop;
    this.platter = platter;
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return new BlockTraits(platter.size(), 4096, 4096, false, false, false, false);
  }

  @Override
  public void submit(BlockRequest r) {
    byte[] data = new byte[(int) r.length];
    if (r.op == BlockOp.WRITE) r.buffer.bytes().get(r.bufferIndex, data);
    long from = r.offset;
    BlockOp op = r.op;
    loop.world().after(loop.world().chance().below(MOST_NANOS), () -> {
      if (loop.dead() && loop.world().chance().is(0.5)) return;
      if (op == BlockOp.WRITE) platter.write(from, data.length, data, true);
      loop.execute(() -> {
        if (op == BlockOp.READ) {
          platter.read(from, data);
          r.buffer.bytes().put(r.bufferIndex, data);
        }
        r.completed(IoError.OK);
      });
    });
  }

  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.completedFuture(null);
  }
}
