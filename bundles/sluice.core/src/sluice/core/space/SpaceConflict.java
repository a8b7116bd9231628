package sluice.core.space;

/** Two extents want the same bytes, or an extent lies where none may. Its message is a clause for people. */
public final class SpaceConflict extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SpaceConflict(String message) {
    super(message, null, false, false);
  }
}
