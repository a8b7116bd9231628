package sluice.console.core.view;

/** What something is about: its kind, and its id (a user's name). */
public record ObjectKey(Kind kind, String id) {
  public enum Kind {
    CLUSTER,
    SERVER,
    USER,
    HOST,
    DISK,
    POOL,
    VOLUME,
    TOKEN,
    TASK,
    ALERT
  }
}
