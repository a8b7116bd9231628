package sluice.console.tests;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.ToolBar;
import org.eclipse.swt.widgets.ToolItem;
import org.eclipse.swt.widgets.Widget;
import org.eclipse.ui.PlatformUI;

/** Finds widgets, clicks and waits. To be called off the UI thread. */
final class UiBot {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long POLL_NANOS = 50_000_000;

  private final Display display = PlatformUI.getWorkbench().getDisplay();

  <T> T ui(Supplier<T> s) {
    Object[] result = new Object[1];
    display.syncExec(() -> result[0] = s.get());
    @SuppressWarnings("unchecked")
    T t = (T) result[0];
    return t;
  }

  void run(Runnable r) {
    display.syncExec(r);
  }

  /** Until it is so; the bound says only when to give up. */
  void waitFor(String what, BooleanSupplier so) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!ui(so::getAsBoolean)) {
      if (System.nanoTime() > end) throw new AssertionError("not within two minutes: " + what);
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  <W extends Widget> W find(String what, Class<W> type, Predicate<W> is) {
    Object[] found = new Object[1];
    waitFor(what, () -> (found[0] = look(type, is)) != null);
    return type.cast(found[0]);
  }

  private <W extends Widget> W look(Class<W> type, Predicate<W> is) {
    for (Shell s : display.getShells()) {
      Deque<Widget> open = new ArrayDeque<>();
      open.add(s);
      while (!open.isEmpty()) {
        Widget w = open.poll();
        if (type.isInstance(w) && is.test(type.cast(w))) return type.cast(w);
        if (w instanceof Composite c) for (Control k : c.getChildren()) open.add(k);
        if (w instanceof ToolBar t) for (ToolItem i : t.getItems()) open.add(i);
      }
    }
    return null;
  }

  /** A button by its label, once it can be pressed. */
  Button button(String label) {
    return find("a button '" + label + "' that can be pressed", Button.class, b -> b.getText().replace("&", "").startsWith(label) && b.isVisible() && b.isEnabled());
  }

  /** Clicks with the mouse, in the middle. */
  void click(Control c) {
    Rectangle r = ui(() -> new Rectangle(0, 0, c.getSize().x, c.getSize().y));
    click(c, r);
  }

  /** Clicks with the mouse, in the middle of a part of the control. */
  void click(Control c, Rectangle r) {
    Point p = ui(() -> {
      c.getShell().forceActive();
      return c.toDisplay(r.x + r.width / 2, r.y + r.height / 2);
    });
    for (int type : new int[] {SWT.MouseMove, SWT.MouseDown, SWT.MouseUp}) {
      ui(() -> {
        Event e = new Event();
        e.type = type;
        e.x = p.x;
        e.y = p.y;
        e.button = 1;
        return display.post(e);
      });
    }
  }

  /** Types a letter after the other into the field. */
  void type(Text field, String text) {
    run(() -> {
      field.getShell().forceActive();
      field.setFocus();
      field.selectAll();
      for (char c : text.toCharArray()) field.insert(String.valueOf(c));
    });
  }

  /** A key, to whatever has the focus. */
  void press(int key) {
    for (int type : new int[] {SWT.KeyDown, SWT.KeyUp}) {
      ui(() -> {
        Event e = new Event();
        e.type = type;
        e.keyCode = key;
        return display.post(e);
      });
    }
  }
}
