package sluice.agent.volume;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.IoLoop;
import sluice.api.route.VolumeAccess;
import sluice.protocol.v1.Assignment;
import sluice.protocol.v1.Assignments;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Orders;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/**
 * Makes what this host holds what the server wants it to hold. The newest Assignments win; older ones and repeats, which come
 * over every network, change nothing. All of it is the control thread's, unless said otherwise.
 */
public final class Assigner {
  private static final Logger LOG = LoggerFactory.getLogger(Assigner.class);
  /** Reports that a volume is not held any more, before it is left out. */
  static final int FAREWELLS = 10;
  private static final String REFUSED = "the server refuses this host, which may have been removed";

  private final VolumeSettings settings;
  private final RouteProviders providers;
  private final Supplier<IoLoop> loops;
  private final Executor control;
  private final OwnDisks disks;
  private final Runnable tell;
  private final Map<String, Held> held = new TreeMap<>();
  /** Held, but on their way out. */
  private final Set<String> closingNow = new HashSet<>();
  private final Map<String, Farewell> farewells = new LinkedHashMap<>();
  private final Map<String, VolumeStatus> unusable = new TreeMap<>();
  /** The newest of each wanted volume, all of the same run. */
  private final Map<String, Order> orders = new TreeMap<>();
  private long run;
  private final Set<Integer> ports = new HashSet<>();
  private List<InetSocketAddress> servers = List.of();
  private Assignments wanted = Assignments.getDefaultInstance();
  private boolean any;
  private boolean closing;
  private boolean refused;
  private final Wakefulness wakefulness = new Wakefulness(System.nanoTime());
  /** Taken back after this program had been stopped: what waits in them may have been overtaken by another host, and is not sent. */
  private final Set<String> cut = new HashSet<>();
  private long leaseUntil = System.nanoTime();
  private volatile long inForce;
  private volatile List<AttachedVolume> published = List.of();
  private volatile List<VolumeStatus> others = List.of();
  private volatile List<Volume> descriptions = List.of();

  private record Held(AttachedVolume volume, Assignment assignment, int port) {}

  private static final class Farewell {
    private final VolumeStatus status;
    private int left = FAREWELLS;

    Farewell(VolumeStatus status) {
      this.status = status;
    }
  }

  /** @param tell any thread: something has changed that the server should hear of soon */
  public Assigner(VolumeSettings settings, RouteProviders providers, Supplier<IoLoop> loops, Executor control, OwnDisks disks,
      Runnable tell) {
    this.settings = settings;
    this.providers = providers;
    this.loops = loops;
    this.control = control;
    this.disks = disks;
    this.tell = tell;
  }

  /** The server's newest run: orders of another one are void. */
  public void run(long newest) {
    if (newest == run) return;
    run = newest;
    orders.clear();
    for (Held h : held.values()) h.volume.run(newest);
  }

  /** What the server wants of volumes at once. */
  public void ordered(Orders o) {
    if (closing) return;
    for (Order order : o.getVolumesList()) ordered(order);
  }

  private void ordered(Order order) {
    String id = order.getVolumeId();
    Order before = orders.get(id);
    boolean newer = before == null || Long.compareUnsigned(order.getNumber(), before.getNumber()) > 0;
    // Of a volume that is assigned later its Assignment has an order as new.
    boolean known = wanted.getVolumesList().stream().anyMatch(a -> a.getVolume().getId().equals(id));
    if (order.getRun() != run || !newer || !known) return;
    orders.put(id, order);
    Held h = held.get(id);
    if (h != null) h.volume.order(order);
  }

  public void assigned(Assignments a) {
    take(a);
    // They are numbered by themselves: an Assignment that is not news may bring one that is.
    for (Assignment of : a.getVolumesList()) if (of.hasOrder()) ordered(of.getOrder());
  }

  private void take(Assignments a) {
    if (closing || any && Long.compareUnsigned(a.getNumber(), wanted.getNumber()) <= 0) return;
    any = true;
    wanted = a;
    apply();
  }

  /** The server route's addresses, best first. */
  public void servers(List<InetSocketAddress> addresses) {
    if (addresses.equals(servers)) return;
    servers = List.copyOf(addresses);
    apply();
  }

  /** This host's ways to disks have changed. */
  public void disksChanged() {
    apply();
  }

  /** The lease of volumes that several hosts hold. @param untilNanos of System.nanoTime */
  public void leased(long untilNanos) {
    leaseUntil = untilNanos;
    wakefulness.answered(System.nanoTime(), untilNanos);
    awake();
    for (Held h : held.values()) if (h.assignment.getVolume().getShared()) h.volume.leasedUntil(untilNanos);
  }

  /** Every second: this program runs. */
  public void awake() {
    long now = System.nanoTime();
    if (wakefulness.tick(now)) return;
    for (Map.Entry<String, Held> h : held.entrySet()) if (!cut.contains(h.getKey())) h.getValue().volume.awakeUntil(wakefulness.until(now));
  }

  /** The server has said that it does not know this host, or knows it again. */
  public void refused(boolean value) {
    if (refused == value) return;
    refused = value;
    for (Held h : held.values()) h.volume.refused(value, REFUSED);
  }

  private void apply() {
    if (!any || closing) return;
    Map<String, Assignment> list = new LinkedHashMap<>();
    for (Assignment a : wanted.getVolumesList()) list.put(a.getVolume().getId(), a);
    for (String id : List.copyOf(held.keySet())) if (!list.containsKey(id)) giveUp(id);
    unusable.keySet().retainAll(list.keySet());
    orders.keySet().retainAll(list.keySet());
    for (Assignment a : list.values()) hold(a);
    inForce = wanted.getNumber();
    publish();
    tell.run();
  }

