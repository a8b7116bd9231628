package sluice.server.volumes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoLoop;
import sluice.catalog.CatalogEngine;
import sluice.nbd.Export;
import sluice.nbd.ExportDirectory;
import sluice.nbd.ExportResult;
import sluice.nbd.NbdServer;
import sluice.nbd.Peer;
import sluice.net.pki.PeerIdentity;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Volume;
import sluice.server.ControlThread;
import sluice.server.changes.CatalogFollower;

/**
 * The server route's exports: a volume for the host that holds it, as it holds it, and nothing for anybody else. All
 * refusals look the same from outside (invariant 9). Decided on the control thread; {@link #fence} and what calls it
 * close and drain a host's connections before a volume goes to another.
 */
public final class RouteExports implements CatalogFollower.Follower {
  private static final Logger LOG = LoggerFactory.getLogger(RouteExports.class);
  /** Longer than a handshake may take: a ticket that was not used by then never will be. */
  private static final long UNUSED_NANOS = 30_000_000_000L;
  private static final long SWEEP_MS = 10_000;

  private final ControlThread control;
  private final CatalogEngine engine;
  private final String clusterId;
  private final ServedVolumes devices;
  private final RouteFence fence = new RouteFence();
  private final List<NbdServer> servers = new ArrayList<>();
  private final RouteCounters counters;
  private final SnapshotExports snapshots;

  public RouteExports(ControlThread control, CatalogEngine engine, String clusterId, ServedVolumes volumes,
      RouteCounters counters) {
    this.control = control;
    this.engine = engine;
    this.clusterId = clusterId;
    this.devices = volumes;
    this.counters = counters;
    snapshots = new SnapshotExports(control, engine, volumes);
  }

  public void start() {
    control.every(SWEEP_MS, () -> fence.sweep(control.nanoTime() - UNUSED_NANOS));
  }

  /** Exports for a server on that loop. */
  public ExportDirectory on(IoLoop loop) {
    return new ExportDirectory() {
      @Override
      public void admit(Peer peer, Consumer<Boolean> answer) {
        boolean good = host(peer).isPresent();
        if (!good) counters.refused();
        answer.accept(good);
      }

      @Override
      public void lookup(String name, Peer peer, Consumer<ExportResult> answer) {
        control.call(() -> RouteExports.this.lookup(name, peer, loop)).whenComplete((result, failure) -> {
          if (failure != null) LOG.error("lookup of {} by {} failed", name, peer, failure);
          ExportResult told = failure == null ? result : ExportResult.refused("an internal error");
          loop.execute(() -> answer.accept(told));
        });
      }

      @Override
      public void list(Peer peer, Consumer<List<Listed>> answer) {
        control.call(() -> CompletableFuture.completedFuture(RouteExports.this.list(peer))).whenComplete(
            (found, failure) -> loop.execute(() -> answer.accept(failure == null ? found : List.of())));
      }
    };
  }

  /** A server that has been bound with {@link #on}. On the control thread. */
  public void serves(NbdServer server) {
    servers.add(server);
  }

  /** The host whose certificate this is, if it is good at this moment. */
  private Optional<Host> host(Peer peer) {
    if (peer.certificates() == null || peer.certificates().isEmpty()) return Optional.empty();
    PeerIdentity identity;
    try {
      identity = PeerIdentity.of(peer.certificates().get(0));
    } catch (SluiceException e) {
      return Optional.empty();
    }
    if (identity.kind() != PeerIdentity.Kind.HOST || !identity.clusterId().equals(clusterId)) return Optional.empty();
    return engine.read(v -> v.hostByCertificate(identity.certificateSha256()))
        .filter(h -> h.getId().equals(identity.id()));
  }

  private CompletionStage<ExportResult> lookup(String text, Peer peer, IoLoop loop) {
    Optional<Host> host = host(peer);
    if (SnapshotExports.isSnapshot(text)) return snapshot(host, text, peer, loop);
    RouteName name = RouteName.parse(text);
    if (host.isEmpty() || name == null) return refused(text, peer, host.isEmpty() ? "not a host of this cluster" : "no such name");
    String hostId = host.get().getId();
    Optional<Volume> volume = engine.read(v -> v.volume(name.volume()).or(() -> v.volumeByName(name.volume())));
    Attachment held = volume.map(v -> attachment(v, hostId)).orElse(null);
    if (held == null) return refused(text, peer, "no such volume, or the host does not hold it");
    String why = fence.refusal(hostId, volume.get().getId(), name);
    if (why != null) return refused(text, peer, why);
    if (!devices.sized(volume.get())) return refused(text, peer, "the volume's size is being changed");
    BlockDevice device = devices.device(volume.get(), loop);
    if (device == null) return refused(text, peer, "a disk of the volume is missing");
    return admit(new RouteTicket(hostId, volume.get().getId(), name, text, control.nanoTime()), device,
        held.getAccess() == Access.READ_ONLY, volume.get());
  }

  private CompletionStage<ExportResult> snapshot(Optional<Host> host, String text, Peer peer, IoLoop loop) {
    if (host.isEmpty()) return refused(text, peer, "not a host of this cluster");
    return snapshots.lookup(host.get().getId(), text, loop).thenApply(result -> {
      if (result.export() != null) return result;
      counters.refused();
      LOG.info("{} refused to {}: {}", text, peer, result);
      return result;
    });
  }

