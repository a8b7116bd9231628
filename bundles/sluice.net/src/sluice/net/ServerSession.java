package sluice.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.pki.PeerIdentity;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.HeartbeatAck;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Joined;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.ToServer;
import sluice.protocol.v1.Welcome;

/** One connection on the server's side, from its first byte to its last; owned by its event loop. */
final class ServerSession extends SimpleChannelInboundHandler<ToServer> implements ControlConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ServerSession.class);

  private enum State {
    HANDSHAKE,
    FIRST_MESSAGE,
    DECIDING,
    OPEN,
    ENDING
  }

  private final Channel channel;
  private final Frames.Decoder<ToServer> decoder;
  private final ControlHandler handler;
  private final ServerLimits limits;
  private final Admission.Place place;
  private final SendBudget budget;
  // What the handler sends between deciding and the Welcome's writing; bounded by the budget.
  private final ArrayDeque<ToClient> held = new ArrayDeque<>();
  private final AtomicReference<String> closeReason = new AtomicReference<>(); // the first given wins

  private State state = State.HANDSHAKE;
  private volatile Peer peer;
  private volatile long attachment;
  private boolean saidHello;
  private boolean proven;
  private long lastCallId;
  private int callsInFlight;
  private long lastHeardNanos;
  private Future<?> timer;

  ServerSession(
      Channel channel, Frames.Decoder<ToServer> decoder, ControlHandler handler, ServerLimits limits, Admission.Place place) {
    this.channel = channel;
    this.decoder = decoder;
    this.handler = handler;
    this.limits = limits;
    this.place = place;
    this.budget = new SendBudget(limits.queuedBytes());
    this.peer = peerOf(PeerIdentity.none());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    timer =
        ctx.executor()
            .schedule(() -> close("no session within the time allowed"), limits.greeting().toMillis(), TimeUnit.MILLISECONDS);
    ctx.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
      state = State.FIRST_MESSAGE;
      peer = peerOf(proven(ctx.pipeline().get(SslHandler.class)));
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ToServer message) {
    lastHeardNanos = System.nanoTime();
    switch (state) {
      case FIRST_MESSAGE -> first(message);
      case OPEN -> next(message);
      case ENDING -> { /* answered already; what still comes is not for anybody */ }
      default -> illegal(message);
    }
  }

  private void first(ToServer message) {
    switch (message.getBodyCase()) {
      case JOIN -> join(message.getJoin());
      case HELLO -> hello(message.getHello());
      default -> illegal(message);
    }
  }

  private void join(Join join) {
    state = State.DECIDING;
    settle(() -> handler.join(join, peer), (Joined joined) -> {
      LOG.info("control: {} {} joined from {}", joined.getId(), joined.getName(), peer.remote());
      answerAndEnd(ToClient.newBuilder().setJoined(joined).build(), "it has joined");
    });
  }

  private void hello(Hello hello) {
    state = State.DECIDING;
    PeerIdentity.Kind kind = peer.identity().kind();
    if (kind != PeerIdentity.Kind.HOST && kind != PeerIdentity.Kind.USER) {
      refuse(new SluiceException(ErrorCode.UNAUTHENTICATED, "refused", "a session needs a host's or user's certificate", ""));
      return;
    }
    try {
      Versions.negotiate(hello);
    } catch (SluiceException e) {
      refuse(e);
      return;
    }
    saidHello = true;
    settle(() -> handler.hello(hello, peer, this), this::open);
  }

  /** Runs what decides, and its outcome back on this loop; a failure of any kind is a refusal. */
  private <T> void settle(Supplier<CompletionStage<T>> decide, Consumer<T> then) {
    BiConsumer<T, Throwable> outcome =
        (value, failure) ->
            onLoop(() -> {
              if (state != State.DECIDING) return;
              if (failure != null) refuse(failure);
              else then.accept(value);
            });
    try {
      decide.get().whenComplete(outcome);
    } catch (RuntimeException e) {
      outcome.accept(null, e);
    }
  }

  private void open(Welcome welcome) {
    state = State.OPEN;
    proven = true;
    place.proven();
    decoder.welcomed();
    timer.cancel(false);
    lastHeardNanos = System.nanoTime();
    watchIdle(limits.idle().toNanos());
    transmit(ToClient.newBuilder().setWelcome(welcome).build());
    LOG.info("control: session of {} {} from {} on {}", peer.identity().kind(), id(), peer.remote(), peer.local());
    for (ToClient m = held.poll(); m != null; m = held.poll()) write(m);
    handler.opened(this);
  }

  private void next(ToServer message) {
    switch (message.getBodyCase()) {
      case HEARTBEAT -> heartbeat(message.getHeartbeat());
      case CALL -> call(message.getId(), message.getCall());
      default -> illegal(message);
    }
  }

  private void heartbeat(Heartbeat heartbeat) {
    if (peer.identity().kind() == PeerIdentity.Kind.HOST) {
      handler.heartbeat(this, heartbeat);
      return;
    }
    // A user has nothing to report and no lease: it only wants to know that the server is there.
    HeartbeatAck ack = HeartbeatAck.newBuilder().setRound(heartbeat.getRound()).build();
    transmit(ToClient.newBuilder().setHeartbeatAck(ack).build());
  }

  private void call(long id, Call call) {
    if (Long.compareUnsigned(id, lastCallId) <= 0) {
      close("a call's id did not grow");
      return;
    }
    lastCallId = id;
    callsInFlight++;
    if (callsInFlight > limits.callsInFlight()) {
      transmit(ServerReplies.problem(id, new SluiceException(
          ErrorCode.UNAVAILABLE, "too many requests at once",
          limits.callsInFlight() + " of this connection are being worked on", "wait for their answers")));
      return;
    }
    try {
      handler.call(this, id, call);
    } catch (RuntimeException e) {
      LOG.error("control: a call of {} failed inside", id(), e);
      transmit(ServerReplies.problem(id, e));
    }
  }

  // ---- sending

  @Override
  public void send(ToClient message) {
    if (channel.eventLoop().inEventLoop()) transmit(message);
    else sendFromElsewhere(message);
  }

  @Override
  public long queuedBytes() {
    return budget.waitingBytes();
  }

  private void sendFromElsewhere(ToClient message) {
    // Counted here and not on the loop: a queue of tasks would be a queue without a bound.
    long bytes = message.getSerializedSize();
    if (!budget.take(bytes)) {
      tooSlow(bytes);
      return;
    }
    onLoop(() -> counted(message, bytes));
  }

  private void transmit(ToClient message) {
    long bytes = message.getSerializedSize();
    if (budget.take(bytes)) counted(message, bytes);
    else tooSlow(bytes);
  }

  private void counted(ToClient message, long bytes) {
    if (bytes > Frames.MAX_BYTES) {
      budget.giveBack(bytes);
      tooLarge(message, bytes);
    } else if (state == State.DECIDING) {
      held.add(message);
    } else if (state == State.OPEN) {
      write(message);
    } else {
      budget.giveBack(bytes);
    }
  }

  private void write(ToClient message) {
    long bytes = message.getSerializedSize();
    if (message.hasReply() && message.getReply().getLast()) callsInFlight--;
    channel.writeAndFlush(message).addListener(f -> budget.giveBack(bytes));
  }

  private void tooLarge(ToClient message, long bytes) {
    LOG.error("control: a {} of {} bytes for {} is more than a frame takes", message.getBodyCase(), bytes, id());
    if (!message.hasReply()) {
      close("what it should be told does not fit into a frame");
      return;
    }
    transmit(ServerReplies.problem(message.getAnswers(), new SluiceException(
        ErrorCode.NO_SPACE, "the answer is too large", bytes + " bytes do not fit into a frame", "ask for less")));
  }

  private void tooSlow(long bytes) {
    close("it does not keep up: " + budget.waitingBytes() + " bytes wait for it and " + bytes + " more do not fit");
  }

  private void refuse(Throwable failure) {
    // A stranger could fill the log; refused joins are the audit log's.
    LOG.atLevel(peer.identity().kind() == PeerIdentity.Kind.NONE ? Level.DEBUG : Level.INFO)
        .log("control: refused {} {} from {}: {}", peer.identity().kind(), id(), peer.remote(), failure.getMessage());
    answerAndEnd(ToClient.newBuilder().setRefused(Refusals.of(failure)).build(), "refused");
  }

  private void answerAndEnd(ToClient answer, String reason) {
    state = State.ENDING;
    closeReason.compareAndSet(null, reason);
    channel.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }

  // ---- ending

  @Override
  public void close(String reason) {
    closeReason.compareAndSet(null, reason);
    // Behind what was written already; the TLS handler cuts off a peer that takes nothing after a second.
    onLoop(() -> {
      state = State.ENDING;
      channel.close();
    });
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.ENDING;
    if (timer != null) timer.cancel(false);
    held.clear();
    place.leave();
    closeReason.compareAndSet(null, "it closed the connection");
    String reason = closeReason.get();
    if (proven) LOG.info("control: session of {} {} from {} ended: {}", peer.identity().kind(), id(), peer.remote(), reason);
    if (saidHello) handler.closed(this, reason);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // In words of ours: the exceptions' own repeat what a peer sent, and that may be a token's secret.
    String reason = Reasons.of(cause);
    LOG.debug("control: connection of {} failed: {}", peer.remote(), reason);
    close("the connection failed: " + reason);
  }

  private void onLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("control: {} is told nothing more, the server has stopped", id());
    }
  }

  private void illegal(ToServer message) {
    close("a " + message.getBodyCase() + " where none may be");
  }

  private void watchIdle(long nanos) {
    timer = channel.eventLoop().schedule(() -> {
      long silent = System.nanoTime() - lastHeardNanos;
      if (silent >= limits.idle().toNanos()) close("nothing was heard of it for " + limits.idle().toSeconds() + " s");
      else watchIdle(limits.idle().toNanos() - silent);
    }, nanos, TimeUnit.NANOSECONDS);
  }

  private static PeerIdentity proven(SslHandler tls) {
    try {
      return PeerIdentity.of((X509Certificate) tls.engine().getSession().getPeerCertificates()[0]);
    } catch (SSLPeerUnverifiedException e) {
      return PeerIdentity.none();
    }
  }

  private Peer peerOf(PeerIdentity identity) {
    return new Peer(identity, (InetSocketAddress) channel.remoteAddress(), (InetSocketAddress) channel.localAddress());
  }

  private String id() {
    return peer.identity().id();
  }

  @Override
  public PeerIdentity peer() {
    return peer.identity();
  }

  @Override
  public InetSocketAddress remote() {
    return peer.remote();
  }

  @Override
  public InetSocketAddress local() {
    return peer.local();
  }

  @Override
  public long attachment() {
    return attachment;
  }

  @Override
  public void attachment(long value) {
    attachment = value;
  }

  @Override
  public String toString() {
    return peer.identity().kind() + " " + id() + " at " + peer.remote();
  }
}
