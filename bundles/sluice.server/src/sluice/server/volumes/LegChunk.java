package sluice.server.volumes;

import java.util.Set;
import sluice.io.device.RangeLock;

/** One piece of what a {@link LegCopier} does with legs: waits for its lock, does it, and lets the lock go. On the loop. */
abstract class LegChunk extends RangeLock.Range {
  abstract void start();

  /** The copy ends: what still waits for its lock may wait for requests that are held until the copy has ended. */
  abstract void stopWaiting();

  /** Ends now if all it waits for is on these legs; nothing is written any more. */
  abstract void abandon(Set<String> legs);

  abstract void busyLegs(Set<String> busy);
}
