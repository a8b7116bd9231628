package sluice.console.core.ops;

/** Where an operation tells how far it is, and learns that nobody wants it any more. Called on the client's loop. */
public interface Progress {
  /** @param total 0: not known */
  void at(String text, long done, long total);

  /** Tells nobody. */
  static Progress none() {
    return (text, done, total) -> {};
  }
}
