package sluice.agent.direct;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * The place of one disk in a route: the disk while it is open, ENXIO while it is not. A device that says it is gone is closed
 * (when what it still has is settled) and looked for again.
 */
final class DiskSlot implements BlockDevice {
  private static final Logger LOG = LoggerFactory.getLogger(DiskSlot.class);
  private static final long RETRY_MIN = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long RETRY_MAX = TimeUnit.SECONDS.toNanos(4);

  private final DirectRoute route;
  private final String diskId;
  private final DiskFinder finder;
  private final List<CompletableFuture<Void>> goodbyes = new ArrayList<>();
  private BlockDevice device;
  private BlockTraits traits;
  private String reason;
  private long backoff = RETRY_MIN;
  private IoLoop.Timer retry;
  private boolean searching;
  private boolean closing;
  private Passed freePassed;

  DiskSlot(DirectRoute route, String diskId, DiskFinder finder) {
    this.route = route;
    this.diskId = diskId;
    this.finder = finder;
    reason = label() + ": it is being opened";
  }

  /** For people. */
  String label() {
    return finder.diskName();
  }

  boolean isOpen() {
    return device != null;
  }

  /** Why it is not open. */
  String reason() {
    return reason;
  }

  void open() {
    retry = null;
    if (closing || searching || device != null) return;
    searching = true;
    finder.search(new DiskFinder.Found() {
      @Override
      public void found(BlockDevice found, DiskUri way) {
        opened(found, way);
      }

      @Override
      public void notFound(String why) {
        searching = false;
        reason = why;
        retryLater();
        route.slotChanged();
      }
    });
  }

  private void opened(BlockDevice found, DiskUri way) {
    searching = false;
    if (closing) {
      goodbyes.add(found.close().toCompletableFuture());
      return;
    }
    LOG.info("{} ({}) is open at {}", label(), diskId, way);
    device = found;
    BlockTraits t = found.traits();
    traits = new BlockTraits(t.size(), DirectRoute.ALIGNMENT, Math.max(t.preferred(), DirectRoute.ALIGNMENT), t.readOnly(),
        t.trim(), t.zeroes(), t.rotational());
    backoff = RETRY_MIN;
    reason = "";
    route.slotChanged();
  }

  private void retryLater() {
    if (closing) return;
    retry = finder.loop().schedule(backoff, this::open);
    backoff = Math.min(RETRY_MAX, backoff * 2);
  }

  private void lost(BlockDevice which, int error) {
    if (which != device) return;
    device = null;
    reason = label() + ": " + IoError.text(error);
    LOG.warn("{} ({}) is lost: {}", label(), diskId, IoError.text(error));
    goodbyes.removeIf(CompletableFuture::isDone);
    goodbyes.add(which.close().toCompletableFuture());
    retryLater();
    route.slotChanged();
  }

  @Override
  public IoLoop loop() {
    return finder.loop();
  }

  /** Of the disk when it was last open. */
  @Override
  public BlockTraits traits() {
    return traits;
  }

  @Override
  public void submit(BlockRequest request) {
    if (device == null) {
      route.slotFailed(this);
      request.completed(IoError.ENXIO);
      return;
    }
    Passed passed = freePassed;
    if (passed == null) passed = new Passed();
    else freePassed = passed.nextFree;
    passed.parent = request;
    passed.by = device;
    passed.set(request.op, request.flags, request.offset, request.length);
    passed.buffer = request.buffer;
    passed.bufferIndex = request.bufferIndex;
    device.submit(passed);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (device == null) sink.completed(IoError.ENXIO);
    else device.status(offset, length, sink);
  }

  /** On the loop, when nothing is under way any more. Completes when every device it ever had is closed. */
  @Override
  public CompletionStage<Void> close() {
    closing = true;
    if (retry != null) retry.cancel();
    if (device != null) goodbyes.add(device.close().toCompletableFuture());
    device = null;
    return CompletableFuture.allOf(goodbyes.toArray(CompletableFuture<?>[]::new));
  }

  /** A request on its way through, to see how it ends. */
  private final class Passed extends BlockRequest {
    private BlockRequest parent;
    private BlockDevice by;
    private Passed nextFree;

    @Override
    public void completed(int error) {
      BlockRequest of = parent;
      BlockDevice was = by;
      parent = null;
      by = null;
      buffer = null;
      nextFree = freePassed;
      freePassed = this;
      if (error != IoError.OK) {
        route.slotFailed(DiskSlot.this);
        if (error == IoError.ENXIO || error == IoError.ESHUTDOWN) lost(was, error);
      }
      of.completed(error);
    }
  }
}
