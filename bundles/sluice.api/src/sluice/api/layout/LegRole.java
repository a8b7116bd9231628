package sluice.api.layout;

/**
 * What a whole copy of a volume is good for: leg i of every segment.
 *
 * @param id of this copy; never reused
 * @param state what it gets and gives
 * @param intents where the write intents beside this copy lie (invariant 4); null for a volume of one leg without them
 */
public record LegRole(String id, State state, Extent intents) {
  /** As the catalog has committed it. */
  public enum State {
    /** Read, and written by every change. */
    IN_SYNC,
    /** Has missed changes: neither read nor written. */
    STALE,
    /** Being brought up to date: written below the recovery's window, never read. */
    FILLING
  }
}