  private void hold(Assignment a) {
    String id = a.getVolume().getId();
    Held have = held.get(id);
    // Still on its way out: it is held again when it has gone.
    if (have != null && closingNow.contains(id)) return;
    VolumeAccess access;
    try {
      access = AccessBuilder.access(a, settings.hostId(), disks.ways(), settings.onlyOwnDisks(), servers, settings.incarnation(),
          have == null ? null : have.volume.access());
    } catch (SluiceException e) {
      LOG.error("volume {} ({}): {}", a.getVolume().getName(), id, e.getMessage());
      unusable.put(id, VolumeStatus.newBuilder().setVolumeId(id).setHostId(settings.hostId()).setReason(e.getMessage())
          .setRoute(VolumeStatus.Route.WAITING).setSinceMs(System.currentTimeMillis()).build());
      return;
    }
    unusable.remove(id);
    if (have == null) {
      open(a, access);
    } else if (access.readOnly() != have.volume.access().readOnly()) {
      giveUp(id);
    } else {
      have.volume.update(access);
      held.put(id, new Held(have.volume, a, have.port));
    }
  }

  private void open(Assignment a, VolumeAccess access) {
    LOG.info("volume {} ({}): held from now on, epoch {}", access.name(), access.volumeId(), access.layout().epoch());
    AttachedVolume volume = new AttachedVolume(settings, providers, loops.get(), access, tell);
    farewells.remove(access.volumeId());
    int port = port();
    held.put(access.volumeId(), new Held(volume, a, port));
    if (a.getVolume().getShared()) volume.leasedUntil(leaseUntil);
    if (refused) volume.refused(true, REFUSED);
    volume.awakeUntil(wakefulness.until(System.nanoTime()));
    volume.run(run);
    Order order = orders.get(access.volumeId());
    if (order != null) volume.order(order);
    volume.open(port);
  }

  /** The first free one from the base on. */
  private int port() {
    if (settings.tcpBase() <= 0) return settings.tcpBase();
    int port = settings.tcpBase();
    while (!ports.add(port)) port++;
    return port;
  }

  private void giveUp(String id) {
    if (!closingNow.add(id)) return;
    if (wakefulness.tick(System.nanoTime())) cut.add(id);
    Held h = held.get(id);
    h.volume.close().whenComplete((nothing, failure) -> control.execute(() -> gone(id, h)));
  }

  private void gone(String id, Held h) {
    h.volume.remove();
    closingNow.remove(id);
    cut.remove(id);
    held.remove(id);
    ports.remove(h.port);
    farewells.put(id, new Farewell(h.volume.status()));
    publish();
    tell.run();
    // It may be wanted again by now, or with other rights.
    apply();
  }

  private void publish() {
    List<AttachedVolume> volumes = new ArrayList<>();
    List<Volume> details = new ArrayList<>();
    for (Held h : held.values()) {
      volumes.add(h.volume);
      details.add(h.assignment.getVolume());
    }
    published = List.copyOf(volumes);
    descriptions = List.copyOf(details);
    List<VolumeStatus> rest = new ArrayList<>(unusable.values());
    for (Farewell f : farewells.values()) rest.add(f.status);
    others = List.copyOf(rest);
  }

  /** Any thread: the number of the Assignments that are in force here. */
  public long inForce() {
    return inForce;
  }

  /** Any thread: the volumes as the server described them. */
  public List<Volume> descriptions() {
    return descriptions;
  }

  /**
   * Any thread: this host can do without what lies from there on.
   *
   * @param volume name or id; @param sizeBytes 0: it needs all of it (again)
   * @throws SluiceException if the volume is not held here, or has no such end
   */
  public void agreeShrink(String volume, long sizeBytes) {
    for (AttachedVolume v : published) {
      if (!v.access().name().equals(volume) && !v.access().volumeId().equals(volume)) continue;
      if (sizeBytes < 0 || sizeBytes > v.access().layout().size()) {
        throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "volume " + volume + " has no byte " + sizeBytes,
            "it has " + v.access().layout().size() + " bytes", "give a size below that", v.access().volumeId());
      }
      v.agreeShrink(sizeBytes);
      return;
    }
    throw new SluiceException(ErrorCode.NOT_FOUND, "this host does not hold volume " + volume, "only who holds a volume has anything to lose on it",
        "see what it holds with: sluice health --dir DIR");
  }

  /** Any thread: of each volume as last published; each is made anew for the next time. */
  public List<VolumeStatus> statuses() {
    List<VolumeStatus> all = new ArrayList<>(others);
    for (AttachedVolume v : published) {
      all.add(v.status());
      v.refresh(false);
    }
    return all;
  }

  /** A report with what {@link #statuses} said has gone out. */
  public void reported() {
    if (farewells.isEmpty()) return;
    farewells.values().removeIf(f -> --f.left <= 0);
    publish();
  }

  /** Gives everything up, for the agent's end; completes when the last volume is closed. */
  public CompletionStage<Void> close() {
    closing = true;
    List<CompletableFuture<Void>> closes = new ArrayList<>();
    for (Held h : List.copyOf(held.values())) {
      closes.add(h.volume.close().thenRunAsync(h.volume::remove, control).toCompletableFuture());
    }
    return CompletableFuture.allOf(closes.toArray(CompletableFuture<?>[]::new));
  }
}
