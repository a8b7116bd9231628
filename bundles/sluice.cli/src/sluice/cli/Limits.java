package sluice.cli;

import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** How many entries of a log are asked for. */
final class Limits {
  private Limits() {}

  /** @throws SluiceException INVALID_ARGUMENT if it is no number of entries */
  static void check(int limit) {
    if (limit >= 1) return;
    throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "--limit " + limit + " is not a number of entries", "", "give a whole number from 1 on");
  }
}
