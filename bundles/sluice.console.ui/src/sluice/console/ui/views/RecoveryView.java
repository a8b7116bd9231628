package sluice.console.ui.views;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.ProgressBar;
import sluice.console.core.rates.Rates;
import sluice.console.core.scene.Charts;
import sluice.console.ui.act.ActionButtons;
import sluice.console.ui.act.Actions;
import sluice.console.ui.act.Advice;
import sluice.console.ui.act.Subject;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Looks;
import sluice.console.ui.picture.ChartCanvas;
import sluice.model.LegInfo;
import sluice.model.LegState;
import sluice.model.San;
import sluice.model.Task;
import sluice.model.TaskState;
import sluice.model.Volume;

/** Each recovery: from where to where, how far, how fast, how long yet, why it waits; and the buttons that steer it. */
public final class RecoveryView extends LiveView {
  private static final List<String> STEER = List.of("task.pause", "task.resume", "task.throttle", "task.cancel");

  private ScrolledComposite scroll;
  private Composite list;
  private Label nothing;
  private final Map<String, Row> rows = new HashMap<>();

  private final class Row {
    final Composite pane = new Composite(list, SWT.BORDER);
    final Label icon;
    final Label title;
    final Label state;
    final Label ways;
    final ProgressBar bar;
    final Label figures;
    final ChartCanvas chart;
    final ActionButtons buttons;
    final LimitSlider limit;

