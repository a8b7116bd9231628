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
  LETS_WRITES_OUTLIVE_THE_LEASE("what a host has on its way to disks when its lease is over is not cut off (invariants 2 and 5)"),
  TRUSTS_DISKS_THAT_WERE_AWAY("the server proves any line to a disk without a look, and believes no host that a disk was away (invariant 1)"),
  SERVES_BEFORE_HEARING("a server that has just started serves before the hosts have said how their disks were (invariant 1)"),
  ACKNOWLEDGES_UNSTABLE("the server acknowledges what is in the disks' caches only (invariant 1)"),
  BLAMES_THE_DISK("a host's path trouble makes the server give up the leg (invariant 10)");

  private final String text;

  Flaw(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
