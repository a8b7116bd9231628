package sluice.cli.launch;

/** The composition has said that it could not start, in words for people. */
public final class ProgramFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  ProgramFailed(int exitCode, String text) {
    super(text, null, false, false);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
