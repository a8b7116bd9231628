package sluice.server.care;

import java.util.concurrent.atomic.AtomicLong;
import sluice.telemetry.Counter;
import sluice.telemetry.LatencyHistogram;
import sluice.telemetry.Metrics;

/** What the care of volumes does, for the metrics. Any thread. */
public final class CareMetrics {
  private final Counter copied;
  private final Counter recalls;
  private final LatencyHistogram recall;
  private final AtomicLong rate = new AtomicLong();

  public CareMetrics(Metrics metrics) {
    copied = metrics.counter("sluice_recovery_bytes_total", "Bytes that were copied to bring legs up to date.");
    recalls = metrics.counter("sluice_recalls_total", "Times that a volume was recalled from its hosts to change its layout.");
    recall = metrics.latency("sluice_recall_seconds", "From a volume's recall until the server went on under its layout.");
    metrics.gauge("sluice_recovery_bytes_per_second", "How fast legs are being brought up to date at the moment.", rate::get);
  }

  void copied(long bytes) {
    copied.add(bytes);
  }

  void recalled(long nanos) {
    recalls.increment();
    recall.record(nanos);
  }

  /** @param bytesPerSecond of all recoveries together */
  public void rate(long bytesPerSecond) {
    rate.set(bytesPerSecond);
  }
}
