package sluice.net;

import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.Hello;

/** Versions of the control protocol: a program speaks its own and the one before it. */
public final class Versions {
  /** The newest that this program speaks. */
  public static final int NEWEST = 1;

  /** The oldest; one before the newest as soon as there is one. */
  public static final int OLDEST = 1;

  private Versions() {}

  /**
   * The newest version that both speak.
   *
   * @throws SluiceException INVALID_ARGUMENT that says which side is too old
   */
  public static int negotiate(Hello hello) {
    return negotiate(
        Integer.toUnsignedLong(hello.getOldestVersion()), Integer.toUnsignedLong(hello.getNewestVersion()), OLDEST, NEWEST);
  }

  static int negotiate(long peerOldest, long peerNewest, int oldest, int newest) {
    long both = Math.min(peerNewest, newest);
    if (peerOldest <= peerNewest && both >= Math.max(peerOldest, oldest)) return (int) both;
    boolean peerIsOld = peerNewest < oldest;
    throw new SluiceException(
        ErrorCode.INVALID_ARGUMENT,
        "the two programs speak no common version of the protocol",
        "one speaks " + peerOldest + " to " + peerNewest + ", the server " + oldest + " to " + newest,
        peerIsOld ? "update the program that connects" : "update the server first");
  }
}
