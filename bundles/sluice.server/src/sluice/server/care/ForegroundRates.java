package sluice.server.care;

import java.util.HashMap;
import java.util.Map;
import sluice.protocol.v1.IoCounters;

/** How fast hosts read and write one volume, from the counters in their heartbeats. Pure: the time comes with each call. */
final class ForegroundRates {
  /** Heartbeats of one round come over several networks; between those no rate can be told. */
  private static final long SHORTEST_NANOS = 100_000_000L;
  /** Of a host that has not been heard for as long nothing is known any more. */
  private static final long KEPT_NANOS = 10_000_000_000L;

  private record Seen(long bytes, long nanos, long rate) {}

  private final Map<String, Seen> hosts = new HashMap<>();

  void heard(String host, IoCounters counters, long now) {
    long bytes = counters.getReadBytes() + counters.getWrittenBytes();
    Seen before = hosts.get(host);
    if (before == null || bytes < before.bytes) hosts.put(host, new Seen(bytes, now, 0));
    else if (now - before.nanos >= SHORTEST_NANOS) {
      hosts.put(host, new Seen(bytes, now, (long) ((bytes - before.bytes) * 1e9 / (now - before.nanos))));
    }
  }

  /** Bytes a second of all hosts together. */
  long bytesPerSecond(long now) {
    hosts.values().removeIf(s -> now - s.nanos > KEPT_NANOS);
    long sum = 0;
    for (Seen s : hosts.values()) sum += s.rate;
    return sum;
  }
}
