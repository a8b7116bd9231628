package sluice.protocol;

import sluice.protocol.v1.LegInfo;

/** Legs that were added to a volume and have never been in sync: until they are, the volume has as many good copies as before. Pure. */
public final class NewLegs {
  /** Why such a leg is not in sync. */
  public static final String REASON = "nothing has been copied to it yet";

  private NewLegs() {}

  /** False from the moment on when it is lost while it is filled: then there is something to see to. */
  public static boolean isNew(LegInfo leg) {
    return leg.getState() != LegInfo.State.IN_SYNC && leg.getWhole() && leg.getReason().equals(REASON);
  }
}
