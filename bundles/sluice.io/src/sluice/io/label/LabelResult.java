package sluice.io.label;

/**
 * What was found where a label belongs.
 *
 * @param state what it is
 * @param label if FOUND or SHRUNKEN, otherwise null
 * @param note for people: what is wrong; for FOUND whether one of the two copies is bad, for NONE what else is on
 *     the disk, empty if nothing
 * @param overwritten for FOUND: one of the two copies can be read and is not a label; writing the label anew makes both good
 */
public record LabelResult(State state, DiskLabel label, String note, boolean overwritten) {
  /** Only FOUND may be written to without an administrator's word. */
  public enum State {
    FOUND,
    /** Not labelled: blank, or something else is on it, as the note says. */
    NONE,
    /** Neither copy can be read. */
    DAMAGED,
    /** Of a later version of Sluice. */
    NEWER,
    /** The disk is smaller than when it was labelled. */
    SHRUNKEN
  }

  public LabelResult {
    boolean has = state == State.FOUND || state == State.SHRUNKEN;
    if (has != (label != null)) throw new IllegalArgumentException(state + " with label " + label);
  }

  static LabelResult found(DiskLabel label, String note) {
    return new LabelResult(State.FOUND, label, note, false);
  }

  static LabelResult overwritten(DiskLabel label, String note) {
    return new LabelResult(State.FOUND, label, note, true);
  }

  /** Where there is no label to go by. */
  public static LabelResult without(State state, String note) {
    return new LabelResult(state, null, note, false);
  }

  public boolean found() {
    return state == State.FOUND;
  }

  /** Whether nothing would be lost by labelling the disk: it has no label and its start is empty. */
  public boolean blank() {
    return state == State.NONE && note.isEmpty();
  }
}
