package sluice.server.status;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The newest {@link FolderSpace}. Any thread; the file system is asked by the executor, once at a time, so that one that hangs blocks nobody else. */
public final class FolderWatch implements Supplier<FolderSpace> {
  private final Path dir;
  private final Executor blocking;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile FolderSpace newest;

  public FolderWatch(Path dir, Executor blocking) {
    this.dir = dir;
    this.blocking = blocking;
    newest = FolderSpace.unknown(dir);
  }

  /** Begins to ask, unless the answer to the last time is still to come. */
  public void ask() {
    if (!asking.compareAndSet(false, true)) return;
    try {
      blocking.execute(() -> {
        try {
          newest = FolderSpace.of(dir);
        } finally {
          asking.set(false);
        }
      });
    } catch (RuntimeException e) {
      asking.set(false);
      throw e;
    }
  }

  @Override
  public FolderSpace get() {
    return newest;
  }
}
