package sluice.testkit.cluster;

/**
 * What the design does not withstand yet. A run leaves these cases out, so that it finds what is not known; {@code simulate
 * --holes} puts them in, and finds these first. Each belongs here only until it is closed.
 *
 * @param open whether they are put in
 */
public record Holes(boolean open) {
  public static final Holes LEFT_OUT = new Holes(false);

  /**
   * Nobody remembers, across the server's death, that a disk has lost what was not flushed; and which of two doubted legs has
   * lost more nobody can tell.
   */
  public boolean lossIsForgotten() {
    return open;
  }

  /** A host that is cut off from the server takes a disk that was away for an instant for the one that it was. */
  public boolean hostTrustsWhatWasAway() {
    return open;
  }

  /**
   * A host whose lease runs out leaves what it has under way on disks as it is: it can take effect behind a copy that is made
   * when the margin is over.
   */
  public boolean writesOutliveTheLease() {
    return open;
  }
}
