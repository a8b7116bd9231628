package sluice.server.disks;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoLoop;
import sluice.io.label.LabelIo;
import sluice.io.label.LabelResult;

/** Opens whatever a URI names, by the openers that are there at the moment, and reads what label it has. Any thread. */
public final class DiskAccess {
  /** What is open, and what was found on it. Whoever gets it closes the device. */
  public record Found(String uri, BlockDevice device, LabelResult label) {}

  private final List<DiskOpener> openers = new CopyOnWriteArrayList<>();

  public void add(DiskOpener opener) {
    openers.add(opener);
  }

  public void remove(DiskOpener opener) {
    openers.remove(opener);
  }

  /**
   * Never blocks, and has no deadline of its own: a device that is opened late must not be lost. Fails with a
   * {@link SluiceException}.
   */
  public CompletionStage<Found> open(String uri, IoLoop loop, boolean readOnly) {
    try {
      DiskUri parsed = new DiskUri(uri);
      for (DiskOpener opener : openers) {
        if (opener.serves(parsed)) return opener.open(parsed, loop, readOnly).thenCompose(d -> label(uri, d));
      }
      throw new SluiceException(ErrorCode.UNAVAILABLE, "the disk " + uri + " cannot be opened",
          "no part of this program opens " + parsed.scheme() + ": disks", "see whether its bundle is started", uri);
    } catch (SluiceException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static CompletionStage<Found> label(String uri, BlockDevice device) {
    CompletableFuture<Found> result = new CompletableFuture<>();
    LabelIo.read(device).whenComplete((label, failure) -> {
      if (failure == null) result.complete(new Found(uri, device, label));
      else device.close().whenComplete((x, y) -> result.completeExceptionally(failure));
    });
    return result;
  }

  /**
   * As {@link #open}, for a look that somebody waits for: fails with TIMEOUT at the deadline, and closes what is opened
   * later.
   */
  public CompletionStage<Found> look(String uri, IoLoop loop, boolean readOnly, long deadlineMs) {
    CompletableFuture<Found> result = new CompletableFuture<>();
    CompletionStage<Found> opening = open(uri, loop, readOnly);
    opening.whenComplete((found, failure) -> {
      if (failure != null) result.completeExceptionally(failure);
      else if (!result.complete(found)) found.device().close();
    });
    CompletableFuture.delayedExecutor(deadlineMs, TimeUnit.MILLISECONDS).execute(() -> result.completeExceptionally(
        new SluiceException(ErrorCode.TIMEOUT, "the disk " + uri + " does not answer",
            "no answer within " + deadlineMs / 1000 + " s", "see to the disk and its path, then try again", uri)));
    return result;
  }

  /** For people, of any failure of an opening or of an operation on a disk. */
  public static String reason(Throwable failure) {
    Throwable t = failure;
    while (t.getCause() != null && !(t instanceof SluiceException)) t = t.getCause();
    if (t instanceof SluiceException e) return e.getMessage();
    return t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
  }
}
