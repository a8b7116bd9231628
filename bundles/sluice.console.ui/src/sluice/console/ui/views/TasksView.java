package sluice.console.ui.views;

import java.util.List;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Looks;
import sluice.model.San;
import sluice.model.Task;
import sluice.model.TaskState;

/** Long operations, newest first: what they work on, how far they are, and why they wait. */
public final class TasksView extends LiveView {
  public static final String ID = "sluice.console.ui.tasks";
  private LiveTable<Task> table;

  @Override
  void create(Composite parent) {
    parent.setLayout(new FillLayout());
    table = new LiveTable<Task>(parent, Task::getId)
        .column("Task", 100, t -> Looks.word(t), Looks::image)
        .column("What", 260, Clusters::describe, null)
        .figures("Done", 70, t -> done(t), t -> t.getTotalBytes() == 0 ? 0 : 1000 * t.getDoneBytes() / t.getTotalBytes(),
            t -> Format.bytes(t.getDoneBytes()) + " of " + Format.bytes(t.getTotalBytes()))
        .figures("Copied", 90, t -> ended(t) ? "" : Format.bytes(t.getDoneBytes()), Task::getDoneBytes, null)
        .figures("Rate", 100, t -> ended(t) ? "" : Format.rate(t.getBytesPerSecond()), Task::getBytesPerSecond, null)
        .figures("Left", 90, t -> ended(t) || t.getLeftMs() == 0 ? "" : Format.duration(t.getLeftMs()), Task::getLeftMs, null)
        .column("Waits for, or why it ended", 320, TasksView::why, null)
        .moments("Began", 100, Task::getCreatedMs, Format::moment, Format::exactly)
        .moments("Ended", 100, Task::getEndedMs, Format::moment, Format::exactly)
        .sortBy(7, true);
    table.control().getAccessible().addAccessibleListener(SanTreeView.name("Tasks"));
    selects(table, table.control());
  }

  private static boolean ended(Task t) {
    return t.getState() == TaskState.DONE || t.getState() == TaskState.FAILED || t.getState() == TaskState.CANCELLED;
  }

  private static String done(Task t) {
    return t.getState() == TaskState.DONE ? "100 %" : ended(t) ? "" : Format.percent(t.getDoneBytes(), t.getTotalBytes());
  }

  private static String why(Task t) {
    return t.getWaitsFor() != null && !t.getWaitsFor().isEmpty() ? t.getWaitsFor() : t.getReason() == null ? "" : t.getReason();
  }

  @Override
  void refresh() {
    List<Task> tasks = all(San::getTasks);
    table.rows(tasks);
    long running = tasks.stream().filter(t -> !ended(t)).count();
    setPartName(running == 0 ? "Tasks" : "Tasks (" + running + ")");
  }

  @Override
  void reveal(IStructuredSelection selection) {
    table.setSelection(selection);
  }

  @Override
  public void setFocus() {
    table.control().setFocus();
  }
}
