package sluice.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.SluiceException;
import sluice.net.LinkStateMachine.Action;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.ToServer;
import sluice.protocol.v1.Welcome;

/**
 * One network's link to the server: connects, says Hello, and after a failure tries again for as long as it is open.
 *
 * <p>Owned by its set's loop; the methods that are public may be called from any thread where they say so.
 */
public final class ControlLink {
  private static final Logger LOG = LoggerFactory.getLogger(ControlLink.class);
  private static final int CONNECT_MILLIS = 3_000; // SYN, and two more after 1 and 2 s
  private static final long MAX_QUEUED_BYTES = 2L * Frames.MAX_BYTES;

  private final LinkSet set;
  private final HostPort address;
  private final boolean configured;
  private final EventLoop loop;
  private final LinkStateMachine machine;
  private final SendBudget budget = new SendBudget(MAX_QUEUED_BYTES);

  private Channel channel;
  private Future<?> timer;
  private long timerAt;
  private long callId;
  private long lastBeat;
  private InetSocketAddress resolved;
  private long sinceMillis = System.currentTimeMillis();
  private volatile boolean up;
  private volatile NetworkStatus status;

  ControlLink(LinkSet set, HostPort address, boolean configured, EventLoop loop, RandomGenerator random) {
    this.set = set;
    this.address = address;
    this.configured = configured;
    this.loop = loop;
    this.machine = new LinkStateMachine(random, System.nanoTime());
    publish();
  }

  /** The server's address on this network. Any thread. */
  public HostPort address() {
    return address;
  }

  /** Any thread. */
  public boolean isUp() {
    return up;
  }

  /** State, reason and since when. Any thread. */
  public NetworkStatus status() {
    return status;
  }

  /**
   * Sends a call over this link and no other. On the loop.
   *
   * @return its id, which its replies carry, or 0: the link is not up, or does not take as much
   */
  public long call(Call call) {
    if (!machine.up()) return 0;
    long id = ++callId;
    return send(ToServer.newBuilder().setId(id).setCall(call).build()) ? id : 0;
  }

  @Override
  public String toString() {
    return address.toString();
  }

  // ---- for the set, on the loop

  void open() {
    drive(machine.tick(System.nanoTime()));
  }

  void close(String reason) {
    drive(machine.close(reason));
    if (timer != null) timer.cancel(false);
  }

  boolean configured() {
    return configured;
  }

  boolean answering(long now) {
    return machine.answering(now);
  }

  InetSocketAddress resolved() {
    return resolved;
  }

  void beat(Heartbeat heartbeat, long now) {
    if (!machine.up() || !send(ToServer.newBuilder().setHeartbeat(heartbeat).build())) return;
    lastBeat = heartbeat.getRound();
    machine.beatSent(now);
    arm();
  }

  /** Drops the connection; another attempt follows after the backoff. */
  void fail(String reason) {
    drive(machine.failed(System.nanoTime(), reason));
  }

  // ---- from the session, on the loop

  void welcomed(LinkSession session, Welcome welcome) {
    if (session.channel() != channel) return;
    machine.welcomed(System.nanoTime(), LinkSet.heartbeatNanos(welcome));
    changed();
    LOG.info("link {}: session of {} with server {}", address, welcome.getYourId(), welcome.getServerId());
    set.welcomed(this, welcome);
    arm();
  }

  void refused(LinkSession session, SluiceException refusal) {
    if (session.channel() != channel) return;
    LOG.warn("link {}: refused: {}", address, refusal.getMessage());
    drive(machine.refused(System.nanoTime(), refusal.getMessage()), refusal);
  }

