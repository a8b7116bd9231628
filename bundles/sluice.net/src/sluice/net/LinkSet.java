package sluice.net;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.SluiceException;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Welcome;

/**
 * A session with the server over each of its networks at the same time, under one incarnation.
 *
 * <p>One event loop owns all of it; callbacks come on it. Public methods may be called from any thread. A heartbeat goes
 * out over all links under one round number; a link that does not answer is torn down and tried again with backoff.
 */
public final class LinkSet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LinkSet.class);
  private static final int MAX_NETWORKS = 16;
  private static final int RESOLVERS = 4; // so that a name server that hangs does not hold up the other networks
  private static final int MIN_HEARTBEAT_MS = 20;
  private static final int MAX_HEARTBEAT_MS = 60_000;
  private static final int DEFAULT_HEARTBEAT_MS = 1_000;

  private final LinkSetup setup;
  private final LinkListener listener;
  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final ExecutorService resolver;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final Rounds rounds = new Rounds();

  private final List<ControlLink> links = new ArrayList<>();
  private volatile List<ControlLink> published = List.of();
  private volatile Welcome newest;
  private Future<?> beating;
  private final Set<HostPort> aliases = new HashSet<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private boolean closed;

  private LinkSet(LinkSetup setup, LinkListener listener) {
    this.setup = setup;
    this.listener = listener;
    this.group =
        new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("sluice-link", true), NioIoHandler.newFactory());
    this.loop = group.next();
    ThreadPoolExecutor lookups =
        new ThreadPoolExecutor(
            RESOLVERS, RESOLVERS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(2 * MAX_NETWORKS),
            new DefaultThreadFactory("sluice-resolve", true));
    lookups.allowCoreThreadTimeOut(true);
    this.resolver = lookups;
  }

  /** Starts to connect to all the addresses, and goes on until {@link #close}. Does not block. */
  public static LinkSet open(LinkSetup setup, LinkListener listener) {
    LinkSet set = new LinkSet(setup, listener);
    set.loop.execute(() -> setup.addresses().forEach(a -> set.add(a, true)));
    return set;
  }

  /** Runs on the loop that owns the set, for those who keep state of their own on it. False: the set is closed. */
  public boolean onLoop(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Runs on the loop after a while, unless the set is closed before. */
  public void after(long millis, Runnable task) {
    try {
      loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("links: closed, nothing is scheduled any more");
    }
  }

  /** All networks with their state, in the order they became known. */
  public List<NetworkStatus> networks() {
    return published.stream().map(ControlLink::status).toList();
  }

  /** Links with a session at this moment. */
  public List<ControlLink> up() {
    return published.stream().filter(ControlLink::isUp).toList();
  }

  /** The newest of any link. */
  public Optional<Welcome> welcome() {
    return Optional.ofNullable(newest);
  }

  /** The link to send over, on the loop: one that answers its heartbeats, the earliest known; else any that is up. */
  public Optional<ControlLink> best() {
    long now = System.nanoTime();
    Optional<ControlLink> answering = links.stream().filter(l -> l.answering(now)).findFirst();
    return answering.isPresent() ? answering : links.stream().filter(ControlLink::isUp).findFirst();
  }

  /** Sends a heartbeat now, because something changed that the server waits for. */
  public void beatNow() {
    onLoop(this::beat);
  }

  /** Ends all sessions; returns when no callback can come any more. Not to be called on the loop. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) return;
    loop.execute(() -> {
      closed = true;
      if (beating != null) beating.cancel(false);
      for (ControlLink link : List.copyOf(links)) link.close("closed");
    });
    resolver.shutdownNow();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  static long heartbeatNanos(Welcome welcome) {
    int ms = welcome.getHeartbeatMs() == 0 ? DEFAULT_HEARTBEAT_MS : welcome.getHeartbeatMs();
    return TimeUnit.MILLISECONDS.toNanos(Math.max(MIN_HEARTBEAT_MS, Math.min(ms, MAX_HEARTBEAT_MS)));
  }

  // ---- for the links, on the loop

  LinkSetup setup() {
    return setup;
  }

  /** Tells the listener; its failures are its own and do no harm to the link. */
  void tell(Consumer<LinkListener> what) {
    try {
      what.accept(listener);
    } catch (RuntimeException e) {
      LOG.error("links: a listener failed", e);
    }
  }

  void welcomed(ControlLink link, Welcome welcome) {
    newest = welcome;
    learn(welcome);
    tell(l -> l.up(link, welcome));
    beat();
  }

  void acked(ControlLink link, long round) {
    if (rounds.acked(round)) {
      setup.lease().acked(round, rounds.sentNanos(round), Integer.toUnsignedLong(newest.getLeaseMs()));
    }
    tell(l -> l.heartbeatAck(link, round));
  }

  CompletableFuture<InetSocketAddress> resolve(HostPort address) {
    try {
      return CompletableFuture.supplyAsync(() -> {
        try {
          return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (UnknownHostException e) {
          throw new CompletionException(e);
        }
      }, resolver);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(new UnknownHostException("too many names to look up"));
    }
  }

  /** A learned address that leads to where another link goes already is dropped: it is the same network. */
  boolean duplicate(ControlLink link, InetSocketAddress resolved) {
    boolean known = links.stream().anyMatch(l -> l != link && resolved.equals(l.resolved()));
    if (!known || link.configured()) return false;
    LOG.info("link {}: the same as another, dropped", link);
    // Not to be tried again at the next Welcome, which tells the same addresses.
    if (aliases.size() < MAX_NETWORKS) aliases.add(link.address());
    drop(link, "the same network as another");
    return true;
  }

  private void learn(Welcome welcome) {
    List<HostPort> told = new ArrayList<>();
    for (String text : welcome.getControlAddressesList()) {
      try {
        told.add(HostPort.parse(text));
      } catch (SluiceException e) {
        LOG.warn("links: the server tells an address that is none: {}", e.getMessage());
      }
    }
    for (ControlLink link : List.copyOf(links)) {
      if (!link.configured() && !link.isUp() && !told.contains(link.address())) drop(link, "the server has left it");
    }
    told.forEach(a -> add(a, false));
  }

  private void add(HostPort address, boolean configured) {
    if (closed || links.size() >= MAX_NETWORKS || aliases.contains(address)) return;
    if (links.stream().anyMatch(l -> l.address().equals(address))) return;
    ControlLink link = new ControlLink(this, address, configured, loop, random);
    links.add(link);
    published = List.copyOf(links);
    link.open();
  }

  private void drop(ControlLink link, String reason) {
    links.remove(link);
    published = List.copyOf(links);
    link.close(reason);
  }

  /** One round over all links, and the next one after the interval. */
  private void beat() {
    if (beating != null) beating.cancel(false);
    if (closed || links.stream().noneMatch(ControlLink::isUp)) return;
    // First the next one: whatever the supplier does, heartbeats go on.
    beating = loop.schedule(this::beat, heartbeatNanos(newest), TimeUnit.NANOSECONDS);
    // Before the state is gathered, so that the lease never counts from later than what the server is told.
    long now = System.nanoTime();
    try {
      Heartbeat numbered = setup.heartbeats().get().toBuilder().setRound(rounds.next(now)).build();
      for (ControlLink link : List.copyOf(links)) link.beat(numbered, now);
    } catch (RuntimeException e) {
      LOG.error("links: the state for a heartbeat could not be gathered", e);
    }
  }
}
