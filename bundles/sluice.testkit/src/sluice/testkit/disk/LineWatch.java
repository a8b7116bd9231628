package sluice.testkit.disk;

import sluice.api.block.BlockRequest;

/** Sees each request that goes to a disk; for the checkers. */
public interface LineWatch {
  LineWatch NONE = request -> {};

  void submitted(BlockRequest request);

  /** It can have no further effect; may be said twice. */
  default void settled(BlockRequest request) {}
}
