package sluice.api;

import java.util.List;

/**
 * An error that a person can act on: what happened, why, what to do, and which objects it is about.
 *
 * <p>The first three are sentences or clauses without a final full stop; they reach people as they are.
 */
public final class SluiceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final String what;
  private final String why;
  private final String correction;
  private final transient List<String> objects;

  public SluiceException(ErrorCode code, String what, String why, String correction, String... objects) {
    this(null, code, what, why, correction, List.of(objects));
  }

  public SluiceException(
      Throwable cause, ErrorCode code, String what, String why, String correction, List<String> objects) {
    super(what + (why.isEmpty() ? "" : ": " + why), cause);
    this.code = code;
    this.what = what;
    this.why = why;
    this.correction = correction;
    this.objects = List.copyOf(objects);
  }

  public ErrorCode code() {
    return code;
  }

  public String what() {
    return what;
  }

  /** May be empty. */
  public String why() {
    return why;
  }

  /** What to do about it; may be empty. */
  public String correction() {
    return correction;
  }

  public List<String> objects() {
    return objects;
  }
}
