package sluice.testkit.cluster;

/** A rule that is broken on purpose, to see that the checkers notice. */
public enum Flaw {
  NONE("nothing is broken on purpose"),
  ANSWERS_BEFORE_STILL("a host answers a recall before it stands still (invariant 3)"),
  ANSWERS_BEFORE_WINDOW("a host answers for a window before it keeps out of it (invariant 5)"),
  COUNTS_OLD_ANSWERS("the server takes an answer to an older order for one to the newest (invariants 3 and 5)"),
  DROPS_INTENTS("write intents never reach the disks (invariant 4)"),
  SKIPS_RECONCILING("what a dead host left is declared reconciled without being copied (invariant 4)"),
  ACKNOWLEDGES_FAILED_LEG("the server acknowledges a write that a leg in sync has not taken (invariant 1)"),
  LETS_DOUBTFUL_WRITES_BE_OVERTAKEN("a host calls a write over that can still take effect (invariant 8)"),
  IGNORES_LEASE("a host that shares a volume goes on when its lease has run out (invariant 2)"),
  KEEPS_OLD_LAYOUT("a host says that it has a new layout and goes on under the old one (invariant 2)"),
  COPIES_WITHOUT_LOCK("the copier does not keep the server's own writes away (invariant 5)"),
  FINISHES_UNFLUSHED("a leg is in sync before what was copied to it is stable (invariant 1)"),
  BLAMES_THE_DISK("a host's path trouble makes the server give up the leg (invariant 10)"),
  DOES_NOT_PRESERVE("the server changes chunks without preserving them (invariant 6)"),
  DOES_NOT_ARBITRATE("the server lets a change go on while another one is being preserved for (invariant 6)"),
  WRITES_UNPRESERVED("a host changes chunks directly that are not known to be preserved (invariant 6)"),
  DOES_NOT_LOOK_AGAIN("a reader of a snapshot that has read the volume does not look at the map again (invariant 6)");

  private final String text;

  Flaw(String text) {
    this.text = text;
  }

  /** Only a run with snapshots can show it. */
  public boolean ofSnapshots() {
    return this == DOES_NOT_PRESERVE || this == DOES_NOT_ARBITRATE || this == WRITES_UNPRESERVED || this == DOES_NOT_LOOK_AGAIN;
  }

  public String text() {
    return text;
  }
}
