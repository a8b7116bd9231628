package sluice.console.ui.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.ScrollBar;
import sluice.console.core.scene.Item;
import sluice.console.core.scene.Line;
import sluice.console.core.scene.Scene;
import sluice.console.core.scene.Table;
import sluice.console.core.view.ObjectKey;

/** Shows a scene: scrolls, tells what is pointed at, selects by click and arrow keys. */
final class SceneCanvas extends Canvas {
  static final Scene NOTHING = new Scene(1, 1, List.of(), List.of(), new Table(List.of(), List.of()));

  private final ScenePainter painter = new ScenePainter();
  private final Consumer<ObjectKey> clicked;
  private final String name;
  private Scene scene = NOTHING;
  private String empty = "";
  private Item at;
  private Item pointed;
  private Line pointedLine;
  private List<ObjectKey> lit = List.of();
  private ObjectKey selected;
  private boolean stale;
  private int top;

  SceneCanvas(Composite parent, String name, Consumer<ObjectKey> clicked) {
    super(parent, SWT.DOUBLE_BUFFERED | SWT.NO_BACKGROUND | SWT.V_SCROLL);
    this.clicked = clicked;
    this.name = name;
    addListener(SWT.Paint, e -> painter.paint(e.gc, this.getClientArea(), new ScenePainter.What(scene, top, at, pointed, pointedLine, lit, selected, stale, empty)));
    addListener(SWT.Resize, e -> scrollBar());
    getVerticalBar().addListener(SWT.Selection, e -> {
      top = getVerticalBar().getSelection();
      redraw();
    });
    addListener(SWT.MouseMove, this::point);
    addListener(SWT.MouseExit, e -> pointed(null, null));
    addListener(SWT.MouseDown, this::click);
    addListener(SWT.KeyDown, this::key);
    addListener(SWT.FocusIn, e -> redraw());
    addListener(SWT.FocusOut, e -> redraw());
    addListener(SWT.Traverse, e -> {
      boolean arrow = e.detail == SWT.TRAVERSE_ARROW_NEXT || e.detail == SWT.TRAVERSE_ARROW_PREVIOUS;
      e.doit = !arrow;
    });
    getAccessible().addAccessibleListener(new AccessibleAdapter() {
      @Override
      public void getName(AccessibleEvent e) {
        e.result = name;
      }

      @Override
      public void getDescription(AccessibleEvent e) {
        e.result = at == null ? "A picture; the table beside it has the same in words." : at.text();
      }
    });
  }

  /** How wide a scene may be so that it needs no scrolling. */
  double room() {
    return Math.max(200, getClientArea().width - 2 * ScenePainter.MARGIN - labels());
  }

  /** @param nothing what to say if the scene is empty */
  void show(Scene next, ScenePainter.Labels labels, boolean old, String nothing) {
    stale = old;
    empty = nothing;
    painter.labels(labels);
    boolean same = next.equals(scene);
    scene = next;
    if (!same) {
      at = same(at);
      pointed = same(pointed);
      pointedLine = null;
      scrollBar();
    }
    redraw();
  }

  private Item same(Item before) {
    if (before == null) return null;
    return scene.items().stream().filter(i -> i.kind() == before.kind() && i.x() == before.x() && i.y() == before.y()).findFirst().orElse(null);
  }

  void select(ObjectKey key) {
    if (key == null ? selected == null : key.equals(selected)) return;
    selected = key;
    redraw();
  }

  private int labels() {
    return painter.left();
  }

  Scene scene() {
    return scene;
  }

  /** Where an item is on the screen; for who clicks. */
  Optional<Rectangle> place(ObjectKey key) {
    return scene.about(key).stream().filter(Item::selectable).findFirst().map(i -> painter.place(i, top));
  }

  private void scrollBar() {
    ScrollBar bar = getVerticalBar();
    int seen = Math.max(1, getClientArea().height);
    int all = (int) scene.height() + 2 * ScenePainter.MARGIN;
    bar.setVisible(all > seen);
    top = Math.max(0, Math.min(top, all - seen));
    bar.setValues(top, 0, Math.max(1, all), Math.min(seen, all), 22, seen);
  }

  private void point(Event e) {
    Item item = scene.hit(painter.sceneX(e.x), painter.sceneY(scene, e.y, top)).orElse(null);
    pointed(item, item == null ? painter.line(scene, e.x, e.y, top) : null);
  }

  private void pointed(Item item, Line line) {
    if (item == pointed && line == pointedLine) return;
    pointed = item;
    pointedLine = line;
    lit = line != null ? line.objects() : dependents(item);
    String tip = line != null ? line.text() : item == null ? null : item.text();
    setToolTipText(tip == null || tip.isEmpty() ? null : tip.replace("&", "&&"));
    redraw();
  }

  /** What goes over the ways of the item. */
  private List<ObjectKey> dependents(Item item) {
    if (item == null || scene.lines().isEmpty()) return List.of();
    int index = scene.items().indexOf(item);
    List<ObjectKey> found = new ArrayList<>();
    for (Line l : scene.lines()) if (l.from() == index || l.to() == index) found.addAll(l.objects());
    return found;
  }

  private void click(Event e) {
    setFocus();
    Item item = scene.hit(painter.sceneX(e.x), painter.sceneY(scene, e.y, top)).orElse(null);
    if (item != null) choose(item);
  }

  private void key(Event e) {
    Scene.Direction direction = switch (e.keyCode) {
      case SWT.ARROW_LEFT -> Scene.Direction.LEFT;
      case SWT.ARROW_RIGHT -> Scene.Direction.RIGHT;
      case SWT.ARROW_UP -> Scene.Direction.UP;
      case SWT.ARROW_DOWN -> Scene.Direction.DOWN;
      default -> null;
    };
    if (direction == null) return;
    scene.next(at, direction).ifPresent(i -> {
      choose(i);
      reveal(i);
    });
  }

  private void choose(Item item) {
    at = item;
    selected = item.about();
    redraw();
    getAccessible().setFocus(-1);
    clicked.accept(item.about());
  }

  private void reveal(Item item) {
    Rectangle place = painter.place(item, top);
    int height = getClientArea().height;
    if (place.y < 0 || place.y + place.height > height) {
      top = Math.max(0, top + place.y - height / 2);
      scrollBar();
      redraw();
    }
  }

  @Override
  public Point computeSize(int width, int height, boolean changed) {
    int wanted = (int) scene.height() + 2 * ScenePainter.MARGIN;
    return new Point(width == SWT.DEFAULT ? 400 : width, height == SWT.DEFAULT ? Math.max(60, wanted) : height);
  }

  String name() {
    return name;
  }
}