  void received(LinkSession session, ToClient message) {
    if (session.channel() != channel) return;
    machine.heard(System.nanoTime());
    switch (message.getBodyCase()) {
      case HEARTBEAT_ACK -> acked(message.getHeartbeatAck().getRound());
      case ASSIGNMENTS -> set.tell(l -> l.assignments(this, message.getAssignments()));
      case ORDERS -> set.tell(l -> l.orders(this, message.getOrders()));
      case REPLY -> set.tell(l -> l.reply(this, message.getAnswers(), message.getReply()));
      case PICTURE_DELTA -> set.tell(l -> l.pictureDelta(this, message.getAnswers(), message.getPictureDelta()));
      default -> fail("the server sent a " + message.getBodyCase() + " where none may be");
    }
  }

  void ended(LinkSession session, String reason) {
    if (session.channel() == channel) fail(reason);
  }

  private void acked(long round) {
    if (round < 1 || round > lastBeat) {
      fail("the server answered a heartbeat that it was not sent");
      return;
    }
    machine.acked(System.nanoTime(), round == lastBeat);
    arm();
    set.acked(this, round);
  }

  // ---- the machine's wishes

  private void drive(Action action) {
    drive(action, null);
  }

  private void drive(Action action, SluiceException refusal) {
    boolean was = up;
    switch (action) {
      case CONNECT -> connect();
      case DISCONNECT -> {
        Channel old = channel;
        channel = null;
        if (old != null) old.close();
      }
      default -> { }
    }
    changed();
    arm();
    if (action != Action.DISCONNECT) return;
    if (was) LOG.warn("link {}: down: {}", address, machine.reason());
    else LOG.debug("link {}: no session: {}", address, machine.reason());
    String reason = machine.reason();
    if (was) set.tell(l -> l.down(this, reason));
    else set.tell(l -> l.failed(this, reason, refusal));
  }

  private void connect() {
    // Names are looked up elsewhere: the JDK's resolver may block for many seconds.
    set.resolve(address).whenComplete((found, failure) -> loop.execute(() -> {
      if (machine.state() != LinkStateMachine.State.CONNECTING || channel != null) return;
      if (failure != null) fail(Reasons.of(failure));
      else if (!set.duplicate(this, found)) connect(found);
    }));
  }

  private void connect(InetSocketAddress to) {
    resolved = to;
    LinkSession session = new LinkSession(this, set.setup().hello());
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel ch) {
                    session.install(ch, set.setup().identity());
                  }
                })
            .connect(to);
    channel = connecting.channel();
    connecting.addListener(f -> {
      if (!f.isSuccess() && channel == connecting.channel()) fail(Reasons.of(f.cause()));
    });
  }

  private boolean send(ToServer message) {
    long bytes = message.getSerializedSize();
    if (bytes > Frames.MAX_BYTES) return false;
    if (!budget.take(bytes)) {
      fail("the server does not take what it is sent");
      return false;
    }
    channel.writeAndFlush(message).addListener(f -> budget.giveBack(bytes));
    return machine.up();
  }

  private void arm() {
    long at = machine.wakeAt();
    if (machine.state() == LinkStateMachine.State.CLOSED) return;
    // A timer that rings too early finds nothing to do and sets the next; one for each heartbeat would be waste.
    if (timer != null && !timer.isDone() && timerAt - at <= 0) return;
    if (timer != null) timer.cancel(false);
    timerAt = at;
    timer = loop.schedule(() -> {
      timer = null;
      drive(machine.tick(System.nanoTime()));
    }, Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private void changed() {
    if (up != machine.up()) {
      up = machine.up();
      sinceMillis = System.currentTimeMillis();
    }
    publish();
  }

  private void publish() {
    NetworkStatus.Builder s =
        NetworkStatus.newBuilder()
            .setServerAddress(address.toString())
            .setUp(machine.up())
            .setReason(machine.reason())
            .setSinceMs(sinceMillis);
    if (machine.up() && channel.localAddress() instanceof InetSocketAddress own) {
      s.setPeerAddress(new HostPort(own.getAddress().getHostAddress(), own.getPort()).toString());
    }
    status = s.build();
  }
}
