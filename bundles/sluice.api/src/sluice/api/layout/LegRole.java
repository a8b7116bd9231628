package sluice.api.layout;

import java.util.List;

/**
 * What a whole copy of a volume is good for: leg i of every segment.
 *
 * @param id of this copy; never reused
 * @param state what it gets and gives
 * @param intents where the write intents beside this copy lie (invariant 4); null for a volume of one leg without them
 * @param replaces id of the leg whose place it is to take; empty: it is a copy in its own right
 * @param own where it lies, as segments of one leg, if it is striped in another way than leg 0; empty: as the volume's segments say
 */
public record LegRole(String id, State state, Extent intents, String replaces, List<Segment> own) {
  public LegRole {
    own = List.copyOf(own);
  }

  /** A copy in its own right, striped as all are. */
  public LegRole(String id, State state, Extent intents) {
    this(id, state, intents, "", List.of());
  }

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
