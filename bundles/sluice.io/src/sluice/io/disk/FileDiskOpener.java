package sluice.io.disk;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import sluice.api.DiskUri;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoLoop;
import sluice.io.LoopKind;
import sluice.io.NettyLoop;

/**
 * Opens {@code file:} and {@code dev:} disks: on the loop's ring if it has one, otherwise by FileChannel on this
 * opener's threads.
 *
 * <p>A regular file or a block device, larger than nothing, of a multiple of 4 KiB. O_DIRECT, unless the URI says
 * {@code ?cache=on}. Opening does not lock the disk: server and hosts of one machine open the same one. Whether
 * anything else uses it is asked once, when it is added ({@link InUse}). Close what was opened before closing the
 * opener.
 */
@Component(service = DiskOpener.class)
public final class FileDiskOpener implements DiskOpener, AutoCloseable {
  /** Looks at paths, maps holes, and where there is no ring does the I/O; bounded there by the disks' own limits. */
  private static final int THREADS = 8;

  private static final AtomicInteger NAMES = new AtomicInteger();
  private final ThreadPoolExecutor threads;

  @Activate
  public FileDiskOpener() {
    threads = new ThreadPoolExecutor(THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
      Thread thread = new Thread(task, "sluice-disk-" + NAMES.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    });
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public boolean serves(DiskUri uri) {
    return uri.scheme().equals("file") || uri.scheme().equals("dev");
  }

  @Override
  public CompletionStage<BlockDevice> open(DiskUri uri, IoLoop loop, boolean readOnly) {
    NettyLoop netty = NettyLoop.of(loop);
    CompletableFuture<BlockDevice> opened = new CompletableFuture<>();
    try {
      threads.execute(() -> lookAndOpen(uri, netty, readOnly, opened));
    } catch (RejectedExecutionException e) {
      opened.completeExceptionally(DiskProblem.loopGone(uri));
    }
    return opened;
  }

  private void lookAndOpen(DiskUri uri, NettyLoop loop, boolean readOnly, CompletableFuture<BlockDevice> opened) {
    try {
      DiskFacts facts = DiskFacts.of(uri, readOnly);
      if (loop.kind() == LoopKind.IO_URING) UringOpen.start(uri, facts, readOnly, loop, threads, opened);
      else opened.complete(ChannelDisk.open(uri, facts, readOnly, loop, threads));
    } catch (SluiceException e) {
      opened.completeExceptionally(e);
    } catch (RuntimeException e) {
      opened.completeExceptionally(DiskProblem.io(uri, e.getMessage()));
    }
  }

  @Override
  @Deactivate
  public void close() {
    threads.shutdown();
  }
}
