package sluice.console.ui;

import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CLabel;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.menus.WorkbenchWindowControlContribution;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Icons;
import sluice.model.San;
import sluice.model.Task;
import sluice.model.TaskState;

/** The window's last line: to whom it is connected, how old the picture is, what there is, what is being rebuilt. */
public final class StatusBar extends WorkbenchWindowControlContribution {
  private static final int EVERY_MS = 500;
  private static final long OLD_MS = 5_000;

  private static final int WIDTH = 900;

  private CLabel text;

  @Override
  protected Control createControl(Composite parent) {
    // Its place is measured once, before there is anything to say.
    text = new CLabel(parent, SWT.LEFT) {
      @Override
      public Point computeSize(int wide, int high, boolean changed) {
        Point size = super.computeSize(wide, high, changed);
        return new Point(WIDTH, Math.max(22, size.y));
      }
    };
    refresh();
    tick();
    return text;
  }

  private void tick() {
    if (text.isDisposed()) return;
    refresh();
    Display.getCurrent().timerExec(EVERY_MS, this::tick);
  }

  private void refresh() {
    String words = "not connected";
    String mark = "state-offline";
    if (!Clusters.get().all().isEmpty()) {
      StringBuilder all = new StringBuilder();
      mark = "state-healthy";
      for (ShownCluster c : Clusters.get().all()) {
        if (all.length() > 0) all.append("   |   ");
        all.append(words(c));
        if (!c.connected()) mark = c.known() ? "state-failed" : "state-syncing";
        else if (c.age().toMillis() > OLD_MS) mark = "state-stale";
      }
      words = all.toString();
    }
    if (!words.equals(text.getText())) text.setText(words);
    if (text.getImage() != Icons.get(mark)) text.setImage(Icons.get(mark));
    text.setToolTipText(words);
  }

  private static String words(ShownCluster c) {
    if (!c.connected()) {
      return c.known() ? c.name() + ": disconnected \u00b7 the picture is " + Format.duration(c.age().toMillis()) + " old"
          : "connecting to " + c.name() + (c.link().reason().isEmpty() ? "" : " (" + c.link().reason() + ")");
    }
    San s = c.san();
    long age = c.age().toMillis();
    StringBuilder b = new StringBuilder("connected to ").append(c.name());
    b.append(" as ").append(s.getMyName()).append(" (").append(s.getMyRole() == null ? "" : s.getMyRole().getName().toLowerCase(java.util.Locale.ROOT)).append(')');
    b.append(String.format(java.util.Locale.ROOT, " \u00b7 picture is %.1f s old", age / 1000.0));
    b.append(" \u00b7 ").append(Format.count(s.getHosts().size(), "host")).append(", ").append(Format.count(s.getDisks().size(), "disk"))
        .append(", ").append(Format.count(s.getVolumes().size(), "volume"));
    long tasks = s.getTasks().stream().filter(StatusBar::running).count();
    if (tasks > 0) {
      Task t = s.getTasks().stream().filter(StatusBar::running).findFirst().orElseThrow();
      b.append(" \u00b7 ").append(Format.count((int) tasks, "rebuild")).append(' ').append(Format.percent(t.getDoneBytes(), t.getTotalBytes()));
      if (t.getLeftMs() > 0) b.append(", ").append(Format.duration(t.getLeftMs())).append(" left");
    }
    return b.toString();
  }

  private static boolean running(Task t) {
    return t.getState() == TaskState.RUNNING || t.getState() == TaskState.PAUSED;
  }
}
