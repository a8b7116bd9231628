package sluice.api.route;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;

/** One volume by one way. */
public interface Route extends BlockDevice {
  RouteKind kind();

  /** On the loop. */
  RouteHealth health();

  /**
   * On the loop, while a request is being completed with an error: which part of the way failed, for people ("disk d3");
   * empty if the route has only one part.
   */
  default String failedPart() {
    return "";
  }

  /**
   * On the loop: is the whole way good, now? Reads a little from everything the route depends on (each disk of the
   * layout; the server) and calls the listener's {@link RouteListener#probed} once, with 0 or an error.
   */
  void probe();

  /**
   * On the loop: may this request be submitted here now? False for a change that touches the recovery's window and has to go
   * through the server, which orders it with the copying (invariant 5). Says nothing of the route's health.
   */
  default boolean takes(BlockRequest request) {
    return true;
  }

  /**
   * On the loop: from now on changes that touch these bytes of the volume are not taken, changes before {@code start} go to the
   * legs that are being filled as well. Both 0: there is no window. Changes that are under way are not touched by this.
   */
  default void window(long start, long end) {}

  /**
   * On the loop: the volume lies under another layout now, or this host has another slot of write intents. Nothing is submitted
   * until the stage has completed. Requests whose remaining pieces lie on legs that the layout gives up end as their other
   * pieces did. The stage completes on the loop and fails if the route has to be opened anew instead, as it does by default.
   */
  default CompletionStage<Void> relayout(VolumeAccess next) {
    return CompletableFuture.failedFuture(new UnsupportedOperationException("this route keeps to the layout it was opened under"));
  }

  /**
   * On the loop: while quiet, nothing more gets to the disks, and what would waits inside. A relayout ends it as well. Closes the
   * gap that a request leaves which hangs on a disk and would go on to others if that disk answered after all.
   */
  default void quiet(boolean on) {}

  /** On the loop: ids of the disks on which something of this volume is under way by this route. */
  default Set<String> busyDisks() {
    return Set.of();
  }

  /**
   * On the loop: ids of the disks that a relayout has given up, and on which a change that was sent before can still take effect,
   * though nobody waits for it any more.
   */
  default Set<String> formerDisks() {
    return Set.of();
  }

  /** On the loop: its connections to the disks of a mirrored volume, as far as the server is to be told of them. */
  default List<DiskLine> lines() {
    return List.of();
  }

  /**
   * On the loop: the server proves lines. From now on a disk of a mirrored volume is used by a line only that has been proved.
   *
   * @param proved each with its disk and number
   */
  default void proofs(long run, List<DiskLine> proved) {}

  /**
   * On the loop: whether this host's time is over (invariant 2). As long as it is nothing more gets to the disks, and what would ends with an
   * error that another time may not have; other than {@link #quiet} it outlasts a relayout, which cannot wait for what waits.
   */
  default void lapsed(boolean on) {}

  /**
   * On the loop: this host's time is over. Changes that are on their way to disks are kept from getting there, as far as
   * the transport can be cut; see {@link BlockDevice#cut}.
   */
  default void cut() {}

  /** On the loop: ids of the disks that this route needs and has lost; what is under way on them may take any time. */
  default Set<String> lostDisks() {
    return Set.of();
  }
}
