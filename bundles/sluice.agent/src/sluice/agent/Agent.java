package sluice.agent;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.agent.router.RouterTimes;
import sluice.agent.volume.Assigner;
import sluice.agent.volume.OwnDisks;
import sluice.agent.volume.RouteProviders;
import sluice.agent.volume.VolumeSettings;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.DiskOpener;
import sluice.core.redirect.RedirectTimes;
import sluice.io.IoLoops;
import sluice.local.DirectoryLock;
import sluice.local.LocalHandler;
import sluice.local.LocalServer;
import sluice.net.LinkSet;
import sluice.net.LinkSetup;
import sluice.net.pki.Identity;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.NetworkStatus;
import sluice.telemetry.Metrics;
import sluice.telemetry.MetricsEndpoint;
import sluice.telemetry.log.LogSetup;

/**
 * The agent, from its folder's lock to its sessions. {@link #start} and {@link #close} block and are called once each, on one
 * thread; what was begun is ended in reverse order.
 */
final class Agent implements AutoCloseable {
  static final String SOFTWARE = "sluice-agent 1.0.0";
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final long RESCAN_SECONDS = 10;
  private static final long SCAN_SECONDS = 3;
  private static final long CLOSE_SECONDS = 8;
  /** A server that was put back from a backup, and is corrected, has told the host by then. */
  private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final AgentConfig config;
  private final RouteProviders providers;
  private final List<DiskOpener> openers;
  private final UnaryOperator<LocalHandler> localCalls;
  private final Runnable stop;
  private final Consumer<SluiceException> refused;
  private final Deque<AutoCloseable> begun = new ArrayDeque<>();
  private final Metrics metrics = new Metrics();
  private Membership membership;
  private Identity identity;
  private ServerSessions sessions;
  private Assigner assigner;
  private OwnDisks disks;
  private volatile LinkSet links;
  private volatile String metricsAddress = "";
  private boolean refusalTold;

  /**
   * @param openers of disks; may change at any time
   * @param localCalls adds what the framework can answer to the local socket's calls
   * @param stop begins to stop the program
   * @param refused is told once, on the control thread, if the server does not accept this host any more and it holds nothing
   */
  Agent(AgentConfig config, RouteProviders providers, List<DiskOpener> openers, UnaryOperator<LocalHandler> localCalls, Runnable stop,
      Consumer<SluiceException> refused) {
    this.config = config;
    this.providers = providers;
    this.openers = openers;
    this.localCalls = localCalls;
    this.stop = stop;
    this.refused = refused;
  }

  /** Locks the folder, logs there from then on, and joins if this host has no identity yet. @throws sluice.api.SluiceException to tell a person */
  Identity identify() {
    begun.push(DirectoryLock.acquire(config.dir()));
    LogSetup.apply(config.dir(), "agent");
    membership = Membership.of(config);
    identity = membership.identity();
    return identity;
  }

  /** The rest, after {@link #identify}; returns when the sessions are being opened. */
  void start() {
    long incarnation = Incarnation.next(config.dir());
    IoLoops loops = IoLoops.start("sluice-io", config.loops());
    begun.push(loops);
    ControlThread control = new ControlThread();
    begun.push(control);
    disks = new OwnDisks(config.disks(), openers, loops::next, control, () -> assigner.disksChanged());
    VolumeSettings settings = new VolumeSettings(config.dir().resolve("volumes"), identity.id(), incarnation,
        config.onlyOwnDisks(), config.tcp(), RouterTimes.of(config.directDeadlineMs(), config.ioTimeoutMs()), RedirectTimes.STANDARD, metrics);
    assigner = new Assigner(settings, providers, loops::next, control, disks, this::tell);
    begun.push(this::giveUpVolumes);
    sessions = new ServerSessions(control, assigner, membership);
    HealthReport health = new HealthReport(this::networks, assigner::statuses, assigner::descriptions, sessions::refusal,
        () -> metricsAddress, stop, assigner::agreeShrink);
    gauges();
    MetricsEndpoint endpoint =
        MetricsEndpoint.open(config.dir(), new InetSocketAddress(config.metrics().host(), config.metrics().port()), metrics, health);
    begun.push(endpoint);
    metricsAddress = endpoint.address().getHostString() + ":" + endpoint.address().getPort();
    begun.push(LocalServer.open(config.dir(), localCalls.apply(health)));
    firstScan(control);
    control.every(RESCAN_SECONDS, disks::scan);
    control.every(1, assigner::awake);
    control.every(1, this::endIfRefused);
    links = LinkSet.open(LinkSetup.host(membership.addresses(), identity, SOFTWARE, incarnation, this::heartbeat, sessions), sessions);
    begun.push(links);
    LOG.info("agent of host {} ({}), incarnation {}, servers {}", identity.self().name(), identity.id(), incarnation,
        membership.addresses());
  }

