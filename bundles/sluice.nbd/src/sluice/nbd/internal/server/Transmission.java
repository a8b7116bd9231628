package sluice.nbd.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.io.MemoryBudget;
import sluice.io.MemoryShare;
import sluice.io.NettyBuffer;
import sluice.nbd.Export;
import sluice.nbd.internal.Nbd;

/**
 * The transmission phase: takes requests out of the stream, hands them to the device, writes the replies.
 *
 * <p>Runs on the loop that owns the device. Nothing is gathered but a request's header: a WRITE's payload is copied
 * once, from the received bytes into its aligned buffer. While {@link #full}, or while there is no memory for the next
 * request, no more is read; what was received already waits in {@code stalled}. Memory is on the connection's share
 * until the client has fetched the answer. A request that a device holds keeps its buffer, whatever becomes of the connection, and
 * {@link ServerConnection#drained} is told when none is left.
 */
final class Transmission extends ChannelInboundHandlerAdapter implements RequestReader.Sink, MemoryShare.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Transmission.class);

  private final ServerConnection connection;
  private final IoLoop loop;
  private final BlockDevice device;
  private final RequestRules rules;
  private final List<StatusReply.Selected> contexts;
  private final boolean structured;
  private final int maxRequests;
  private final MemoryBudget budget;
  private final MemoryShare share;
  private final RequestReader reader = new RequestReader(this);
  private final ArrayDeque<ByteBuf> stalled = new ArrayDeque<>();
  private final ArrayDeque<ServerRequest> idle = new ArrayDeque<>();
  private final Runnable endOfBatch = this::endOfBatch;
  private boolean endOfBatchAsked;
  private ChannelHandlerContext ctx;
  private Replies replies;
  /** Requests that the device holds. */
  private int inFlight;
  /** Of the write whose payload is being thrown away. */
  private long refusedCookie;
  private int refusal;
  private boolean paused;
  /** No further requests: the client said so, the connection is gone, or it is being closed. */
  private boolean stopped;
  private boolean drained;

  Transmission(ServerConnection connection, IoLoop loop, Export export, boolean structured,
      List<StatusReply.Selected> contexts, int maxRequests, MemoryBudget budget, long maxPayload) {
    this.connection = connection;
    this.loop = loop;
    this.device = export.device();
    this.rules = new RequestRules(device.traits().size(), export.readOnly(), device.traits().zeroes(), structured,
        !contexts.isEmpty());
    this.contexts = contexts;
    this.structured = structured;
    this.maxRequests = maxRequests;
    this.budget = budget;
    this.share = budget.open(this, maxPayload);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    replies = new Replies(context, structured, context.pipeline().get(SslHandler.class) != null);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (stopped) {
      in.release();
    } else if (paused) {
      stalled.add(in);
    } else {
      feed(in);
    }
  }

  private void feed(ByteBuf in) {
    if (!reader.read(in)) {
      pause();
      stalled.addFirst(in);
    } else {
      in.release();
    }
  }

  @Override
  public boolean full() {
    return !stopped && (inFlight >= maxRequests || !ctx.channel().isWritable());
  }

  @Override
  public boolean waits(int command, long length) {
    boolean payload = command == Nbd.CMD_READ || command == Nbd.CMD_WRITE;
    // what is too long is refused, for which no memory is needed
    return !stopped && !share.fits(payload && length <= Nbd.MAX_PAYLOAD ? (int) length : 0);
  }

  @Override
  public void goOn() {
    if (paused && !stopped && !full()) resume();
  }

  @Override
  public long owed() {
    ChannelOutboundBuffer out = ctx.channel().unsafe().outboundBuffer();
    return out == null ? 0 : Math.max(0, out.totalPendingWriteBytes() - out.currentProgress()) + reader.missing();
  }

  @Override
  public void cutOff(String why) {
    LOG.warn("connection {} of {} is cut off: {}", connection.id(), connection.peer(), why);
    ctx.close();
  }

  private void pause() {
    paused = true;
    ctx.channel().config().setAutoRead(false);
    // what made it full may have ended by now; of memory we are told
    if (!share.isWaiting()) askEndOfBatch();
  }

  private void resume() {
    paused = false;
    while (!paused && !stopped && !stalled.isEmpty()) feed(stalled.poll());
    if (!paused && !stopped) ctx.channel().config().setAutoRead(true);
  }

  @Override
  public ServerRequest request(int command, int flags, long cookie, long offset, long length) {
    int error = rules.check(command, flags, offset, length);
    if (error != 0) {
      refuse(command, cookie, length, error);
      return null;
    }
    if (command == Nbd.CMD_BLOCK_STATUS) {
      inFlight++;
      new StatusReply(this, contexts, cookie, offset, length, (flags & Nbd.CMD_FLAG_REQ_ONE) != 0).start();
      return null;
    }
    BlockOp op = RequestRules.op(command);
    if (length == 0 && op != BlockOp.FLUSH) {
      if (op == BlockOp.READ) replies.noData(cookie);
      else replies.done(cookie);
      askEndOfBatch();
      return null;
    }
    return begin(op, RequestRules.deviceFlags(op, flags), cookie, offset, op == BlockOp.FLUSH ? 0 : length);
  }

  private ServerRequest begin(BlockOp op, int flags, long cookie, long offset, long length) {
    ServerRequest request = idle.pollLast();
    if (request == null) request = new ServerRequest(this);
    request.set(op, flags, op == BlockOp.FLUSH ? 0 : offset, length);
    request.cookie = cookie;
    if (op.hasPayload()) {
      try {
        NettyBuffer buffer = NettyBuffer.of(loop.buffers().take((int) length));
        share.pay(buffer);
        request.buffer = buffer;
      } catch (SluiceException e) {
        budget.refused(e.getMessage());
        idle.addLast(request);
        refuse(op == BlockOp.WRITE ? Nbd.CMD_WRITE : Nbd.CMD_READ, cookie, length, IoError.ENOMEM);
        return null;
      }
      request.bufferIndex = IoBuffer.HEADROOM;
    }
    return request;
  }

  /** A write is refused only after its payload: clients do not expect an answer to what they are still sending. */
  private void refuse(int command, long cookie, long length, int error) {
    if (command == Nbd.CMD_WRITE && length > 0) {
      refusedCookie = cookie;
      refusal = error;
    } else {
      answer(cookie, error);
    }
  }

  @Override
  public void skipped() {
    answer(refusedCookie, refusal);
  }

  @Override
  public void complete(ServerRequest request) {
    inFlight++;
    device.submit(request);
  }

  @Override
  public void abandoned(ServerRequest request) {
    recycle(request, true);
  }

  @Override
  public void disconnect() {
    stop();
  }

  @Override
  public void malformed(String why) {
    LOG.warn("connection {} of {} is cut off: {}", connection.id(), connection.peer(), why);
    stop();
  }

  void completed(ServerRequest request, int error) {
    inFlight--;
    boolean read = request.op == BlockOp.READ;
    if (ctx.channel().isActive()) {
      if (error != 0) replies.error(request.cookie, error);
      else if (read) replies.data(request.cookie, request.offset, request.buffer, (int) request.length);
      else replies.done(request.cookie);
      recycle(request, !read || error != 0);
    } else {
      recycle(request, true);
    }
    askEndOfBatch();
  }

  private void recycle(ServerRequest request, boolean release) {
    if (request.buffer != null) {
      if (release) request.buffer.release();
      request.buffer = null;
    }
    idle.addLast(request);
  }

  ByteBuf allocate() {
    return ctx.alloc().buffer(256, Extents.MAX * 8);
  }

  void statusFound(long cookie, int context, ByteBuf extents, boolean last) {
    if (ctx.channel().isActive()) replies.status(cookie, context, extents, last);
    else extents.release();
    if (last) inFlight--;
    askEndOfBatch();
  }

  void statusFailed(long cookie, int error) {
    inFlight--;
    answer(cookie, error);
  }

  private void answer(long cookie, int error) {
    if (ctx.channel().isActive()) replies.error(cookie, error);
    askEndOfBatch();
  }

  private void askEndOfBatch() {
    if (endOfBatchAsked) return;
    endOfBatchAsked = true;
    loop.atEndOfBatch(endOfBatch);
  }

  private void endOfBatch() {
    endOfBatchAsked = false;
    if (ctx.channel().isActive()) replies.flush();
    else replies.discard();
    if (paused && !share.isWaiting()) goOn();
    if (stopped && inFlight == 0 && !drained) {
      drained = true;
      connection.drained();
    }
  }

  /** On the loop: no further requests; those under way complete. */
  void stop() {
    if (stopped) return;
    stopped = true;
    reader.stop();
    share.close();
    for (ByteBuf in = stalled.poll(); in != null; in = stalled.poll()) in.release();
    ctx.channel().config().setAutoRead(false);
    askEndOfBatch();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (paused) askEndOfBatch();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stop();
    askEndOfBatch();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection {} is lost: {}", connection.id(), cause.toString());
    context.close();
  }
}
