package sluice.testkit.cluster;

/**
 * What no design can withstand with disks that do not say when they have lost something. A run leaves these cases out, so that it finds
 * what is not known; {@code simulate --holes} puts them in, and finds these first.
 *
 * @param open whether they are put in
 */
public record Holes(boolean open) {
  public static final Holes LEFT_OUT = new Holes(false);

  /**
   * Everybody who had a connection to a disk when it lost its cache dies before the catalog knows, or shares the volume and is cut off from the
   * server for longer than its lease.
   */
  public boolean nobodyRemembers() {
    return open;
  }

  /**
   * Everybody's connections to all copies break before it is decided what becomes of the one that has lost its cache: which one it was
   * nobody can tell.
   */
  public boolean allWereAway() {
    return open;
  }
}
