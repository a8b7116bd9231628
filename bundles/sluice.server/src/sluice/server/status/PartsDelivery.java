package sluice.server.status;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import sluice.net.ControlConnection;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.ToClient;

/**
 * A picture on its way to one peer, part by part, as fast as the peer takes them; the last part is the call's answer. So a
 * picture may be larger than what the server would let wait for a peer. On the control thread.
 */
final class PartsDelivery {
  /** More than this is not on its way at once. */
  private static final long QUEUED_BYTES = 1L << 20;

  private final ControlConnection connection;
  private final long call;
  private final Deque<Picture> parts;
  private final CompletableFuture<Reply.Builder> answer = new CompletableFuture<>();

  PartsDelivery(ControlConnection connection, long call, List<Picture> parts) {
    this.connection = connection;
    this.call = call;
    this.parts = new ArrayDeque<>(parts);
  }

  CompletableFuture<Reply.Builder> answer() {
    return answer;
  }

  ControlConnection connection() {
    return connection;
  }

  /** Sends what the peer has room for. True: all of it is on its way. */
  boolean pump() {
    while (parts.size() > 1 && connection.queuedBytes() < QUEUED_BYTES) {
      connection.send(ToClient.newBuilder().setAnswers(call).setReply(Reply.newBuilder().setPicture(parts.poll())).build());
    }
    if (parts.size() > 1) return false;
    answer.complete(Reply.newBuilder().setPicture(parts.poll()));
    return true;
  }
}
