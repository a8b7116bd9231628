package sluice.server.volumes;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/** The volume's engine of the moment, and what it is like; ENXIO while there is none. It is closed by who opened it. On the loop. */
record EngineDevice(IoLoop loop, Supplier<BlockTraits> now, Supplier<? extends BlockDevice> engine) implements BlockDevice {
  @Override
  public BlockTraits traits() {
    return now.get();
  }

  @Override
  public void submit(BlockRequest request) {
    BlockDevice open = engine.get();
    if (open == null) request.completed(IoError.ENXIO);
    else open.submit(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    BlockDevice open = engine.get();
    if (open == null) sink.completed(IoError.ENXIO);
    else open.status(offset, length, sink);
  }

  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.completedStage(null);
  }
}
