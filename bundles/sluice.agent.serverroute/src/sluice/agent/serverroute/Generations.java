package sluice.agent.serverroute;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers of connections, each greater than all before in the life of this process, so also than those that an earlier version
 * of this bundle gave: milliseconds since the process started, or one more than the last. Any thread.
 */
final class Generations {
  private static final AtomicLong LAST = new AtomicLong();

  private Generations() {}

  static long next() {
    long uptime = ManagementFactory.getRuntimeMXBean().getUptime();
    return LAST.updateAndGet(last -> Math.max(last + 1, uptime));
  }
}
