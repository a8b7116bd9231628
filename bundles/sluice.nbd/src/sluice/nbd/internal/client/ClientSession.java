package sluice.nbd.internal.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * The engine of {@link sluice.nbd.NbdClient}, whose javadoc says when requests complete. On the loop, but for what says
 * otherwise.
 */
public final class ClientSession {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);

  private enum State {
    OPEN,
    /** Nothing more is sent or understood, and the peer has not said that it stopped: changes are in doubt. */
    SUSPECT,
    /** What was sent cannot take effect any more. */
    GONE
  }

  private final IoLoop loop;
  private final Channel channel;
  private final String name;
  private final WirePlan plan;
  private final Requests requests;
  private final Pipeline pipeline;
  private final ReplyReader reader;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final List<Consumer<String>> listeners = new ArrayList<>();
  private final Runnable endOfBatch = this::endOfBatch;
  private State state = State.OPEN;
  private boolean endOfBatchAsked;
  private boolean closing;
  private boolean disconnecting;
  private boolean cut;
  private volatile String lostReason;

  /** @param name of the export and its server, for logs */
  ClientSession(IoLoop loop, Channel channel, String name, Offer offer, boolean readOnly, int maxRequests) {
    this.loop = loop;
    this.channel = channel;
    this.name = name;
    plan = new WirePlan(offer, readOnly);
    requests = new Requests(channel);
    pipeline = new Pipeline(maxRequests, this::send, this::finished);
    reader = new ReplyReader(offer.structured(), new Replies(pipeline, plan));
  }

  /** Any thread. */
  public IoLoop loop() {
    return loop;
  }

  /** Any thread. */
  public BlockTraits traits() {
    return plan.traits();
  }

  public void submit(BlockRequest request) {
    int refused = refusal();
    if (refused == 0) refused = plan.check(request.op, request.offset, request.length);
    if (refused != 0) {
      request.completed(refused);
      return;
    }
    Operation operation = pipeline.take();
    operation.request = request;
    if (plan.plan(operation, request)) {
      pipeline.begin(operation);
    } else {
      pipeline.giveBack(operation);
      request.completed(IoError.OK);
    }
  }

  public void status(long offset, long length, StatusSink sink) {
    int refused = refusal();
    if (refused == 0) refused = length == 0 ? IoError.EINVAL : plan.check(BlockOp.CACHE, offset, length);
    if (refused != 0) {
      sink.completed(refused);
    } else if (!plan.answersStatus()) {
      sink.range(length, StatusSink.DATA);
      sink.completed(IoError.OK);
    } else {
      Operation operation = pipeline.take();
      operation.sink = sink;
      plan.planStatus(operation, offset, length);
      pipeline.begin(operation);
    }
  }

  private int refusal() {
    if (closing) return IoError.ESHUTDOWN;
    if (state != State.OPEN) return IoError.ENXIO;
    return pipeline.overfull() ? IoError.ENOMEM : IoError.OK;
  }

  private void send(Slot slot, int flags) {
    requests.send(slot, flags);
    askEndOfBatch();
  }

  private void askEndOfBatch() {
    if (endOfBatchAsked) return;
    endOfBatchAsked = true;
    loop.atEndOfBatch(endOfBatch);
  }

  private void endOfBatch() {
    endOfBatchAsked = false;
    if (state != State.OPEN) {
      requests.discard();
      return;
    }
    requests.flush();
    if (closing && !disconnecting && pipeline.outstanding() == 0) disconnect();
  }

  private void disconnect() {
    disconnecting = true;
    requests.disconnect();
    requests.flush();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private void finished(Operation operation, int error) {
    if (operation.request != null) operation.request.completed(error);
    else operation.sink.completed(error);
    if (closing) settle();
  }

  /** While closing: goes on when nothing is outstanding. */
  private void settle() {
    if (pipeline.outstanding() > 0) return;
    if (state == State.OPEN) askEndOfBatch();
    else closed.complete(null);
  }

  /** Received bytes. */
  void received(ByteBuf in) {
    try {
      reader.read(in);
    } catch (MalformedReply e) {
      LOG.warn("the NBD connection to {} is given up: {}", name, e.getMessage());
      giveUp("the server's answer makes no sense: " + e.getMessage(), IoError.ENXIO);
      awaitPeer();
    }
  }

  /** The connection is lost, but not by the peer's word. */
  void failed(String why) {
    giveUp(why, IoError.ETIMEDOUT);
  }

  /** The stream is not understood any more, the socket is alive: sends nothing, and waits for the peer to close. */
  private void awaitPeer() {
    if (pipeline.outstanding() == 0) channel.close();
    else HalfClose.shutDown(channel);
  }

  private void giveUp(String why, int error) {
    if (state != State.OPEN) return;
    state = State.SUSPECT;
    lost(why);
    reader.stop();
    // A change of which nothing was sent, or whose writes were all answered, can take no further effect.
    pipeline.end(o -> o.changesData() && !o.mayChangeData(), IoError.ENXIO, reader);
    pipeline.end(o -> !o.changesData(), error, reader);
    int doubt = pipeline.mayChangeData();
    if (doubt > 0) LOG.warn("{} changes to {} are in doubt", doubt, name);
    if (closing) settle();
  }

  /**
   * The channel is closed.
   *
   * @param byPeer nothing says that it was not the peer who closed it
   */
  void inactive(boolean byPeer) {
    // It was this side that closed it, which says nothing of what the peer has taken.
    if (cut) return;
    if (!byPeer) {
      giveUp("the connection broke", IoError.ETIMEDOUT);
      return;
    }
    gone(disconnecting ? "closed" : "the server closed the connection");
  }

  /** @see sluice.nbd.NbdClient#cut */
  public void cut(long settleNanos) {
    if (state == State.GONE || cut) return;
    cut = true;
    giveUp("it was cut", IoError.ENXIO);
    // A reset, not an orderly end: the kernel would go on sending what it has, for minutes if the network is away.
    if (channel.remoteAddress() instanceof InetSocketAddress) channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
    if (pipeline.outstanding() == 0) gone("it was cut");
    else loop.schedule(settleNanos, () -> gone("it was cut"));
  }

  public void peerFenced() {
    gone("the server was fenced");
    channel.close();
  }

  private void gone(String why) {
    if (state == State.GONE) return;
    state = State.GONE;
    lost(why);
    reader.stop();
    pipeline.end(o -> true, IoError.ENXIO, reader);
    if (closing) settle();
  }

  private void lost(String why) {
    if (lostReason != null) return;
    lostReason = why;
    if (!disconnecting) LOG.info("the NBD connection to {} is lost: {}", name, why);
    List.copyOf(listeners).forEach(l -> l.accept(why));
    listeners.clear();
  }

  /** Any thread. */
  public CompletionStage<Void> close() {
    loop.execute(() -> {
      if (closing) return;
      closing = true;
      settle();
    });
    return closed.minimalCompletionStage();
  }

  public void abandonReads() {
    pipeline.end(o -> !o.changesData(), IoError.ETIMEDOUT, reader);
  }

  public int outstanding() {
    return pipeline.outstanding();
  }

  public int inDoubt() {
    return state == State.SUSPECT ? pipeline.mayChangeData() : 0;
  }

  public void onDisconnect(Consumer<String> listener) {
    if (lostReason != null) listener.accept(lostReason);
    else listeners.add(listener);
  }

  /** Any thread. */
  public String lostReason() {
    return lostReason;
  }
}
