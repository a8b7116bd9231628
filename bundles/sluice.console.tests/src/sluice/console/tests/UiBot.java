package sluice.console.tests;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.core.commands.Command;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.ToolBar;
import org.eclipse.swt.widgets.ToolItem;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.swt.widgets.Widget;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.commands.ICommandService;
import org.eclipse.ui.handlers.IHandlerService;

/** Finds widgets, clicks and waits. To be called off the UI thread. */
final class UiBot {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long POLL_NANOS = 50_000_000;

  private final Display display = PlatformUI.getWorkbench().getDisplay();

  <T> T ui(Supplier<T> s) {
    Object[] result = new Object[1];
    Throwable[] failed = new Throwable[1];
    display.syncExec(() -> {
      try {
        result[0] = s.get();
      } catch (RuntimeException | AssertionError e) {
        failed[0] = e;
      }
    });
    if (failed[0] != null) throw new AssertionError("on the UI thread: " + failed[0], failed[0]);
    @SuppressWarnings("unchecked")
    T t = (T) result[0];
    return t;
  }

  void run(Runnable r) {
    ui(() -> {
      r.run();
      return null;
    });
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

  /** A button by its label, as it is. */
  Button anyButton(String label) {
    return find("a button '" + label + "'", Button.class, b -> b.getText().replace("&", "").startsWith(label) && b.isVisible());
  }

  boolean canDo(String id) {
    return ui(() -> possible(id));
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
    mouse(SWT.MouseMove, p);
    // On a busy machine what is under the mouse is known a moment later; a click before that goes elsewhere.
    waitFor("the mouse is over it", () -> c.isDisposed() || display.getCursorControl() == c);
    mouse(SWT.MouseDown, p);
    mouse(SWT.MouseUp, p);
  }

  private void mouse(int type, Point p) {
    ui(() -> {
      Event e = new Event();
      e.type = type;
      e.x = p.x;
      e.y = p.y;
      e.button = 1;
      return display.post(e);
    });
  }

  /** Types a letter after the other into the field. */
  void type(Text field, String text) {
    run(() -> {
      field.getShell().forceActive();
      field.setFocus();
      field.selectAll();
    });
    for (char c : text.toCharArray()) run(() -> field.insert(String.valueOf(c)));
  }

  /** Keys of letters and digits, one after the other, to whatever has the focus. */
  void keys(String text) {
    for (char c : text.toCharArray()) {
      for (int type : new int[] {SWT.KeyDown, SWT.KeyUp}) {
        ui(() -> {
          Event e = new Event();
          e.type = type;
          e.character = c;
          return display.post(e);
        });
      }
    }
  }

  /** A key with a modifier held. */
  void chord(int modifier, char key) {
    post(SWT.KeyDown, modifier, (char) 0);
    post(SWT.KeyDown, 0, key);
    post(SWT.KeyUp, 0, key);
    post(SWT.KeyUp, modifier, (char) 0);
  }

  private void post(int type, int code, char c) {
    ui(() -> {
      Event e = new Event();
      e.type = type;
      e.keyCode = code;
      e.character = c;
      return display.post(e);
    });
  }

  /** A command of the workbench, as menus and Quick Access run it; it may open a dialog and stay in it. */
  void command(String id) {
    waitFor("command " + id + " is possible", () -> possible(id));
    display.asyncExec(() -> {
      try {
        PlatformUI.getWorkbench().getService(IHandlerService.class).executeCommand(id, null);
      } catch (org.eclipse.core.commands.common.CommandException e) {
        throw new IllegalStateException(id, e);
      }
    });
  }

  private static boolean possible(String id) {
    Command command = PlatformUI.getWorkbench().getService(ICommandService.class).getCommand(id);
    command.setEnabled(PlatformUI.getWorkbench().getService(IHandlerService.class).getCurrentState());
    return command.isEnabled();
  }

  /** The field of a form, by the label before it. */
  <C extends Control> C field(Class<C> type, String label) {
    return find("a field '" + label + "'", type, c -> c.isVisible() && label.equals(labelOf(c)));
  }

  /** What stands beside a field in words; empty if nothing. */
  String beside(Control field) {
    return ui(() -> {
      Control[] all = field.getParent().getChildren();
      for (int i = 0; i + 1 < all.length; i++) {
        if (all[i] == field && all[i + 1] instanceof Composite said) for (Control c : said.getChildren()) if (c instanceof Label l && l.getImage() == null) return l.getText();
      }
      return "";
    });
  }

  private static String labelOf(Control c) {
    Control[] all = c.getParent().getChildren();
    for (int i = 1; i < all.length; i++) if (all[i] == c && all[i - 1] instanceof Label l) return l.getText();
    return "";
  }

  /** Chooses the item that begins so. */
  void choose(Combo combo, String item) {
    waitFor("a choice '" + item + "'", () -> index(combo, item) >= 0);
    run(() -> {
      combo.select(index(combo, item));
      combo.notifyListeners(SWT.Selection, new Event());
    });
  }

  private static int index(Combo combo, String item) {
    for (int i = 0; i < combo.getItemCount(); i++) if (combo.getItem(i).startsWith(item)) return i;
    return -1;
  }

  /** Presses a button with the mouse, once it can be. */
  void press(String label) {
    click(button(label));
  }

  /** Clicks the first line of a tree that begins so, once it is there. */
  void clickTree(Tree tree, String line) {
    Rectangle[] at = new Rectangle[1];
    waitFor("a line '" + line + "' in the tree", () -> {
      TreeItem found = line(tree.getItems(), line);
      if (found == null) return false;
      tree.showItem(found);
      at[0] = found.getBounds();
      return true;
    });
    click(tree, at[0]);
  }

  /** The line of a tree that begins so; null if there is none. On the UI thread. */
  static TreeItem line(TreeItem[] items, String begin) {
    for (TreeItem i : items) {
      if (i.getText().startsWith(begin)) return i;
      TreeItem below = line(i.getItems(), begin);
      if (below != null) return below;
    }
    return null;
  }

  /** Opens a view, as Window, Show view does. */
  <V> V view(String id, Class<V> type) {
    Object[] part = new Object[1];
    run(() -> {
      try {
        part[0] = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage().showView(id);
      } catch (PartInitException e) {
        throw new IllegalStateException(e);
      }
    });
    return type.cast(part[0]);
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