    Row() {
      pane.setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
      GridLayout layout = new GridLayout(3, false);
      layout.marginWidth = 10;
      layout.verticalSpacing = 4;
      pane.setLayout(layout);
      icon = new Label(pane, SWT.NONE);
      title = new Label(pane, SWT.NONE);
      title.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
      title.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
      state = new Label(pane, SWT.RIGHT);
      state.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, false, false));
      ways = wide(new Label(pane, SWT.WRAP));
      bar = new ProgressBar(pane, SWT.SMOOTH);
      bar.setMaximum(1000);
      bar.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false, 3, 1));
      figures = wide(new Label(pane, SWT.WRAP));
      limit = new LimitSlider(pane, getSite().getWorkbenchWindow());
      limit.control().setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false, 3, 1));
      chart = new ChartCanvas(pane, "Rate of the recovery");
      GridData low = new GridData(SWT.FILL, SWT.CENTER, true, false, 3, 1);
      low.heightHint = 74;
      chart.setLayoutData(low);
      buttons = new ActionButtons(pane);
      buttons.control().setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false, 3, 1));
    }

    private Label wide(Label label) {
      GridData data = new GridData(SWT.FILL, SWT.CENTER, true, false, 3, 1);
      data.widthHint = 200;
      label.setLayoutData(data);
      return label;
    }

    void show(ShownCluster c, Task t) {
      icon.setImage(Looks.image(t));
      set(title, Clusters.describe(t) + "   " + Format.percent(t.getDoneBytes(), t.getTotalBytes()));
      set(state, Looks.word(t));
      set(ways, ways(t));
      bar.setSelection(t.getTotalBytes() == 0 ? 0 : (int) Math.min(1000, 1000 * t.getDoneBytes() / t.getTotalBytes()));
      set(figures, figures(c, t));
      limit.show(c, t);
      chart.show(Charts.recovery(c.rates().task(t.getId()), 600), !c.connected());
      Subject subject = new Subject(getSite().getWorkbenchWindow(), List.of(t));
      buttons.show(STEER.stream().map(Actions::get).filter(a -> a.possible(subject)).map(a -> new Advice(a, subject)).toList());
    }
  }

  @Override
  void create(Composite parent) {
    parent.setLayout(new org.eclipse.swt.layout.FillLayout());
    scroll = new ScrolledComposite(parent, SWT.V_SCROLL);
    scroll.setExpandHorizontal(true);
    scroll.setExpandVertical(true);
    list = new Composite(scroll, SWT.NONE);
    list.setLayout(new GridLayout());
    nothing = new Label(list, SWT.WRAP);
    nothing.setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    scroll.setContent(list);
    scroll.addListener(SWT.Resize, e -> fit());
  }

  @Override
  void refresh() {
    List<String> shown = new ArrayList<>();
    for (ShownCluster c : Clusters.get().all()) {
      for (Task t : c.san().getTasks()) {
        if (t.getState() != TaskState.RUNNING && t.getState() != TaskState.PAUSED) continue;
        shown.add(t.getId());
        rows.computeIfAbsent(t.getId(), id -> new Row()).show(c, t);
      }
    }
    boolean fewer = rows.keySet().stream().anyMatch(id -> !shown.contains(id));
    rows.entrySet().removeIf(e -> {
      if (shown.contains(e.getKey())) return false;
      e.getValue().pane.dispose();
      return true;
    });
    String words = !shown.isEmpty() ? "" : !Clusters.get().unknown().isEmpty() ? Clusters.get().unknown() : "Nothing is being rebuilt. " + lost();
    set(nothing, words);
    ((GridData) nothing.getLayoutData()).exclude = !shown.isEmpty();
    nothing.setVisible(shown.isEmpty());
    setPartName(shown.isEmpty() ? "Recovery" : "Recovery (" + shown.size() + ")");
    if (fewer || list.getChildren().length > 0) fit();
  }

  private static String lost() {
    List<String> volumes = new ArrayList<>();
    for (San s : Clusters.get().sans()) {
      for (Volume v : s.getVolumes()) if (v.getLayout() != null && v.getLayout().getLegs().stream().anyMatch(l -> l.getState() == LegState.STALE)) volumes.add(v.getName());
    }
    return volumes.isEmpty() ? "Every copy of every volume is in sync." : "Copies of " + String.join(", ", volumes) + " are stale and wait for space or for their disks.";
  }

  private void fit() {
    list.layout(true, true);
    scroll.setMinSize(list.computeSize(Math.max(100, scroll.getClientArea().width), SWT.DEFAULT));
  }

  private static String ways(Task t) {
    Volume v = t.getSan().getVolumes().stream().filter(x -> x.getId().equals(t.getVolumeId())).findFirst().orElse(null);
    if (v == null || v.getLayout() == null) return "";
    List<String> from = new ArrayList<>();
    String to = "";
    for (int i = 0; i < v.getLayout().getLegs().size(); i++) {
      LegInfo leg = v.getLayout().getLegs().get(i);
      int index = i;
      List<String> disks = v.getLayout().getSegments().stream().flatMap(s -> s.getLegs().get(index).getColumns().stream())
          .map(e -> Clusters.name(t.getSan(), e.getDiskId())).distinct().toList();
      if (leg.getId().equals(t.getLegId())) to = "copy " + (i + 1) + " on " + String.join(", ", disks);
      else if (leg.getState() == LegState.IN_SYNC) from.add("copy " + (i + 1) + " on " + String.join(", ", disks));
    }
    return "from " + String.join(" and ", from) + "  \u2192  " + to;
  }

  private static String figures(ShownCluster c, Task t) {
    StringBuilder b = new StringBuilder(Format.bytes(Math.min(t.getDoneBytes(), t.getTotalBytes()))).append(" of ").append(Format.bytes(t.getTotalBytes()));
    b.append(" \u00b7 ").append(Format.rate(t.getBytesPerSecond()));
    b.append(t.getMaxBytesPerSecond() > 0 ? " (limit " + Format.rate(t.getMaxBytesPerSecond()) + ")" : " (no limit of its own)");
    if (t.getLeftMs() > 0) b.append(" \u00b7 ").append(left(c.rates(), t));
    if (t.getWaitsFor() != null && !t.getWaitsFor().isEmpty()) b.append("\nWaits: ").append(t.getWaitsFor());
    return b.toString();
  }

  /** A range, from the fastest and the slowest of the last rates; no more exact than it is known. */
  private static String left(Rates rates, Task t) {
    double[] recent = rates.recentRates(t.getId());
    double fast = 0;
    double slow = Double.MAX_VALUE;
    for (double r : recent) {
      if (r <= 0) continue;
      fast = Math.max(fast, r);
      slow = Math.min(slow, r);
    }
    long bytes = Math.max(0, t.getTotalBytes() - t.getDoneBytes());
    if (fast == 0) return "about " + Format.duration(t.getLeftMs()) + " left";
    String least = Format.duration((long) (1000 * bytes / fast));
    String most = Format.duration((long) (1000 * bytes / slow));
    return least.equals(most) ? "about " + least + " left" : least + " to " + most + " left";
  }

  private static void set(Label label, String text) {
    String plain = text.replace("&", "&&");
    if (!label.getText().equals(plain)) label.setText(plain);
  }

  @Override
  public void setFocus() {
    scroll.setFocus();
  }
}
