package sluice.agent.serverroute;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.SluiceException;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteListener;
import sluice.api.route.VolumeAccess;
import sluice.io.device.DeviceIo;

/**
 * A volume through the server. Keeps one connection; when it breaks, or is silent for {@link #SILENCE_NANOS} with something to
 * be answered, the other addresses are tried in turn, and requests wait. What has found no connection for
 * {@link #PATIENCE_NANOS} ends with ENXIO; changes that were sent and can still take effect are kept until that is settled.
 */
final class ServerRoute implements Route, Carrier.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(ServerRoute.class);
  static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int IDLE_TICKS = 5;
  private static final long RETRY_MIN = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long RETRY_MAX = TimeUnit.SECONDS.toNanos(5);
  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final VolumeAccess access;
  private final IoLoop loop;
  private final RouteListener listener;
  private final LinkOpener opener;
  private final Consumer<ServerRoute> whenClosed;
  private final Carrier carrier;
  /** Links that were replaced or lost: fenced when the next one is admitted, closed in the end. */
  private final List<ServerLink> old = new ArrayList<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private RouteHealth health = new RouteHealth(false, "the server route: connecting");
  private int next;
  private int failedInRow;
  private long backoff = RETRY_MIN;
  private boolean connecting;
  private IoLoop.Timer retry;
  private IoLoop.Timer patience;
  private IoLoop.Timer tick;
  private int idleTicks;
  private boolean probing;
  private boolean closing;
  private boolean ended;

  ServerRoute(VolumeAccess access, IoLoop loop, RouteListener listener, LinkOpener opener, Consumer<ServerRoute> whenClosed) {
    this.access = access;
    this.loop = loop;
    this.listener = listener;
    this.opener = opener;
    this.whenClosed = whenClosed;
    carrier = new Carrier(loop, this);
  }

  void start() {
    connect();
  }

  // ---- as a route

  @Override
  public RouteKind kind() {
    return RouteKind.SERVER;
  }

  @Override
  public RouteHealth health() {
    return health;
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return new BlockTraits(access.layout().size(), 1, 4096, access.readOnly(), true, true, false);
  }

  @Override
  public void submit(BlockRequest request) {
    if (closing) request.completed(IoError.ESHUTDOWN);
    else carrier.submit(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    Carrier.Line line = carrier.line();
    if (closing || line == null) sink.completed(closing ? IoError.ESHUTDOWN : IoError.ENXIO);
    else line.link.status(offset, length, sink);
  }

  @Override
  public void probe() {
    if (closing) return;
    if (probing || !health.usable()) {
      listener.probed(probing ? IoError.ETIMEDOUT : IoError.ENXIO, probing ? "the last probe is not answered yet" : health.reason());
      return;
    }
    probing = true;
    boolean[] told = {false};
    IoLoop.Timer late = loop.schedule(PROBE_NANOS, () -> tell(told, IoError.ETIMEDOUT, "the server does not answer"));
    DeviceIo.read(this, 0, (int) Math.min(4096, access.layout().size())).whenComplete((bytes, failure) -> {
      probing = false;
      late.cancel();
      tell(told, failure == null ? IoError.OK : IoError.EIO, failure == null ? "" : text(failure));
    });
  }

  private void tell(boolean[] told, int error, String reason) {
    if (told[0] || closing) return;
    told[0] = true;
    listener.probed(error, reason);
  }

  // ---- connections

  private void connect() {
    retry = null;
    if (connecting || ended || access.servers().isEmpty()) return;
    connecting = true;
    InetSocketAddress address = access.servers().get(next % access.servers().size());
    opener.open(address, Generations.next()).whenComplete((link, failure) -> {
      if (loop.inLoop()) connected(address, link, failure);
      else loop.execute(() -> connected(address, link, failure));
    });
  }

  private void connected(InetSocketAddress address, ServerLink link, Throwable failure) {
    connecting = false;
    if (failure != null) {
      notConnected(address, text(failure));
    } else if (ended) {
      link.close();
    } else {
      admitted(address, link);
    }
  }

  private void notConnected(InetSocketAddress address, String why) {
    LOG.info("volume {}: server route: no connection to {}: {}", access.name(), text(address), why);
    next++;
    failedInRow++;
    if (carrier.line() != null && carrier.line().silentNanos() < SILENCE_NANOS) return;
    if (!health.usable()) become(new RouteHealth(false, "the server route: " + why));
    if (closing && carrier.isIdle()) return;
    if (failedInRow % access.servers().size() != 0) {
      connect();
    } else {
      retry = loop.schedule(backoff, this::connect);
      backoff = Math.min(RETRY_MAX, backoff * 2);
    }
  }

  private void admitted(InetSocketAddress address, ServerLink link) {
    LOG.info("volume {}: server route: connected to {}", access.name(), text(address));
    failedInRow = 0;
    backoff = RETRY_MIN;
    if (patience != null) patience.cancel();
    patience = null;
    if (carrier.line() != null) old.add(carrier.line().link);
    List<ServerLink> before = List.copyOf(old);
    old.clear();
    carrier.use(link, text(address));
    // What is settled now is the router's again, which has other ways.
    if (closing) carrier.patient(false);
    // The server has drained them: nothing that was sent over them can take effect any more.
    for (ServerLink l : before) l.peerFenced();
    if (carrier.line() != null && !closing) become(RouteHealth.GOOD);
    if (tick == null && !ended) tick = loop.schedule(TICK_NANOS, this::tick);
  }

  @Override
  public void lineLost(Carrier.Line line, String reason) {
    LOG.info("volume {}: server route: connection to {} lost: {}", access.name(), line.address, reason);
    old.add(line.link);
    trouble(reason);
  }

  /** Looks for another connection; the one there is, if any, stays in use until that is found. */
  private void trouble(String reason) {
    if (closing && carrier.isIdle()) return;
    if (patience == null && health.usable()) patience = loop.schedule(PATIENCE_NANOS, () -> impatient(reason));
    if (retry != null) retry.cancel();
    connect();
  }

  private void impatient(String reason) {
    patience = null;
    become(new RouteHealth(false, "the server route: " + reason));
    carrier.patient(false);
  }

  private void tick() {
    tick = null;
    Carrier.Line line = carrier.line();
    if (ended) return;
    if (line != null) {
      long silent = line.silentNanos();
      idleTicks = silent == 0 ? idleTicks + 1 : 0;
      if (silent >= TICK_NANOS || idleTicks >= IDLE_TICKS) line.ask();
      if (idleTicks >= IDLE_TICKS) idleTicks = 0;
      if (silent >= SILENCE_NANOS) silent(line);
      else answersAgain();
    }
    tick = loop.schedule(TICK_NANOS, this::tick);
  }

  private void silent(Carrier.Line line) {
    if (connecting || retry != null) return;
    LOG.warn("volume {}: server route: no answer from {}", access.name(), line.address);
    next++;
    trouble("no answer from " + line.address);
  }

  /** The connection that was silent has come back before another one was found. */
  private void answersAgain() {
    if (health.usable() && patience == null) return;
    if (patience != null) patience.cancel();
    patience = null;
    carrier.patient(true);
    if (!closing) become(RouteHealth.GOOD);
  }

  private void become(RouteHealth now) {
    if (closing || now.equals(health)) return;
    health = now;
    listener.healthChanged(now);
  }

  // ---- the end

  @Override
  public CompletionStage<Void> close() {
    if (loop.inLoop()) beginClose();
    else loop.execute(this::beginClose);
    return closed.minimalCompletionStage();
  }

  private void beginClose() {
    if (closing) return;
    closing = true;
    if (carrier.line() == null) carrier.patient(false);
    if (carrier.isIdle()) idle();
  }

  /** Not before the last request is settled, which may take another connection. */
  @Override
  public void idle() {
    if (!closing || ended) return;
    ended = true;
    for (IoLoop.Timer t : new IoLoop.Timer[] {retry, patience, tick}) if (t != null) t.cancel();
    List<CompletableFuture<Void>> closes = new ArrayList<>();
    if (carrier.line() != null) closes.add(carrier.line().link.close().toCompletableFuture());
    for (ServerLink l : old) closes.add(l.close().toCompletableFuture());
    CompletableFuture.allOf(closes.toArray(CompletableFuture<?>[]::new)).whenComplete((nothing, failure) -> {
      whenClosed.accept(this);
      closed.complete(null);
    });
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  private static String text(Throwable failure) {
    Throwable t = failure;
    while (t instanceof CompletionException && t.getCause() != null) t = t.getCause();
    return t instanceof SluiceException || t.getMessage() != null ? t.getMessage() : t.getClass().getSimpleName();
  }
}
