package sluice.console.core.ops;

/**
 * Something to say of a field while it is typed.
 *
 * @param field its name; empty: of the whole
 * @param text what is, and how to correct it, in one sentence
 */
public record Finding(String field, Kind kind, String text) {
  public enum Kind {
    /** Not filled yet: a prompt, no error. */
    PROMPT,
    /** It can be done, but know this. */
    WARNING,
    /** It cannot be done so. */
    ERROR
  }

  /** Does it keep the operation from being run? */
  public boolean stops() {
    return kind != Kind.WARNING;
  }
}
