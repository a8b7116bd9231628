package sluice.nbd.internal.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.IoLoop;
import sluice.nbd.Connection;
import sluice.nbd.Export;
import sluice.nbd.Peer;

/** A connection from its acceptance until its last request has completed. State is the loop's. */
final class ServerConnection implements Connection {
  private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
  private static final AtomicLong IDS = new AtomicLong();
  /** How long a client may take to fetch its last replies before the socket is closed under it. */
  private static final long LINGER_MILLIS = 2000;

  private final long id = IDS.incrementAndGet();
  private final IoLoop loop;
  private final Channel channel;
  private final Runnable onProven;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile Peer peer;
  private volatile String exportName;
  private Export export;
  private Transmission transmission;
  private boolean proven;
  private boolean closing;

  /** @param onProven run when it has proven who it is */
  ServerConnection(IoLoop loop, Channel channel, Runnable onProven) {
    this.loop = loop;
    this.channel = channel;
    this.onProven = onProven;
    this.peer = new Peer(null, channel.remoteAddress());
    channel.closeFuture().addListener(closed -> {
      closing = true;
      if (transmission == null) done.complete(null);
    });
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public String exportName() {
    return exportName;
  }

  /** Completes when the last request has. */
  CompletableFuture<Void> done() {
    return done;
  }

  /** On the loop: TLS has proven who the peer is. */
  void proven(Peer who) {
    peer = who;
    proven = true;
    onProven.run();
  }

  /** On the loop: has TLS proven who it is? */
  boolean proven() {
    return proven;
  }

  /** On the loop: it ends while haggling. */
  void ending() {
    closing = true;
  }

  /** On the loop: no export may be opened any more. */
  boolean closing() {
    return closing;
  }

  /** On the loop: the transmission phase begins. */
  void opened(String name, Export granted, Transmission begun) {
    exportName = name;
    export = granted;
    transmission = begun;
    LOG.info("connection {}: {} opened export '{}'", id, peer, name);
    tell(granted.opened());
  }

  @Override
  public CompletionStage<Void> close() {
    loop.execute(this::closeOnLoop);
    return done.minimalCompletionStage();
  }

  private void closeOnLoop() {
    closing = true;
    if (transmission != null) transmission.stop();
    else channel.close();
  }

  /** On the loop: the last request has completed, and its reply has been handed to the channel. */
  void drained() {
    LOG.info("connection {}: {} closed export '{}'", id, peer, exportName);
    tell(export.closed());
    done.complete(null);
    if (!channel.isActive()) return;
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tell(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException e) {
      LOG.error("connection {}: a callback of export '{}' failed", id, exportName, e);
    }
  }
}
