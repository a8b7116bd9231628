package sluice.core.care;

import java.util.List;
import java.util.function.Consumer;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;

/**
 * What the care of one mirrored volume does to the world. None of them blocks; each answers by its callback, exactly once,
 * on the care's own thread and never before the method has returned. The server carries them out on its disks and
 * sessions, the simulator on its own.
 */
public interface CareEffects {
  /** Why something could not be done, for people; empty: it is done. */
  interface Outcome extends Consumer<String> {}

  /** The care's clock, monotonic nanoseconds. */
  long now();

  /** Milliseconds since 1970, on the clock of the catalog's times. */
  long nowMs();

  /** A new id, as the catalog wants them for legs and tasks. */
  String newId();

  /** Disks of the volume's pool that shall get no new extents now: offline, failing, or with writes in doubt. */
  List<AvoidDisk> avoid();

  /** Everything is being moved off the disk: a leg on it that has missed writes is not filled there, but replaced. */
  default boolean leaving(String diskId) {
    return false;
  }

  /** Tells a host, over all its networks, and again whenever a session of it opens, until a newer order. */
  void order(String hostId, Order order);

  /**
   * Puts a change to the catalog; confirmed changes come back by {@link VolumeCare#changed} before the answer. An answer
   * UNAVAILABLE, TIMEOUT or INTERNAL says that the change may have taken effect or may yet do so; every other one is final.
   */
  void submit(Change change, Consumer<CommandResult> answer);

  /**
   * Why the catalog would refuse the change at this moment, for people; empty: it would not, or it is not known. Spares
   * the hosts a recall for nothing.
   */
  default String refusal(Change change) {
    return "";
  }

  /**
   * The server's own I/O to the volume stands still: new requests of the server route wait in its queue. Done when none is
   * under way, or only on legs of {@code doomed}, or held because a leg failed. Asked again with more legs while it waits or
   * holds; each asking is answered.
   */
  void hold(List<String> doomed, Outcome done);

  /**
   * The server's own I/O goes on under this layout (invariant 2); requests that only a leg had failed which is stale now are
   * acknowledged (invariant 1). With the layout there was: requests that wait for a leg are tried again. Ends a hold,
   * also one that has not been answered yet.
   */
  void adopt(Volume volume, Outcome done);

  /** Requests that were held because a leg failed, and can go nowhere, end with an error; who sent them decides. */
  void giveUpHeld();

  /**
   * The server's own window (invariant 5), as hosts have it by their orders: changes that touch it go to all legs in sync
   * and filling, under the copier's lock, those below it as well, those above to the legs in sync. At once. Start and end
   * may be the same, then nothing is within; both 0: filling legs get nothing.
   */
  void window(long start, long end);

  /**
   * Which regions of the volume the write intents of these slots show as being written or as missed by a leg, on any leg
   * that is in sync, slot 0 being the server's own as it is in memory. An empty list asks for all slots. Ranges in
   * ascending order, joined where they adjoin, within the volume.
   */
  void dirty(List<Integer> slots, Consumer<Dirty> answer);

  /**
   * Copies from a leg in sync to the others, chunk by chunk, each under a lock that the server's own changes take as well.
   * Ends with the first error. {@code copied} is called as it goes on, with the bytes of each chunk (counted once, however
   * many legs it goes to).
   */
  Copying copy(List<DirtyRange> ranges, String from, List<String> to, long bytesPerSecond, Consumer<Long> copied, CopyDone done);

  /**
   * Compares legs, chunk by chunk, each under a lock that the server's own changes take as well. Where they differ makes them alike, if that
   * is asked for and it is known which is right ({@link Truth}). A leg that cannot be read differs from all others. Ends with the first
   * error that keeps it from comparing or repairing.
   *
   * @param legs two at least
   * @param repairFrom its content is right; empty: none is known to be
   * @param compared called as it goes on, with the bytes of each chunk; what differs in it has been told before
   */
  Copying compare(List<DirtyRange> ranges, List<String> legs, boolean repair, String repairFrom, long bytesPerSecond, Consumer<Long> compared,
      Consumer<Difference> different, CopyDone done);

  /**
   * A run of the volume in which legs differ.
   *
   * @param from the leg that was taken for right; empty: it is not known which is
   * @param unreadable legs that cannot be read there
   * @param repaired whether all legs are alike there now
   */
  record Difference(long start, long end, String from, List<String> unreadable, boolean repaired) {}

  /** What was completed on the leg so far becomes stable. */
  void flush(String legId, Outcome done);

  /** Takes a slot's regions over into the server's own slot, on all legs in sync and filling, then clears the slot. */
  void inherit(int slot, Outcome done);

  /**
   * Clears a slot on every leg that is in sync or filling. Of slot 0: what it showed when the server started may from now
   * on be cleared lazily, as what this run has written; not before.
   */
  void clear(int slot, Outcome done);

  /** Which incarnation of a host's agent last wrote the slot; 0: it is clean or was never written; -1: cannot be read now. */
  void slotIncarnation(int slot, Consumer<Long> answer);

  /**
   * Looks at a disk by the connection that the server has to it: it reads something that lies on it. Done when that look has ended, which
   * began after this was called.
   */
  void look(String diskId, Outcome done);

  /** How a task is doing; for status, not kept. */
  void status(TaskStatus status);

  /** Asks for {@link VolumeCare#tick} at this time of the care's clock; at most one is outstanding, an earlier one wins. */
  void wakeAt(long nanos);

  /** What intents show. @param problem why they could not be read; empty: they were */
  record Dirty(List<DirtyRange> ranges, String problem) {}

  /** Bytes of the volume. */
  record DirtyRange(long start, long end) {
    public long length() {
      return end - start;
    }
  }

  /** A copy under way. */
  interface Copying {
    /** 0: as fast as the disks. */
    void rate(long bytesPerSecond);

    /** Ends it soon; done is called with what it came to. */
    void stop();
  }

  /** How a copy ended. */
  interface CopyDone {
    /** @param failedLeg whose leg failed, empty: none; @param problem empty: all was copied, or it was stopped */
    void done(String failedLeg, String problem);
  }
}
