package sluice.agent.volume;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoLoop;
import sluice.io.label.LabelIo;
import sluice.io.label.LabelResult;
import sluice.protocol.v1.DiskStatus;

/**
 * The ways to disks that this host was told of: which disk each leads to, by its label. State is the control thread's.
 */
public final class OwnDisks {
  private static final Logger LOG = LoggerFactory.getLogger(OwnDisks.class);
  private static final long LABEL_SECONDS = 10;

  private final List<DiskUri> uris;
  private final List<DiskOpener> openers;
  private final Supplier<IoLoop> loops;
  private final Executor control;
  private final Runnable changed;
  private final Map<DiskUri, DiskStatus> found = new LinkedHashMap<>();
  private final Map<DiskUri, String> problems = new LinkedHashMap<>();
  private boolean scanning;
  private volatile List<DiskStatus> published = List.of();

  /**
   * @param openers may change at any time
   * @param control where results are taken in and {@code changed} is called
   */
  public OwnDisks(List<DiskUri> uris, List<DiskOpener> openers, Supplier<IoLoop> loops, Executor control, Runnable changed) {
    this.uris = List.copyOf(uris);
    this.openers = openers;
    this.loops = loops;
    this.control = control;
    this.changed = changed;
  }

  /** Looks at all ways. The stage completes on the control thread; does not fail. */
  public CompletionStage<Void> scan() {
    if (scanning || uris.isEmpty()) return CompletableFuture.completedFuture(null);
    scanning = true;
    List<DiskStatus> before = published;
    List<CompletableFuture<Void>> looks = new ArrayList<>();
    for (DiskUri uri : uris) {
      looks.add(look(uri).handle((label, failure) -> failure == null ? label : LabelFailure.of(failure))
          .thenAcceptAsync(result -> took(uri, result), control).toCompletableFuture());
    }
    return CompletableFuture.allOf(looks.toArray(CompletableFuture<?>[]::new)).thenRunAsync(() -> {
      scanning = false;
      published = List.copyOf(found.values());
      if (!published.equals(before)) changed.run();
    }, control);
  }

  /** A label that could not be read. */
  private static final class LabelFailure {
    static LabelResult of(Throwable failure) {
      return LabelResult.without(LabelResult.State.DAMAGED, Failures.text(failure));
    }
  }

  private CompletionStage<LabelResult> look(DiskUri uri) {
    DiskOpener opener = openers.stream().filter(o -> o.serves(uri)).findFirst().orElse(null);
    if (opener == null) return CompletableFuture.failedFuture(new IllegalStateException("nothing here opens " + uri.scheme() + ": disks"));
    return opener.open(uri, loops.get(), true).thenCompose(OwnDisks::label);
  }

  private static CompletionStage<LabelResult> label(BlockDevice device) {
    return LabelIo.read(device).toCompletableFuture().orTimeout(LABEL_SECONDS, TimeUnit.SECONDS)
        .whenComplete((label, failure) -> device.close());
  }

  private void took(DiskUri uri, LabelResult result) {
    DiskStatus old = found.get(uri);
    if (result.found()) {
      problems.remove(uri);
      String id = result.label().diskId();
      if (old != null && old.getDiskId().equals(id) && old.getState() == DiskStatus.State.ONLINE) return;
      LOG.info("{} leads to disk {} ({})", uri, result.label().name(), id);
      found.put(uri, status(uri, id, DiskStatus.State.ONLINE, ""));
      return;
    }
    String why = result.note().isEmpty() ? "no label" : result.note();
    if (!why.equals(problems.put(uri, why))) LOG.warn("{} leads to no disk: {}", uri, why);
    if (old == null) return;
    boolean answers = result.state() == LabelResult.State.NONE;
    if (old.getState() == DiskStatus.State.ONLINE) {
      found.put(uri, status(uri, old.getDiskId(), answers ? DiskStatus.State.WRONG : DiskStatus.State.OFFLINE, why));
    }
  }

  private static DiskStatus status(DiskUri uri, String id, DiskStatus.State state, String reason) {
    return DiskStatus.newBuilder().setDiskId(id).setState(state).setReason(reason).setUri(uri.text())
        .setSinceMs(System.currentTimeMillis()).build();
  }

  /** Any thread: what this host knows of disks. */
  public List<DiskStatus> statuses() {
    return published;
  }

  /** Any thread: by disk, the ways of this host's own that have ever led to it; a way that is down now may be back soon. */
  public Map<String, List<DiskUri>> ways() {
    Map<String, List<DiskUri>> ways = new TreeMap<>();
    for (DiskStatus s : published) ways.computeIfAbsent(s.getDiskId(), id -> new ArrayList<>()).add(new DiskUri(s.getUri()));
    return ways;
  }
}
