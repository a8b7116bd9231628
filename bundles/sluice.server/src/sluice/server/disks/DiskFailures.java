package sluice.server.disks;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Disks that have failed a write lately, though they may look well now. Pure: the time comes with each call. */
final class DiskFailures {
  /** Long enough that a disk that fails now and then does not get the next copy as well. */
  static final long NANOS = TimeUnit.MINUTES.toNanos(10);

  private record Failure(String error, long nanos) {}

  private final Map<String, Failure> failures = new TreeMap<>();

  void failed(String disk, String error, long now) {
    failures.put(disk, new Failure(error, now));
  }

  void forget(String disk) {
    failures.remove(disk);
  }

  /** Why each of them is to be avoided. */
  Map<String, String> recent(long now) {
    failures.values().removeIf(f -> now - f.nanos > NANOS);
    Map<String, String> reasons = new TreeMap<>();
    failures.forEach((disk, f) -> reasons.put(disk, "it failed a write " + TimeUnit.NANOSECONDS.toSeconds(now - f.nanos) + " s ago: " + f.error));
    return reasons;
  }
}
