package sluice.io.disk;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoLoop;

/** Tells of a disk's failed requests, at most once a second: a disk that dies fails thousands. On the loop only. */
final class FailureLog {
  private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final Path path;
  private final IoLoop loop;
  private boolean told;
  private long lastNanos;
  private long untold;

  FailureLog(Path path, IoLoop loop) {
    this.path = path;
    this.loop = loop;
  }

  /** @param what the system said */
  void failed(BlockRequest request, String what) {
    long now = loop.nanoTime();
    if (told && now - lastNanos < INTERVAL_NANOS) {
      untold++;
      return;
    }
    LOG.warn("disk {}: {} of {} bytes at {} failed: {}{}", path, request.op, request.length, request.offset, what,
        untold == 0 ? "" : "; " + untold + " more since");
    told = true;
    lastNanos = now;
    untold = 0;
  }
}
