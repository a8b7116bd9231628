package sluice.agent.volume;

import sluice.agent.router.RouterListener;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.core.redirect.RedirectPolicy;
import sluice.protocol.v1.IoCounters;
import sluice.protocol.v1.LatencySummary;
import sluice.telemetry.Counter;
import sluice.telemetry.LatencyHistogram;
import sluice.telemetry.LatencyWindow;
import sluice.telemetry.Metrics;

/** What a volume has done, for metrics and status. Counting is the loop's; reading is for any thread. */
final class VolumeCounters implements RouterListener {
  /** As the server labels its own, so that both can be joined. */
  static final String LABEL = "volume";
  static final String ID = "volume_id";
  /** Shorter windows hold too few requests to speak of a hundredth of them. */
  private static final long WINDOW_NANOS = 1_000_000_000L;
  private final Metrics metrics;
  private final String volume;
  private final String name;
  private final Runnable stateChanged;
  private final Counter reads;
  private final Counter writes;
  private final Counter readBytes;
  private final Counter writtenBytes;
  private final Counter others;
  private final Counter errors;
  private final LatencyHistogram readLatency;
  private final LatencyHistogram writeLatency;
  private final Counter byError;
  private final Counter byTimeout;
  private final Counter byLoss;
  private final LatencyWindow window;
  private LatencySummary latency = LatencySummary.getDefaultInstance();
  private long windowNanos = System.nanoTime();

  /** @param volume its id, which stays when its name changes; @param name as it is attached, and as it is shown until it is attached anew */
  VolumeCounters(Metrics metrics, String volume, String name, Runnable stateChanged) {
    this.metrics = metrics;
    this.volume = volume;
    this.name = name;
    this.stateChanged = stateChanged;
    reads = counter("sluice_agent_reads_total", "Reads that have ended");
    writes = counter("sluice_agent_writes_total", "Writes that have ended");
    readBytes = counter("sluice_agent_read_bytes_total", "Bytes read");
    writtenBytes = counter("sluice_agent_written_bytes_total", "Bytes written");
    others = counter("sluice_agent_other_requests_total", "Flushes, trims, writes of zeroes and hints that have ended");
    errors = counter("sluice_agent_errors_total", "Requests that ended with an error");
    readLatency = metrics.latency("sluice_agent_read_seconds", "From a read's arrival to its end", LABEL, name, ID, volume);
    writeLatency = metrics.latency("sluice_agent_write_seconds", "From a write's arrival to its end", LABEL, name, ID, volume);
    window = new LatencyWindow(readLatency, writeLatency);
    byError = redirects("error");
    byTimeout = redirects("timeout");
    byLoss = redirects("gone");
  }

  private Counter counter(String series, String help) {
    return metrics.counter(series, help, LABEL, name, ID, volume);
  }

  private Counter redirects(String cause) {
    return metrics.counter("sluice_agent_redirects_total", "Requests that went a second way", LABEL, name, ID, volume, "cause", cause);
  }

  @Override
  public void completed(BlockOp op, long bytes, long nanos, int error) {
    if (error != IoError.OK) errors.increment();
    switch (op) {
      case READ -> {
        reads.increment();
        readBytes.add(bytes);
        readLatency.record(nanos);
      }
      case WRITE -> {
        writes.increment();
        writtenBytes.add(bytes);
        writeLatency.record(nanos);
      }
      default -> others.increment();
    }
  }

  @Override
  public void redirected(String cause) {
    switch (cause) {
      case "error" -> byError.increment();
      case "timeout" -> byTimeout.increment();
      default -> byLoss.increment();
    }
  }

  @Override
  public void stateChanged(RedirectPolicy.State state, String reason) {
    stateChanged.run();
  }

  @Override
  public void stillnessChanged() {
    stateChanged.run();
  }

  IoCounters message(int inFlight, int inDoubt) {
    return IoCounters.newBuilder()
        .setReads(reads.value())
        .setWrites(writes.value())
        .setReadBytes(readBytes.value())
        .setWrittenBytes(writtenBytes.value())
        .setRedirected(byError.value() + byTimeout.value() + byLoss.value())
        .setErrors(errors.value())
        .setInFlight(inFlight)
        .setInDoubt(inDoubt)
        .setLatency(latency())
        .build();
  }

  /** Of the last whole window: statuses are asked for more often, and by several threads. */
  private synchronized LatencySummary latency() {
    long now = System.nanoTime();
    if (now - windowNanos < WINDOW_NANOS) return latency;
    windowNanos = now;
    LatencyWindow.Summary s = window.next();
    latency = LatencySummary.newBuilder().setRequests(s.requests()).setP50Us(micros(s.p50Nanos())).setP99Us(micros(s.p99Nanos())).build();
    return latency;
  }

  /** Rounded up: nothing takes no time. */
  private static long micros(long nanos) {
    return (nanos + 999) / 1000;
  }

  /** The volume is not held any more: its series go. */
  void forget() {
    metrics.forget(ID, volume);
  }
}
