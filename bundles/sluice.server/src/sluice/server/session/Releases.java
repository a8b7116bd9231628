package sluice.server.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.ReleaseVolume;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;
import sluice.server.ControlThread;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.Changes;

/**
 * Ends attachments whose host gives the volume back (invariant 3). A host has given it back when it says that
 * assignments without the volume are in force, and does not say that it holds it; for shared volumes also when its
 * lease and a margin have run out. Before the catalog knows, the host's connections over the server route are closed
 * and drained, and the volume's care has agreed. On the control thread.
 */
final class Releases implements CatalogFollower.Follower {
  private static final Logger LOG = LoggerFactory.getLogger(Releases.class);

  private record Key(String volume, String host) {}

  /** Whoever cares for the volume. */
  interface Care {
    /** @param answer empty: the attachment may be released; otherwise why not yet */
    void release(String volume, String host, Consumer<String> answer);
  }

  private final ControlThread control;
  private final CatalogEngine engine;
  private final Changes changes;
  private final BiFunction<String, String, CompletionStage<Void>> fence;
  /** Attachments that shall end, by the revision from which on the host's assignments do not name them. */
  private final Map<Key, Long> detaching = new HashMap<>();
  private final Map<Key, Attachment> attachments = new HashMap<>();
  private final Set<String> shared = new HashSet<>();
  private final Set<Key> underWay = new HashSet<>();
  private final Care care;
  /** Which run of the host's agent has last said that it holds the volume. */
  private final Map<Key, Long> heldBy = new HashMap<>();
  private final Map<String, Set<String>> holders = new HashMap<>();

  /** @param fence of host and volume: completes when the server route is closed and drained */
  Releases(ControlThread control, CatalogEngine engine, Changes changes, BiFunction<String, String, CompletionStage<Void>> fence, Care care) {
    this.control = control;
    this.engine = engine;
    this.changes = changes;
    this.fence = fence;
    this.care = care;
  }

  @Override
  public void reload() {
    detaching.clear();
    holders.clear();
    attachments.clear();
    shared.clear();
    long revision = engine.read(CatalogView::revision);
    for (Volume v : engine.read(CatalogView::volumes)) follow(v, revision);
  }

  @Override
  public void changed(CatalogDelta delta) {
    for (ObjectChange change : delta.getChangesList()) {
      if (change.hasVolume()) follow(change.getVolume(), delta.getRevision());
      else if (change.hasRemoved()) {
        forget(change.getRemoved().getId());
        holders.remove(change.getRemoved().getId());
        heldBy.keySet().removeIf(k -> k.volume.equals(change.getRemoved().getId()));
      }
    }
  }

  private void forget(String volume) {
    detaching.keySet().removeIf(k -> k.volume.equals(volume));
    attachments.keySet().removeIf(k -> k.volume.equals(volume));
    shared.remove(volume);
  }

  private void follow(Volume volume, long revision) {
    Map<Key, Long> before = new HashMap<>(detaching);
    forget(volume.getId());
    if (volume.getShared()) shared.add(volume.getId());
    Set<String> now = new HashSet<>();
    volume.getAttachmentsList().forEach(a -> now.add(a.getHostId()));
    holders.put(volume.getId(), now);
    heldBy.keySet().removeIf(k -> k.volume.equals(volume.getId()) && !now.contains(k.host));
    for (Attachment a : volume.getAttachmentsList()) {
      if (!a.getDetaching()) continue;
      Key key = new Key(volume.getId(), a.getHostId());
      detaching.put(key, before.getOrDefault(key, revision));
      attachments.put(key, a);
    }
  }

  /** What the host says. @param incarnation of its agent */
  void heard(String host, long incarnation, Heartbeat heartbeat) {
    Set<String> held = new HashSet<>();
    for (VolumeStatus s : heartbeat.getVolumesList()) if (s.getHeld()) held.add(s.getVolumeId());
    for (String volume : held) if (holders.getOrDefault(volume, Set.of()).contains(host)) heldBy.put(new Key(volume, host), incarnation);
    for (Map.Entry<Key, Long> e : List.copyOf(detaching.entrySet())) {
      Key key = e.getKey();
      if (key.host.equals(host) && heartbeat.getAssignments() >= e.getValue() && !held.contains(key.volume)) {
        // An agent that was started anew does not know what the one before it left unfinished.
        release(key, !Long.valueOf(incarnation).equals(heldBy.get(key)), "the host has given it back");
      }
    }
  }

  /** The host's lease and a margin have run out: it has stopped I/O on what it shares (invariant 2). */
  void leaseEnded(String host) {
    for (Key key : List.copyOf(detaching.keySet())) {
      if (key.host.equals(host) && shared.contains(key.volume)) release(key, true, "the host's lease has run out");
    }
  }

  private void release(Key key, boolean unfinished, String why) {
    if (!underWay.add(key)) return;
    Attachment attachment = attachments.get(key);
    ReleaseVolume release = ReleaseVolume.newBuilder().setVolumeId(key.volume).setHostId(key.host).setUnfinished(unfinished).build();
    // One id for one attachment: repeated after a failure, it takes effect once.
    String request = "release-" + key.volume + "-" + key.host + "-" + attachment.getSinceMs();
    LOG.info("volume {} is released from host {}: {}", key.volume, key.host, why);
    fence.apply(key.host, key.volume).thenComposeAsync(x -> agreed(key), control)
        .thenComposeAsync(x -> changes.submit(Changes.SERVER, request, Change.newBuilder().setReleaseVolume(release).build()), control)
        .whenCompleteAsync((outcome, failure) -> {
          underWay.remove(key);
          if (failure != null) LOG.warn("volume {} is not released from host {} yet: {}", key.volume, key.host, failure.toString());
          else if (outcome.refused()) LOG.warn("volume {} is not released from host {}: {}", key.volume, key.host, outcome.result().getProblem().getWhat());
        }, control);
  }

  private CompletionStage<Void> agreed(Key key) {
    CompletableFuture<Void> agreed = new CompletableFuture<>();
    care.release(key.volume, key.host, why -> {
      if (why.isEmpty()) agreed.complete(null);
      else agreed.completeExceptionally(new SluiceException(ErrorCode.CONFLICT, "the volume cannot be released yet", why, "it is tried again", key.volume));
    });
    return agreed;
  }
}
