package sluice.agent.router;

import sluice.api.block.BlockOp;
import sluice.core.redirect.RedirectPolicy;

/** Told what a router does, on its loop; for status and metrics. Must not block. */
public interface RouterListener {
  /** A request has ended. {@code nanos} is from its arrival; {@code bytes} 0 for what carries no data. */
  void completed(BlockOp op, long bytes, long nanos, int error);

  /** A request goes a second way. {@code cause} is a stable word: "error", "timeout", "gone". */
  void redirected(String cause);

  /** The volume's state is different. */
  void stateChanged(RedirectPolicy.State state, String reason);

  /** What {@link Router#still} and {@link Router#doubtfulDisks} say is different, behind a closed gate. */
  default void stillnessChanged() {}
}
