package sluice.console.core.san;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.client.ClusterProfile;
import sluice.client.DeltaListener;
import sluice.client.ManagementClient;
import sluice.client.Watching;
import sluice.console.core.view.SanView;
import sluice.model.Connection;
import sluice.model.San;
import sluice.net.HostPort;
import sluice.net.pki.Identity;
import sluice.protocol.v1.AuditEntry;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.ListAudit;
import sluice.protocol.v1.ListEvents;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Welcome;

/**
 * One cluster that the console looks at: it connects, connects again, and keeps the model up to date by a {@link Projector}.
 *
 * <p>Methods may be called from any thread and do not block, except {@link #close}; what is said of the model is the
 * projector's.
 */
public final class SanConnection implements AutoCloseable {
  /** From here on the picture is shown as old though the connection stands. */
  public static final Duration OLD = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(SanConnection.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int EVENTS_AT_FIRST = 1000;

  private final String label;
  private final List<HostPort> addresses;
  private final ManagementClient client;
  private final Projector projector;
  private final LongSupplier wallMs;
  private final Object lock = new Object();
  private Watching watching;
  private Link link;
  private boolean closed;

  private SanConnection(String label, List<HostPort> addresses, Identity identity, String software, ScheduledExecutorService worker, Executor ui,
      LongSupplier wallMs) {
    this.label = label;
    this.addresses = List.copyOf(addresses);
    this.wallMs = wallMs;
    this.link = Link.connecting(wallMs.getAsLong());
    this.projector = new Projector(worker, ui, link, this::watch);
    this.projector.san().setLabel(label);
    this.client = ManagementClient.connect(addresses, identity, software);
    watch();
    client.ready(PATIENCE).whenComplete((welcome, failure) -> {
      if (failure == null) welcomed(welcome);
      else failed(failure);
    });
  }

  /**
   * @param label what people call the cluster here
   * @param software as in "sluice-console 1.0.0"
   * @param worker one thread, for all connections
   * @param ui runs what touches the model
   */
  public static SanConnection open(String label, List<HostPort> addresses, Identity identity, String software, ScheduledExecutorService worker,
      Executor ui) {
    return new SanConnection(label, addresses, identity, software, worker, ui, System::currentTimeMillis);
  }

  /** Blocks for reading the identity. */
  public static SanConnection open(String label, ClusterProfile profile, String software, ScheduledExecutorService worker, Executor ui) {
    return open(label, profile.addresses(), profile.identity(), software, worker, ui);
  }

  public String label() {
    return label;
  }

  public List<HostPort> addresses() {
    return addresses;
  }

  /** The model's root; of the executor of the user interface. */
  public San san() {
    return projector.san();
  }

  public Projector projector() {
    return projector;
  }

  /** What the model shows at the moment. */
  public SanView view() {
    return projector.view();
  }

  /** How the connection is, as it is shown. */
  public Link link() {
    return projector.link();
  }

  /** State of each of the server's networks, as seen from here. */
  public List<NetworkStatus> networks() {
    return client.networks();
  }

  /** Since what is shown was last known to be so; a very long time if it never was. */
  public Duration age() {
    synchronized (lock) {
      if (watching != null && link.current()) return watching.age();
      if (link.truthMs() == 0) return Duration.ofDays(365);
      return Duration.ofMillis(Math.max(0, wallMs.getAsLong() - link.truthMs()));
    }
  }

  /** Is what is shown the present, as far as can be known? */
  public boolean current() {
    return link().current() && age().compareTo(OLD) <= 0;
  }

  /** What this user may do: as the picture says it now, else as the server said it at first. */
  public Role role() {
    Link shown = link();
    return view().user(shown.myName()).map(User::getRole).orElse(shown.myRole());
  }

  /** Asks the server; the stage completes on the client's loop. */
  public CompletableFuture<Reply> call(Call call, Duration deadline, Consumer<Reply> onPart) {
    return client.call(call, deadline, onPart);
  }

  public CompletableFuture<Reply> call(Call call) {
    return client.call(call);
  }

  /** The newest entries of the audit log, oldest first; only an administrator may read it. */
  public CompletableFuture<List<AuditEntry>> audit(int most) {
    return call(Call.newBuilder().setListAudit(ListAudit.newBuilder().setLimit(most)).build()).thenApply(r -> r.getAudit().getEntriesList());
  }

  /** The newest events about an object, oldest first; of everything for an empty id. */
  public CompletableFuture<List<Event>> events(String objectId, int most) {
    return call(Call.newBuilder().setListEvents(ListEvents.newBuilder().setObjectId(objectId).setLimit(most)).build())
        .thenApply(r -> r.getEvents().getEventsList());
  }

  /** Asks for a whole picture, as after a gap. */
  public void refresh() {
    watch();
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (closed) return;
      closed = true;
      if (watching != null) watching.close();
    }
    turn(Connection.CLOSED, "closed");
    projector.close();
    client.close();
  }

  // ---- what the client tells, on its loop

  private void watch() {
    synchronized (lock) {
      if (closed) return;
      if (watching != null) watching.close();
      watching = client.follow(new Hearing());
    }
  }

  private void welcomed(Welcome welcome) {
    Link now;
    synchronized (lock) {
      link = link.as(welcome.getYourName().isEmpty() ? welcome.getYourId() : welcome.getYourName(), welcome.getYourRole());
      now = link;
    }
    projector.link(now);
  }

  private void failed(Throwable failure) {
    Throwable t = failure;
    while (t instanceof CompletionException && t.getCause() != null) t = t.getCause();
    boolean gone = t instanceof SluiceException e && e.code() == ErrorCode.UNAVAILABLE;
    // Who cannot be reached may come yet, and is tried on; who refuses will not change its mind.
    turn(gone ? Connection.CONNECTING : Connection.REFUSED, String.valueOf(t.getMessage()));
  }

  private void turn(Connection state, String reason) {
    Link now;
    synchronized (lock) {
      if (state == Connection.CONNECTING && link.current()) return;
      link = link.state(state, reason, wallMs.getAsLong());
      now = link;
    }
    projector.link(now);
  }

  private final class Hearing implements DeltaListener {
    @Override
    public void picture(Picture picture) {
      client.welcome().ifPresent(SanConnection.this::welcomed);
      Link now;
      synchronized (lock) {
        link = link.state(Connection.CONNECTED, "", wallMs.getAsLong()).truth(wallMs.getAsLong());
        now = link;
      }
      projector.picture(picture, now);
      events("", EVENTS_AT_FIRST).whenComplete((found, failure) -> {
        if (failure == null) projector.events(found);
        else LOG.info("the events so far could not be read: {}", failure.getMessage());
      });
    }

    @Override
    public void changed(PictureDelta delta) {
      projector.delta(delta);
    }

    @Override
    public void disconnected(String reason) {
      Link now;
      synchronized (lock) {
        long nowMs = wallMs.getAsLong();
        long truth = watching == null ? nowMs : nowMs - watching.age().toMillis();
        link = link.state(Connection.LOST, reason, nowMs).truth(truth);
        now = link;
      }
      projector.link(now);
    }

    @Override
    public void refused(SluiceException problem) {
      turn(Connection.REFUSED, problem.getMessage());
    }
  }
}
