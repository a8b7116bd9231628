package sluice.net;

import sluice.protocol.Problems;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.ToClient;

/** Answers to calls, framed for the connection. */
public final class ServerReplies {
  private ServerReplies() {}

  /** The last word on a call that failed. */
  public static ToClient problem(long callId, Throwable failure) {
    return of(callId, Reply.newBuilder().setLast(true).setProblem(Problems.of(failure)).build());
  }

  public static ToClient of(long callId, Reply reply) {
    return ToClient.newBuilder().setAnswers(callId).setReply(reply).build();
  }
}
