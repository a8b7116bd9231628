package sluice.agent;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.agent.volume.Assigner;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.core.lease.HostLease;
import sluice.net.ControlLink;
import sluice.net.HostPort;
import sluice.net.LeaseClock;
import sluice.net.LinkListener;
import sluice.protocol.v1.Assignments;
import sluice.protocol.v1.Orders;
import sluice.protocol.v1.Welcome;

/** Takes what the server says over any network to the control thread. */
final class ServerSessions implements LinkListener, LeaseClock {
  private static final Logger LOG = LoggerFactory.getLogger(ServerSessions.class);

  private final Executor control;
  private final Assigner assigner;
  private final Membership membership;
  private final HostLease lease = new HostLease();
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private volatile String refusal = "";
  private volatile long refusedSince;
  private volatile long leaseEnds = System.nanoTime();

  ServerSessions(Executor control, Assigner assigner, Membership membership) {
    this.control = control;
    this.assigner = assigner;
    this.membership = membership;
  }

  /** Completes with the first session. */
  CompletableFuture<Void> first() {
    return first;
  }

  /** Any thread: what the server says against this host; empty if nothing. */
  String refusal() {
    return refusal;
  }

  /** Any thread: whether the server has said nothing but no for so long. */
  boolean refusedFor(long nanos) {
    return !refusal.isEmpty() && System.nanoTime() - refusedSince >= nanos;
  }

  /** Any thread: nanoseconds left of the lease; negative if it has run out. */
  long leaseLeftNanos() {
    return leaseEnds - System.nanoTime();
  }

  @Override
  public void up(ControlLink link, Welcome welcome) {
    LOG.info("session over {} with server {} of cluster {}", link, welcome.getServerId(), welcome.getClusterName());
    refusal = "";
    List<InetSocketAddress> nbd = addresses(welcome.getNbdAddressesList());
    control.execute(() -> {
      assigner.run(welcome.getRun());
      assigner.refused(false);
      if (!nbd.isEmpty()) assigner.servers(nbd);
      remember(welcome);
    });
    first.complete(null);
  }

  private void remember(Welcome welcome) {
    List<HostPort> told = new ArrayList<>();
    for (String text : welcome.getControlAddressesList()) {
      try {
        told.add(HostPort.parse(text));
      } catch (SluiceException e) {
        LOG.warn("the server tells an address that is none: {}", e.getMessage());
      }
    }
    try {
      membership.learned(welcome.getClusterName(), told);
    } catch (SluiceException e) {
      LOG.warn("the server's addresses cannot be remembered: {}", e.getMessage());
    }
  }

  static List<InetSocketAddress> addresses(List<String> texts) {
    List<InetSocketAddress> all = new ArrayList<>();
    for (String text : texts) {
      try {
        HostPort a = HostPort.parse(text);
        all.add(InetSocketAddress.createUnresolved(a.host(), a.port()));
      } catch (SluiceException e) {
        LOG.warn("the server tells an address that is none: {}", e.getMessage());
      }
    }
    return all;
  }

  @Override
  public void down(ControlLink link, String reason) {
    LOG.warn("session over {} ended: {}", link, reason);
  }

  @Override
  public void failed(ControlLink link, String reason, SluiceException refused) {
    if (refused == null || refused.code() != ErrorCode.UNAUTHENTICATED && refused.code() != ErrorCode.FORBIDDEN) return;
    if (refusal.isEmpty()) {
      refusedSince = System.nanoTime();
      LOG.error("the server refuses this host: {}. If it was removed from the cluster: {}", refused.getMessage(), membership.remedy());
    }
    refusal = refused.getMessage();
    control.execute(() -> assigner.refused(true));
  }

  @Override
  public void assignments(ControlLink link, Assignments assignments) {
    control.execute(() -> assigner.assigned(assignments));
  }

  @Override
  public void orders(ControlLink link, Orders orders) {
    control.execute(() -> assigner.ordered(orders));
  }

  @Override
  public void heartbeatAck(ControlLink link, long round) {
    control.execute(assigner::reported);
  }

  @Override
  public void acked(long round, long sentNanos, long leaseMillis) {
    if (leaseMillis > 0) lease.granted(leaseMillis * 1_000_000);
    lease.asked(round, sentNanos);
    lease.answered(round);
    long now = System.nanoTime();
    long until = now + lease.leftNanos(now);
    leaseEnds = until;
    control.execute(() -> assigner.leased(until));
  }
}
