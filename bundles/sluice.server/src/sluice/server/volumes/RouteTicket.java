package sluice.server.volumes;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The permission that one lookup of an export gave: it can be shut, and then says when nothing that came by it can
 * take effect any more. Connections are counted on the NBD server's loops, the rest belongs to the control thread.
 *
 * <p>Why no request slips through: a connection is counted before its first request, and each request looks at the
 * gate when it is submitted. Shutting sets the gate first and reads the count second, so a connection that is not
 * counted yet finds the gate shut.
 */
final class RouteTicket {
  final String host;
  final String volume;
  final RouteName name;
  /** As the peer sent it: what its connection is called. */
  final String exportName;
  final long madeNanos;
  private final AtomicInteger open = new AtomicInteger();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile boolean shut;
  private volatile boolean everOpened;

  RouteTicket(String host, String volume, RouteName name, String exportName, long madeNanos) {
    this.host = host;
    this.volume = volume;
    this.name = name;
    this.exportName = exportName;
    this.madeNanos = madeNanos;
  }

  /** On the NBD server's loop: a connection begins to transmit. */
  void opened() {
    everOpened = true;
    open.incrementAndGet();
  }

  /** On the NBD server's loop: the last request of a connection has completed. */
  void closed() {
    if (open.decrementAndGet() == 0 && shut) drained.complete(null);
  }

  boolean isShut() {
    return shut;
  }

  /** Requests from now on end with ENXIO. The stage completes when those before have completed. */
  CompletionStage<Void> shut() {
    shut = true;
    if (open.get() == 0) drained.complete(null);
    return drained;
  }

  boolean inUse() {
    return open.get() > 0;
  }

  /** Given to a peer that only asked about the export, or that has gone. */
  boolean idleSince(long nanos) {
    return open.get() == 0 && (everOpened || madeNanos - nanos < 0);
  }
}