  /**
   * A host that was removed is not taken back, so an agent that serves nobody ends; one that holds volumes stays, since programs
   * have them open, and whoever sees to it decides when those end.
   */
  private void endIfRefused() {
    if (refusalTold || !sessions.refusedFor(REFUSED_NANOS) || networks().stream().anyMatch(NetworkStatus::getUp)) return;
    refusalTold = true;
    if (assigner.descriptions().isEmpty()) {
      refused.accept(new SluiceException(ErrorCode.UNAUTHENTICATED, "the server does not accept this host any more", sessions.refusal(),
          "if it was removed from the cluster: " + membership.remedy()));
    } else {
      LOG.error("the server does not accept this host any more; the agent goes on, since volumes are attached, but their I/O waits. End what uses"
          + " them, then: {}", membership.remedy());
    }
  }

  /** So that the first volumes find this host's own ways; not for long, since a disk may hang. */
  private void firstScan(ControlThread control) {
    CompletableFuture<Void> scanned = new CompletableFuture<>();
    control.execute(() -> disks.scan().whenComplete((nothing, failure) -> scanned.complete(null)));
    try {
      scanned.get(SCAN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("looking at this host's disks takes long, going on");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void gauges() {
    metrics.gauge("sluice_agent_sessions", "Networks over which there is a session with the server",
        () -> networks().stream().filter(NetworkStatus::getUp).count());
    metrics.gauge("sluice_agent_lease_seconds", "What is left of the lease; 0 if it has run out",
        () -> Math.max(0, sessions.leaseLeftNanos()) / 1e9);
    metrics.gauge("sluice_agent_volumes", "Volumes that this host holds", () -> assigner.descriptions().size());
  }

  private List<NetworkStatus> networks() {
    LinkSet set = links;
    return set == null ? List.of() : set.networks();
  }

  private void tell() {
    LinkSet set = links;
    if (set != null) set.beatNow();
  }

  private Heartbeat heartbeat() {
    return Heartbeat.newBuilder()
        .setAssignments(assigner.inForce())
        .addAllVolumes(assigner.statuses())
        .addAllDisks(disks.statuses())
        .build();
  }

  /** Waits for the first session. @return whether there is one */
  boolean awaitSession(long millis) throws InterruptedException {
    try {
      sessions.first().get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    }
  }

  /** For people. */
  String describe(boolean session) {
    String who = "host " + identity.self().name() + " of cluster " + membership.clusterName();
    return session ? who + " is ready" : who + " is up and waiting for the server at " + membership.addresses();
  }

  private void giveUpVolumes() throws InterruptedException {
    try {
      assigner.close().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("volumes have not drained in {} s; the server keeps them for this host", CLOSE_SECONDS);
    }
  }

  @Override
  public void close() {
    for (AutoCloseable part = begun.poll(); part != null; part = begun.poll()) {
      try {
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.warn("a part of the agent did not end well", e);
      }
    }
  }
}
