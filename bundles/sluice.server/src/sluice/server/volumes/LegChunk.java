package sluice.server.volumes;

import java.util.Set;
import sluice.api.block.IoError;
import sluice.io.device.RangeLock;

/** One piece of what a {@link LegCopier} does with legs: waits for its lock, does it, and lets the lock go. On the loop. */
abstract class LegChunk extends RangeLock.Range {
  final LegCopier copier;
  final long start;
  final int bytes;
  private boolean held;
  private boolean ended;

  LegChunk(LegCopier copier, long start, int bytes) {
    this.copier = copier;
    this.start = start;
    this.bytes = bytes;
  }

  final void start() {
    if (copier.lock.acquire(this, start, start + bytes, true)) granted();
  }

  @Override
  protected final void granted() {
    held = true;
    if (copier.ending()) {
      end(0);
      return;
    }
    try {
      takeMemory();
    } catch (RuntimeException e) {
      copier.failed("", IoError.ENOMEM);
      releaseMemory();
      end(0);
      return;
    }
    begin();
  }

  /** Takes what {@link #begin} needs; fails if there is no more. */
  abstract void takeMemory();

  /** Releases what there is of it. */
  abstract void releaseMemory();

  /** The range is this chunk's alone now. */
  abstract void begin();

  /** The copier does not wait for it any more, though something may be under way yet. */
  final boolean ended() {
    return ended;
  }

  /** Nothing is under way any more, now or since it was abandoned. @param done bytes */
  final void finish(long done) {
    releaseMemory();
    copier.isFinal(this);
    end(done);
  }

  private void end(long done) {
    if (ended) return;
    ended = true;
    if (held) copier.lock.release(this);
    held = false;
    copier.ended(this, done);
  }

  /** The copy ends: what still waits for its lock may wait for requests that are held until the copy has ended. */
  final void stopWaiting() {
    if (held || ended) return;
    copier.lock.release(this);
    end(0);
  }

  /** Ends now if all it waits for is on these legs; nothing is written any more, of what a read from them gives neither. */
  final void abandon(Set<String> legs) {
    if (ended || !held || waitsForOthers(legs)) return;
    copier.abandoned(this);
    end(0);
  }

  /** Whether something is under way on a leg that is none of these. */
  abstract boolean waitsForOthers(Set<String> legs);

  abstract void busyLegs(Set<String> busy);
}
