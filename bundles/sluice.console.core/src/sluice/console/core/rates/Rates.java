package sluice.console.core.rates;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.protocol.v1.IoCounters;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/**
 * Series of each volume and each host, from counters that only grow; of each task, from what it says of itself. A host that
 * starts again counts from 0, which is no rate. One owner.
 */
public final class Rates {
  /** Closer together than this two reports say nothing. */
  private static final long LEAST_MS = 500;

  private record Known(long timeMs, IoCounters counters) {}

  /** What is added up at one moment. */
  private static final class Sum {
    float reads;
    float writes;
    float readBytes;
    float writtenBytes;
    float redirected;
    float p50 = Float.NaN;
    float p99 = Float.NaN;
    long latencies;
    double p50Weighted;

    void add(IoCounters before, IoCounters now, float seconds) {
      reads += (now.getReads() - before.getReads()) / seconds;
      writes += (now.getWrites() - before.getWrites()) / seconds;
      readBytes += (now.getReadBytes() - before.getReadBytes()) / seconds;
      writtenBytes += (now.getWrittenBytes() - before.getWrittenBytes()) / seconds;
      redirected += (now.getRedirected() - before.getRedirected()) / seconds;
      if (!now.hasLatency() || now.getLatency().getRequests() == 0) return;
      // Of several hosts: the median weighted by requests, the worst of the tails. Both err to the side of telling.
      latencies += now.getLatency().getRequests();
      p50Weighted += (double) now.getLatency().getRequests() * now.getLatency().getP50Us();
      p50 = (float) (p50Weighted / latencies);
      p99 = Float.isNaN(p99) ? now.getLatency().getP99Us() : Math.max(p99, now.getLatency().getP99Us());
    }

    Series.Point point(long timeMs) {
      return new Series.Point(timeMs, reads, writes, readBytes, writtenBytes, redirected, p50, p99);
    }
  }

  private final Map<String, Known> known = new HashMap<>();
  private final Map<ObjectKey, Series> series = new HashMap<>();
  private final Map<String, List<double[]>> tasks = new HashMap<>();

  /** The next view; of any of its volumes and tasks that have reported anew the series get a point. */
  public void look(SanView san) {
    Map<ObjectKey, Sum> sums = new LinkedHashMap<>();
    for (Volume v : san.volumes()) {
      for (VolumeStatus s : san.volumeStatus(v.getId())) {
        if (!s.hasCounters()) continue;
        String key = v.getId() + " " + s.getHostId();
        Known before = known.get(key);
        if (before != null && (before.counters == s.getCounters() || san.timeMs() - before.timeMs < LEAST_MS)) continue;
        known.put(key, new Known(san.timeMs(), s.getCounters()));
        if (before == null || startedAgain(before.counters, s.getCounters())) continue;
        float seconds = (san.timeMs() - before.timeMs) / 1000f;
        sums.computeIfAbsent(new ObjectKey(ObjectKey.Kind.VOLUME, v.getId()), k -> new Sum()).add(before.counters, s.getCounters(), seconds);
        sums.computeIfAbsent(new ObjectKey(ObjectKey.Kind.HOST, s.getHostId()), k -> new Sum()).add(before.counters, s.getCounters(), seconds);
      }
    }
    sums.forEach((key, sum) -> series.computeIfAbsent(key, k -> new Series()).add(sum.point(san.timeMs())));
    for (Task t : san.tasks()) if (!SanView.ended(t)) task(san, t);
    series.keySet().removeIf(k -> !san.ids(k.kind()).contains(k.id()));
    tasks.keySet().removeIf(id -> san.task(id).isEmpty());
    known.keySet().removeIf(k -> san.volume(k.substring(0, k.indexOf(' '))).isEmpty());
  }

  private static boolean startedAgain(IoCounters before, IoCounters now) {
    return now.getReads() < before.getReads() || now.getWrites() < before.getWrites() || now.getReadBytes() < before.getReadBytes()
        || now.getWrittenBytes() < before.getWrittenBytes() || now.getRedirected() < before.getRedirected();
  }

  private void task(SanView san, Task t) {
    TaskStatus s = san.taskStatus(t.getId());
    List<double[]> all = tasks.computeIfAbsent(t.getId(), k -> new ArrayList<>());
    if (!all.isEmpty() && san.timeMs() - all.get(all.size() - 1)[0] < LEAST_MS) return;
    all.add(new double[] {san.timeMs(), s.getBytesPerSecond(), s.getDoneBytes()});
    if (all.size() > Series.CAPACITY) all.remove(0);
  }

  /** Of a volume or host. */
  public Series.Point[] points(ObjectKey key) {
    Series s = series.get(key);
    return s == null ? new Series.Point[0] : s.points();
  }

  public Optional<Series.Point> last(ObjectKey key) {
    return Optional.ofNullable(series.get(key)).map(Series::last);
  }

  /** Of a task: time in ms, bytes a second, bytes done; oldest first. */
  public double[][] task(String taskId) {
    return tasks.getOrDefault(taskId, List.of()).toArray(double[][]::new);
  }

  /** Of a task, for an estimate: the rates of the last minute. */
  public double[] recentRates(String taskId) {
    List<double[]> all = tasks.getOrDefault(taskId, List.of());
    if (all.isEmpty()) return new double[0];
    double from = all.get(all.size() - 1)[0] - 60_000;
    return all.stream().filter(p -> p[0] >= from).mapToDouble(p -> p[1]).toArray();
  }
}
