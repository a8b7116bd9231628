package sluice.server.session;

import java.util.concurrent.CompletionStage;
import sluice.catalog.CatalogEngine;
import sluice.net.ControlConnection;
import sluice.net.ControlHandler;
import sluice.net.Peer;
import sluice.net.pki.Authority;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Joined;
import sluice.protocol.v1.Welcome;
import sluice.server.ControlThread;
import sluice.server.ServerFacts;
import sluice.server.care.CareDesk;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.Changes;
import sluice.server.changes.ServerEvents;
import sluice.server.disks.ServerDisks;
import sluice.server.status.StatusBook;
import sluice.server.volumes.RouteExports;

/** Where peers' messages arrive: brings each to the control thread, in the order of its connection. Any thread. */
public final class ControlDesk implements ControlHandler {
  /** Who answers calls. On the control thread. */
  public interface Calls {
    void call(ControlConnection connection, long id, Call call);

    void closed(ControlConnection connection);
  }

  private final ControlThread control;
  private final Joining joining;
  private final Sessions sessions;
  private final HostReports reports;
  private final Releases releases;
  private volatile Calls calls;

  public ControlDesk(ControlThread control, CatalogEngine engine, ServerFacts facts, Changes changes, ServerEvents events,
      StatusBook book, ServerDisks disks, RouteExports exports, CareDesk cares, Authority authority, java.nio.file.Path issuedDir) {
    this.control = control;
    IssuedCertificates issued = new IssuedCertificates(issuedDir);
    issued.sweep(control.nowMs());
    joining = new Joining(control, engine, changes, events, authority, issued);
    reports = new HostReports(engine, book, events, disks::suspect, cares);
    releases = new Releases(control, engine, changes, exports::fence, cares::release);
    sessions = new Sessions(control, engine, facts, events, book, reports, releases, cares);
  }

  /** What follows the catalog for the sessions, in the order that matters. */
  public void follow(CatalogFollower follower) {
    follower.add(reports);
    follower.add(releases);
    follower.add(sessions);
  }

  /** Before the first connection. */
  public void start(Calls answering) {
    calls = answering;
    sessions.start();
  }

  public Sessions sessions() {
    return sessions;
  }

  @Override
  public CompletionStage<Joined> join(Join join, Peer peer) {
    return control.call(() -> joining.join(join, peer));
  }

  @Override
  public CompletionStage<Welcome> hello(Hello hello, Peer peer, ControlConnection connection) {
    return control.call(() -> sessions.hello(hello, peer, connection));
  }

  @Override
  public void opened(ControlConnection connection) {
    control.execute(() -> sessions.opened(connection));
  }

  @Override
  public void heartbeat(ControlConnection connection, Heartbeat heartbeat) {
    control.execute(() -> sessions.heartbeat(connection, heartbeat));
  }

  @Override
  public void call(ControlConnection connection, long id, Call call) {
    control.execute(() -> calls.call(connection, id, call));
  }

  @Override
  public void closed(ControlConnection connection, String reason) {
    control.execute(() -> {
      sessions.closed(connection, reason);
      calls.closed(connection);
    });
  }
}
