package sluice.console.ui.live;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;

/**
 * The one refresher of a display: what was marked dirty is refreshed together, at most {@link #PER_SECOND} times a second,
 * and a control that nobody sees not at all until it is seen. Nothing runs while nothing is dirty.
 */
public final class Pulse {
  static final int PER_SECOND = 10;
  private static final String KEY = Pulse.class.getName();

  private final Display display;
  private final Set<Beat> dirty = new LinkedHashSet<>();
  private boolean armed;
  private long last;

  /** One thing that is refreshed. */
  public final class Beat {
    private final Control control;
    private final Runnable refresh;
    private boolean late;

    private Beat(Control control, Runnable refresh) {
      this.control = control;
      this.refresh = refresh;
      control.addListener(org.eclipse.swt.SWT.Show, e -> seen());
      control.addListener(org.eclipse.swt.SWT.Resize, e -> seen());
      control.addListener(org.eclipse.swt.SWT.Paint, e -> seen());
      control.addDisposeListener(e -> dirty.remove(this));
    }

    /** Refresh it soon. */
    public void mark() {
      if (control.isDisposed()) return;
      dirty.add(this);
      arm();
    }

    private void seen() {
      if (late) mark();
    }

    private void run() {
      if (control.isDisposed()) return;
      late = !control.isVisible();
      if (!late) refresh.run();
    }
  }

  private Pulse(Display display) {
    this.display = display;
  }

  /** Of this thread's display. */
  public static Pulse here() {
    Display display = Display.getCurrent();
    Pulse pulse = (Pulse) display.getData(KEY);
    if (pulse == null) display.setData(KEY, pulse = new Pulse(display));
    return pulse;
  }

  public Beat of(Control control, Runnable refresh) {
    return new Beat(control, refresh);
  }

  private void arm() {
    if (armed) return;
    armed = true;
    int least = 1000 / PER_SECOND;
    int since = (int) Math.min(least, (System.nanoTime() - last) / 1_000_000);
    display.timerExec(Math.max(1, least - since), this::beat);
  }

  private void beat() {
    armed = false;
    last = System.nanoTime();
    List<Beat> now = new ArrayList<>(dirty);
    dirty.clear();
    for (Beat each : now) each.run();
  }
}
