package sluice.console.tests;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Menu;
import org.eclipse.swt.widgets.MenuItem;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.ToolBar;
import org.eclipse.swt.widgets.ToolItem;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.swt.widgets.Widget;
import org.eclipse.ui.PlatformUI;

/** A tiny stand-in for SWTBot (which is not on Maven Central). Call it off the UI thread. */
final class UiBot {
  private final Display display = PlatformUI.getWorkbench().getDisplay();

  <T> T ui(Supplier<T> s) {
    Object[] r = new Object[1];
    display.syncExec(() -> r[0] = s.get());
    @SuppressWarnings("unchecked")
    T t = (T) r[0];
    return t;
  }

  void waitFor(String what, BooleanSupplier cond) throws InterruptedException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < end) {
      if (ui(cond::getAsBoolean)) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("timed out waiting for " + what);
  }

  <W extends Widget> W find(Class<W> type, Predicate<W> p) {
    return ui(() -> {
      for (Shell s : display.getShells()) {
        Deque<Widget> q = new ArrayDeque<>();
        q.add(s);
        while (!q.isEmpty()) {
          Widget w = q.poll();
          if (type.isInstance(w) && p.test(type.cast(w))) {
            return type.cast(w);
          }
          if (w instanceof Composite c) {
            for (Control k : c.getChildren()) {
              q.add(k);
            }
          }
          if (w instanceof ToolBar t) {
            for (ToolItem i : t.getItems()) {
              q.add(i);
            }
          }
          if (w instanceof Shell sh && sh.getMenuBar() != null) {
            q.add(sh.getMenuBar());
          }
          if (w instanceof Menu m) {
            for (MenuItem i : m.getItems()) {
              q.add(i);
              if (i.getMenu() != null) {
                q.add(i.getMenu());
              }
            }
          }
        }
      }
      return null;
    });
  }

  void click(Widget item) {
    display.syncExec(() -> {
      Event e = new Event();
      e.widget = item;
      e.display = display;
      item.notifyListeners(SWT.Selection, e);
    });
  }

  void select(Tree tree, TreeItem item) {
    display.syncExec(() -> {
      tree.setSelection(item);
      Event e = new Event();
      e.item = item;
      tree.notifyListeners(SWT.Selection, e);
    });
  }

  /** A real synthetic mouse click through the window system. */
  boolean post(Control c, Rectangle r) {
    Point p = ui(() -> c.toDisplay(r.x + r.width / 2, r.y + r.height / 2));
    boolean ok = true;
    for (int t : new int[] {SWT.MouseMove, SWT.MouseDown, SWT.MouseUp}) {
      ok &= ui(() -> {
        Event e = new Event();
        e.type = t;
        e.x = p.x;
        e.y = p.y;
        e.button = 1;
        return display.post(e);
      });
    }
    return ok;
  }

  void shot(Shell shell, String file) {
    display.syncExec(() -> {
      Rectangle b = shell.getBounds();
      Image im = new Image(display, b.width, b.height);
      GC gc = new GC(display);
      gc.copyArea(im, b.x, b.y);
      gc.dispose();
      ImageLoader l = new ImageLoader();
      l.data = new ImageData[] {im.getImageData()};
      l.save(file, SWT.IMAGE_PNG);
      im.dispose();
    });
  }
}
