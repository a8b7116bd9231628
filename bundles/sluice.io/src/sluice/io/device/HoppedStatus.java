package sluice.io.device;

import java.util.ArrayList;
import java.util.List;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.IoLoop;

/** Collects the answer to a status question on one loop and gives it on another. */
final class HoppedStatus implements StatusSink {
  private record Part(long length, int flags) {}

  private final IoLoop loop;
  private final StatusSink sink;
  private final Runnable after;
  private final List<Part> parts = new ArrayList<>();

  HoppedStatus(IoLoop loop, StatusSink sink, Runnable after) {
    this.loop = loop;
    this.sink = sink;
    this.after = after;
  }

  @Override
  public void range(long length, int flags) {
    parts.add(new Part(length, flags));
  }

  @Override
  public void completed(int error) {
    loop.execute(() -> {
      for (Part part : parts) sink.range(part.length(), part.flags());
      sink.completed(error);
      after.run();
    });
  }
}
