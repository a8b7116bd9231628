package sluice.server.volumes;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/** The volume's engine of the moment; ENXIO while there is none. It is closed by who opened it. On the loop. */
record EngineDevice(IoLoop loop, BlockTraits traits, Supplier<? extends BlockDevice> engine) implements BlockDevice {
  @Override
  public void submit(BlockRequest request) {
    BlockDevice now = engine.get();
    if (now == null) request.completed(IoError.ENXIO);
    else now.submit(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    BlockDevice now = engine.get();
    if (now == null) sink.completed(IoError.ENXIO);
    else now.status(offset, length, sink);
  }

  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.completedStage(null);
  }
}
