package sluice.nbd.internal.server;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.IoLoop;

/** Tells of connections that were turned away before they had proven anything: at most once a second, with their number. */
final class StrangerLog {
  private static final Logger LOG = LoggerFactory.getLogger(StrangerLog.class);
  private static final long PAUSE_NANOS = 1_000_000_000;

  private final IoLoop loop;
  private final Supplier<String> address;
  private boolean told;
  private long toldNanos;
  private long untold;

  StrangerLog(IoLoop loop, Supplier<String> address) {
    this.loop = loop;
    this.address = address;
  }

  /** On the loop. */
  void tell(String last) {
    untold++;
    long now = loop.nanoTime();
    if (told && now - toldNanos < PAUSE_NANOS) return;
    LOG.warn("{} connections to {} were turned away, the last one: {}", untold, address.get(), last);
    told = true;
    toldNanos = now;
    untold = 0;
  }
}
