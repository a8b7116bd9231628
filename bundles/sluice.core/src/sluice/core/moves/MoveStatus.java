package sluice.core.moves;

import java.util.List;
import java.util.function.Function;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;

/** How far a task that moves extents is: what has been moved, and the filled part of what is on its way. Never goes back. */
final class MoveStatus {
  private final String taskId;
  private long done;

  MoveStatus(String taskId) {
    this.taskId = taskId;
  }

  /** @param left bytes that lie where they should not, those on their way included; @param filled of a volume, by its care */
  TaskStatus of(Task task, List<Volume> active, long left, String waitsFor, Function<String, TaskStatus> filled) {
    long total = task.getMove().getTotalBytes();
    double copied = 0;
    double rate = 0;
    TaskStatus.Builder status = TaskStatus.newBuilder().setTaskId(taskId).setTotalBytes(total).setWaitsFor(waitsFor);
    for (Volume v : active) {
      Layout layout = v.getLayout();
      int leg = LegExtents.replacing(layout);
      double bytes = LegExtents.bytes(LegExtents.moved(layout, leg));
      TaskStatus of = filled.apply(v.getId());
      if (of.getTotalBytes() > 0) {
        copied += bytes * of.getDoneBytes() / of.getTotalBytes();
        // The care counts bytes of the volume, of which there may be more than are moved.
        rate += of.getBytesPerSecond() * Math.min(1, bytes / of.getTotalBytes());
        status.setWindowStartBytes(of.getWindowStartBytes()).setWindowEndBytes(of.getWindowEndBytes());
      } else copied += bytes * part(layout.getLegs(leg), v.getSizeBytes());
    }
    long moved = task.getMove().getMovedBytes();
    if (task.getKind() != Task.Kind.REBALANCE) moved = Math.max(moved, total - left);
    done = Math.min(total, Math.max(done, moved + (long) copied));
    long perSecond = task.getState() == Task.State.PAUSED || !waitsFor.isEmpty() ? 0 : (long) rate;
    status.setDoneBytes(done).setBytesPerSecond(perSecond);
    if (perSecond > 0 && total > done) status.setLeftMs(Math.max(1, (long) ((total - done) / (double) perSecond * 1000)));
    return status.build();
  }

  private static double part(LegInfo leg, long size) {
    return size == 0 ? 0 : (double) leg.getFilledBytes() / size;
  }
}
