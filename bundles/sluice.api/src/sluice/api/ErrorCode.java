package sluice.api;

/** Kinds of failure that a caller may want to tell apart; also the exit codes of the command line. */
public enum ErrorCode {
  /** Sluice itself is at fault. */
  INTERNAL(1),
  /** The command or an argument is wrong. */
  INVALID_ARGUMENT(2),
  NOT_FOUND(3),
  ALREADY_EXISTS(4),
  /** What was asked is not possible in the present state. */
  CONFLICT(5),
  NO_SPACE(6),
  /** Not who they say they are, or not known. */
  UNAUTHENTICATED(7),
  /** Known, but may not. */
  FORBIDDEN(8),
  /** A peer, disk or server does not answer. */
  UNAVAILABLE(9),
  /** A disk or file does not hold what it should. */
  CORRUPT(10),
  TIMEOUT(11),
  IO(12);

  private final int exitCode;

  ErrorCode(int exitCode) {
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
