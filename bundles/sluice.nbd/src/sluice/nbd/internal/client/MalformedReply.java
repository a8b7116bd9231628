package sluice.nbd.internal.client;

/** The server said something that makes no sense; the connection cannot go on. */
final class MalformedReply extends Exception {
  private static final long serialVersionUID = 1;

  MalformedReply(String why) {
    super(why, null, false, false);
  }
}
