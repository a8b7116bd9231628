package sluice.server.volumes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import sluice.api.block.BlockDevice;
import sluice.core.care.CareEffects.DirtyRange;

/** A copy that was asked for, from the asking to its end; may be stopped before it has begun. On the loop. */
final class CopyJob {
  private final List<DirtyRange> ranges;
  private final String from;
  private final List<String> to;
  private final LongConsumer copied;
  private final LegCopier.Done done;
  private final LegCopier.Comparison comparison;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private long rate;
  private LegCopier copier;
  private boolean stopped;

  /** @param comparison null: it is a copy */
  CopyJob(List<DirtyRange> ranges, String from, List<String> to, long bytesPerSecond, LongConsumer copied, LegCopier.Done done,
      LegCopier.Comparison comparison) {
    this.comparison = comparison;
    this.ranges = List.copyOf(ranges);
    this.from = from;
    this.to = List.copyOf(to);
    this.rate = bytesPerSecond;
    this.copied = copied;
    this.done = done;
  }

  void begin(ServedIo io, CopyRoom room) {
    io.whenOpened(() -> run(io, room), why -> end("", stopped ? "" : why));
  }

  private void run(ServedIo io, CopyRoom room) {
    if (stopped) {
      end("", "");
      return;
    }
    BlockDevice source = io.leg(from);
    List<LegCopier.End> targets = new ArrayList<>();
    for (String id : to) {
      BlockDevice target = io.leg(id);
      if (target != null) targets.add(new LegCopier.End(id, target));
    }
    if (source == null || targets.size() != to.size()) {
      end("", "a leg of the copy is not there any more");
      return;
    }
    copier = new LegCopier(io.loop, io.engine().lock(), ranges, new LegCopier.End(from, source), targets, new CopyPace(rate), room, copied, this::end,
        comparison);
    copier.start();
  }

  private void end(String failedLeg, String problem) {
    done.done(failedLeg, problem);
    ended.complete(null);
  }

  void rate(long bytesPerSecond) {
    rate = bytesPerSecond;
    if (copier != null) copier.rate(bytesPerSecond);
  }

  void stop() {
    stopped = true;
    if (copier != null) copier.stop();
  }

  void abandon(Set<String> legs) {
    if (copier != null) copier.abandon(legs);
  }

  Set<String> busyLegs() {
    return copier == null ? new HashSet<>() : copier.busyLegs();
  }

  /** Nothing of it is under way, not even what nobody waits for. */
  boolean isOver() {
    return ended.isDone() && (copier == null || copier.isOver());
  }

  CompletableFuture<Void> ended() {
    return ended;
  }
}