  private CompletionStage<ExportResult> refused(String name, Peer peer, String why) {
    counters.refused();
    LOG.info("server route: {} refused to {}: {}", name, peer, why);
    return CompletableFuture.completedFuture(ExportResult.refused(why));
  }

  private static Attachment attachment(Volume volume, String host) {
    for (Attachment a : volume.getAttachmentsList()) if (a.getHostId().equals(host)) return a;
    return null;
  }

  private CompletionStage<ExportResult> admit(RouteTicket ticket, BlockDevice device, boolean readOnly, Volume volume) {
    List<RouteTicket> older = fence.admit(ticket);
    return closeAndDrain(older).thenApplyAsync(drained -> {
      if (ticket.isShut()) return ExportResult.refused("taken over while it waited");
      return ExportResult.granted(Export.of(new GateDevice(counters.counting(device), ticket))
          .withReadOnly(readOnly).withDescription("Sluice volume " + volume.getName())
          .withCallbacks(ticket::opened, ticket::closed));
    }, control);
  }

  /** Shuts the tickets, then closes their connections; completes when no request of theirs is under way. */
  private CompletionStage<Void> closeAndDrain(List<RouteTicket> tickets) {
    if (tickets.isEmpty()) return CompletableFuture.completedFuture(null);
    List<CompletableFuture<?>> drained = new ArrayList<>();
    for (RouteTicket t : tickets) {
      LOG.info("server route: fencing {} of host {}", t.exportName, t.host);
      drained.add(t.shut().toCompletableFuture());
    }
    counters.fenced(tickets.size());
    for (NbdServer server : servers) {
      server.disconnect(c -> tickets.stream().anyMatch(t -> t.exportName.equals(c.exportName()) && isOf(c.peer(), t.host)));
    }
    return CompletableFuture.allOf(drained.toArray(CompletableFuture[]::new));
  }

  private static boolean isOf(Peer peer, String hostId) {
    return hostOf(peer).equals(hostId);
  }

  /** Empty: it cannot be told. */
  private static String hostOf(Peer peer) {
    try {
      return peer.certificates() == null ? "" : PeerIdentity.of(peer.certificates().get(0)).id();
    } catch (SluiceException e) {
      return "";
    }
  }

  private List<ExportDirectory.Listed> list(Peer peer) {
    List<ExportDirectory.Listed> found = new ArrayList<>();
    host(peer).ifPresent(host -> {
      for (Volume v : engine.read(view -> view.volumesHeldBy(host.getId()))) {
        if (found.size() < ExportDirectory.MAX_LISTED) found.add(new ExportDirectory.Listed(v.getName(), "Sluice volume"));
      }
    });
    return found;
  }

  /**
   * Lets no connection of the host to the volume in any more, and ends those there are; completes when none of their
   * requests can take effect. Holds until the attachment is gone, or {@link #unfence}.
   */
  public CompletionStage<Void> fence(String host, String volume) {
    return closeAndDrain(fence.bar(host, volume));
  }

  public void unfence(String host, String volume) {
    fence.release(host, volume);
  }

  /** As {@link #fence}, for all volumes of the host. */
  public CompletionStage<Void> fenceHost(String host) {
    return closeAndDrain(fence.barHost(host));
  }

  public void unfenceHost(String host) {
    fence.releaseHost(host);
  }

  @Override
  public void reload() {}

  @Override
  public void changed(CatalogDelta delta) {
    for (ObjectChange change : delta.getChangesList()) {
      if (change.hasVolume()) volumeChanged(change.getVolume());
      else if (change.hasHost()) hostChanged(change.getHost());
      else if (change.hasRemoved()) removed(change.getRemoved());
    }
  }

  private void volumeChanged(Volume volume) {
    for (String host : fence.hostsOf(volume.getId())) {
      if (attachment(volume, host) == null) {
        closeAndDrain(fence.ofPair(host, volume.getId()));
        fence.ended(host, volume.getId());
      }
    }
    if (volume.getAttachmentsCount() == 0) devices.dropUnheld(volume);
    for (NbdServer server : servers) {
      server.disconnect(c -> SnapshotExports.isSnapshot(c.exportName()) && !snapshots.stands(hostOf(c.peer()), c.exportName()));
    }
  }

  /** A certificate may have been taken from the host: who came with it goes, who has a good one comes back. */
  private void hostChanged(Host host) {
    for (NbdServer server : servers) {
      server.disconnect(c -> isOf(c.peer(), host.getId())
          && !host.getCertificateSha256List().contains(PeerIdentity.sha256(c.peer().certificates().get(0))));
    }
  }

  private void removed(RemovedObject removed) {
    if (removed.getKind() == RemovedObject.Kind.HOST) {
      closeAndDrain(fence.of(removed.getId()));
      for (NbdServer server : servers) server.disconnect(c -> isOf(c.peer(), removed.getId()));
    } else if (removed.getKind() == RemovedObject.Kind.VOLUME) {
      for (String host : fence.hostsOf(removed.getId())) {
        closeAndDrain(fence.ofPair(host, removed.getId()));
        fence.ended(host, removed.getId());
      }
      devices.close(removed.getId());
    }
  }

  /** Connections under way. On the control thread. */
  public int connections() {
    return fence.connections();
  }
}
