package sluice.server.status;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.ControlConnection;
import sluice.net.pki.PeerIdentity;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.ToClient;
import sluice.server.ControlThread;
import sluice.server.changes.CatalogFollower;

/**
 * Keeps watchers up to date: changes of the catalog at once, statuses a few times a second, as deltas whose numbers
 * adjoin for each watcher. A watcher that does not keep up is disconnected by its connection's own bound. On the
 * control thread.
 */
public final class PictureFeed implements CatalogFollower.Follower {
  /** A status is seen at most this much later; and a storm of them costs watchers no more than five messages a second. */
  private static final long FLUSH_MS = 200;
  /** How often a picture in parts goes on. */
  private static final long PUMP_MS = 20;
  /** Watches of one connection; they end with it. */
  private static final int MOST_WATCHES = 64;

  /** Changes that wait behind a picture that is still on its way; with more the peer does not keep up. */
  private static final int MOST_HELD = 10_000;

  private static final class Watcher {
    final ControlConnection connection;
    final long call;
    final HostView view;
    final List<ToClient> held = new ArrayList<>();
    PartsDelivery delivery;
    long number;

    Watcher(ControlConnection connection, long call, HostView view) {
      this.connection = connection;
      this.call = call;
      this.view = view;
    }
  }

  private final ControlThread control;
  private final PictureComposer composer;
  private final StatusBook book;
  private final PoolUsages usages;
  private final Map<ControlConnection, List<Watcher>> watchers = new IdentityHashMap<>();
  private final List<PartsDelivery> deliveries = new ArrayList<>();
  private long number = 1;

  public PictureFeed(ControlThread control, PictureComposer composer, StatusBook book, PoolUsages usages) {
    this.control = control;
    this.composer = composer;
    this.book = book;
    this.usages = usages;
  }

  public void start() {
    control.every(FLUSH_MS, () -> book.flush(changes -> publish(changes, List.of(), List.of())));
    control.every(PUMP_MS, this::pump);
  }

  /**
   * The picture as this peer may see it.
   *
   * @param inParts whether the peer can put one together that is larger than a frame
   */
  public CompletableFuture<Reply.Builder> picture(ControlConnection connection, long call, boolean inParts) {
    PeerIdentity who = connection.peer();
    Picture all = composer.compose(number, control.nowMs());
    Picture seen = who.kind() == PeerIdentity.Kind.HOST ? new HostView(who.id()).of(all) : all;
    return deliver(connection, call, seen, inParts).answer();
  }

  /**
   * Answers the picture that the deltas follow, which carry the call's number until the connection ends. Fails with
   * CONFLICT if the connection has too many watches.
   */
  public CompletableFuture<Reply.Builder> watch(ControlConnection connection, long call, boolean inParts) {
    List<Watcher> own = watchers.computeIfAbsent(connection, c -> new ArrayList<>());
    if (own.size() >= MOST_WATCHES) {
      throw new SluiceException(ErrorCode.CONFLICT, "too many watches", "this connection has " + MOST_WATCHES, "use those, or connect again");
    }
    HostView view = connection.peer().kind() == PeerIdentity.Kind.HOST ? new HostView(connection.peer().id()) : null;
    Watcher watcher = new Watcher(connection, call, view);
    Picture all = composer.compose(number, control.nowMs());
    Picture seen = view == null ? all : view.of(all);
    watcher.number = seen.getNumber();
    own.add(watcher);
    PartsDelivery delivery = deliver(connection, call, seen, inParts);
    if (deliveries.contains(delivery)) watcher.delivery = delivery;
    return delivery.answer();
  }

  private PartsDelivery deliver(ControlConnection connection, long call, Picture seen, boolean inParts) {
    PartsDelivery delivery = new PartsDelivery(connection, call, inParts ? PictureSplit.of(seen) : List.of(seen));
    if (!delivery.pump()) deliveries.add(delivery);
    return delivery;
  }

  private void pump() {
    for (PartsDelivery d : List.copyOf(deliveries)) {
      if (!d.pump()) continue;
      deliveries.remove(d);
      for (Watcher w : watchers.getOrDefault(d.connection(), List.of())) if (w.delivery == d) release(w);
    }
  }

  /** Its picture is on its way as a whole: what changed meanwhile follows. */
  private static void release(Watcher w) {
    w.delivery = null;
    w.held.forEach(w.connection::send);
    w.held.clear();
  }

  public void closed(ControlConnection connection) {
    watchers.remove(connection);
    deliveries.removeIf(d -> d.connection() == connection);
  }

  public int watchers() {
    return watchers.values().stream().mapToInt(List::size).sum();
  }

  /** Deltas may be missing: watchers come again for a whole picture. */
  @Override
  public void reload() {
    usages.reload();
    number++;
    for (ControlConnection c : List.copyOf(watchers.keySet())) c.close("the picture has to be read again");
    watchers.clear();
    deliveries.clear();
  }

  @Override
  public void changed(CatalogDelta delta) {
    tasksEnded(delta);
    List<PoolUsage> usage = usages.changed(delta);
    if (delta.getChangesCount() > 0 || delta.getEventsCount() > 0) publish(delta.getChangesList(), delta.getEventsList(), usage);
  }

  /** A task's last figures go out before its end does. */
  private void tasksEnded(CatalogDelta delta) {
    for (ObjectChange c : delta.getChangesList()) {
      String ended = "";
      if (c.hasTask() && c.getTask().getState() != Task.State.RUNNING && c.getTask().getState() != Task.State.PAUSED) ended = c.getTask().getId();
      if (c.getRemoved().getKind() == RemovedObject.Kind.TASK) ended = c.getRemoved().getId();
      if (ended.isEmpty()) continue;
      book.flush(changes -> publish(changes, List.of(), List.of()));
      book.forgetTask(ended);
    }
  }

  private void publish(List<ObjectChange> changes, List<Event> events, List<PoolUsage> usage) {
    number++;
    List<ObjectChange> clean = new ArrayList<>(changes.size());
    for (ObjectChange c : changes) {
      clean.add(c.hasToken() ? ObjectChange.newBuilder().setToken(PictureComposer.withoutSecret(c.getToken())).build() : c);
    }
    for (List<Watcher> own : watchers.values()) for (Watcher w : own) send(w, clean, events, usage);
  }

  private void send(Watcher w, List<ObjectChange> changes, List<Event> events, List<PoolUsage> usage) {
    List<ObjectChange> shown = w.view == null ? changes : w.view.of(changes);
    List<Event> told = w.view == null ? events : w.view.events(events);
    if (shown.isEmpty() && told.isEmpty() && w.view != null) return;
    PictureDelta delta = PictureDelta.newBuilder().setNumber(++w.number).setTimeMs(control.nowMs()).addAllChanges(shown)
        .addAllEvents(told).addAllPoolUsage(w.view == null ? usage : List.of()).build();
    ToClient message = ToClient.newBuilder().setAnswers(w.call).setPictureDelta(delta).build();
    if (w.delivery == null) w.connection.send(message);
    else if (w.held.size() < MOST_HELD) w.held.add(message);
    else w.connection.close("it does not keep up with its picture");
  }
}
