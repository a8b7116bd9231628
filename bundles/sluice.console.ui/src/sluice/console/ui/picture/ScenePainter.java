package sluice.console.ui.picture;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.RGB;
import org.eclipse.swt.graphics.Rectangle;
import sluice.console.core.scene.Item;
import sluice.console.core.scene.Line;
import sluice.console.core.scene.Scene;
import sluice.console.core.view.ObjectKey;
import sluice.console.ui.look.Icons;
import sluice.console.ui.look.Looks;
import sluice.console.ui.look.Palette;
import sluice.console.ui.look.Theme;
import sluice.model.Health;

/** Paints scenes. UI thread; colours are values without a handle and kept, images are the icons'. */
final class ScenePainter {
  static final int MARGIN = 10;
  /** To the left of lanes and bands, for their names. */
  static final int LABELS = 110;
  private static final int HIT = 4;

  private final Map<RGB, Color> colours = new HashMap<>();
  private Palette palette = Palette.LIGHT;
  private Labels labels = new Labels(0, i -> "");

  /**
   * What is written beside or in items.
   *
   * @param left room at the left for the names of lanes and bands; 0: names stand in the boxes
   * @param text of an item; empty: nothing
   */
  record Labels(int left, Function<Item, String> text) {}

  /** All that is to be painted. */
  record What(Scene scene, int top, Item at, Item pointed, Line line, List<ObjectKey> lit, ObjectKey selected, boolean stale, String empty) {}

  void labels(Labels now) {
    labels = now;
  }

  int left() {
    return labels.left();
  }

  double sceneX(int x) {
    return x - MARGIN - labels.left();
  }

  double sceneY(Scene scene, int y, int top) {
    return y + top - MARGIN;
  }

  Rectangle place(Item i, int top) {
    int x = (int) Math.round(i.x()) + MARGIN + labels.left();
    return new Rectangle(x, (int) Math.round(i.y()) + MARGIN - top, Math.max(1, (int) Math.round(i.x() + i.width()) - (int) Math.round(i.x())), (int) i.height());
  }

  private Color c(RGB rgb) {
    return colours.computeIfAbsent(rgb, Color::new);
  }

  void paint(GC gc, Rectangle area, What w) {
    palette = Theme.palette();
    gc.setBackground(c(palette.paper()));
    gc.fillRectangle(area);
    gc.setAntialias(SWT.ON);
    if (w.scene.items().isEmpty()) {
      gc.setForeground(c(palette.faint()));
      gc.drawText(w.empty, MARGIN, MARGIN, true);
      return;
    }
    for (Line l : w.scene.lines()) line(gc, w, l);
    for (Item i : w.scene.within(w.top - MARGIN, w.top + area.height)) item(gc, w, i);
    if (w.stale) hatch(gc, area);
  }

  // ---- items

  private void item(GC gc, What w, Item i) {
    Rectangle r = place(i, w.top);
    switch (i.kind()) {
      case LANE -> lane(gc, i, r);
      case BAND -> band(gc, i, r);
      case FREE -> fill(gc, r, palette.panel());
      case SPARE -> striped(gc, r);
      case METADATA -> fill(gc, r, Palette.mix(palette.ink(), palette.paper(), 0.6));
      case INTENTS -> fill(gc, r, Palette.mix(hue(i), palette.ink(), 0.5));
      case EXTENT -> extent(gc, i, r);
      case FILLED -> over(gc, r, palette.blue(), 70);
      case WINDOW -> window(gc, r);
      case HOST, NETWORK, SERVER, DISK -> box(gc, w, i, r);
    }
    if (i.selectable() && (i == w.at || i.about() != null && i.about().equals(w.selected))) frame(gc, r, palette.ink(), i == w.at ? 2 : 1);
    else if (i == w.pointed || i.about() != null && w.lit.contains(i.about())) frame(gc, r, palette.blue(), 2);
  }

  private RGB hue(Item i) {
    return palette.hue(i.hue());
  }

  private void fill(GC gc, Rectangle r, RGB rgb) {
    gc.setBackground(c(rgb));
    gc.fillRectangle(r);
  }

  private void lane(GC gc, Item i, Rectangle r) {
    fill(gc, new Rectangle(r.x - 1, r.y - 1, r.width + 2, r.height + 2), palette.line());
    label(gc, i, r);
  }

  private void band(GC gc, Item i, Rectangle r) {
    fill(gc, new Rectangle(r.x - 1, r.y - 1, r.width + 2, r.height + 2), Looks.rgb(i.health(), palette));
    label(gc, i, r);
  }

  private void label(GC gc, Item i, Rectangle r) {
    String text = labels.text().apply(i);
    if (text.isEmpty() || labels.left() == 0) return;
    Image icon = Looks.image(i.health());
    int middle = r.y + r.height / 2;
    gc.drawImage(icon, MARGIN, middle - 8);
    gc.setForeground(c(palette.ink()));
    Point size = gc.textExtent(text);
    gc.setClipping(MARGIN, r.y - 4, labels.left() - 6, r.height + 8);
    gc.drawText(text, MARGIN + 20, middle - size.y / 2, true);
    gc.setClipping((Rectangle) null);
    if (i.health() == Health.FAILED) cross(gc, r);
  }

  private void extent(GC gc, Item i, Rectangle r) {
    boolean map = labels.left() > 0 && i.health() != null && i.about() != null && i.about().kind() == ObjectKey.Kind.DISK;
    // In a volume's map the colour is the copy's state; on a disk it is the volume's own.
    RGB rgb = map ? Palette.mix(Looks.rgb(i.health(), palette), palette.paper(), i.health() == Health.HEALTHY ? 0.55 : 0.75) : hue(i);
    fill(gc, new Rectangle(r.x, r.y, Math.max(1, r.width - 1), Math.max(1, r.height - (map ? 1 : 0))), rgb);
    if (i.health() == Health.FAILED) cross(gc, r);
    String text = labels.text().apply(i);
    if (text.isEmpty()) return;
    Point size = gc.textExtent(text);
    if (size.x + 6 > r.width || size.y > r.height + 2) return;
    gc.setForeground(c(palette.dark() || !map ? new RGB(255, 255, 255) : palette.ink()));
    gc.drawText(text, r.x + 4, r.y + (r.height - size.y) / 2, true);
  }

  private void striped(GC gc, Rectangle r) {
    fill(gc, r, palette.panel());
    gc.setForeground(c(palette.line()));
    gc.setClipping(r);
    for (int x = r.x - r.height; x < r.x + r.width; x += 6) gc.drawLine(x, r.y + r.height, x + r.height, r.y);
    gc.setClipping((Rectangle) null);
  }

  private void cross(GC gc, Rectangle r) {
    gc.setForeground(c(palette.red()));
    gc.setLineWidth(2);
    gc.drawLine(r.x, r.y, r.x + r.width, r.y + r.height);
    gc.drawLine(r.x, r.y + r.height, r.x + r.width, r.y);
    gc.setLineWidth(1);
  }

  private void over(GC gc, Rectangle r, RGB rgb, int alpha) {
    gc.setAlpha(alpha);
    fill(gc, r, rgb);
    gc.setAlpha(255);
  }

  private void window(GC gc, Rectangle r) {
    Rectangle wide = new Rectangle(r.x - 1, r.y - 3, Math.max(3, r.width + 2), r.height + 6);
    over(gc, wide, palette.violet(), 140);
    frame(gc, wide, palette.violet(), 2);
  }

  private void box(GC gc, What w, Item i, Rectangle r) {
    RGB state = Looks.rgb(i.health(), palette);
    gc.setBackground(c(Palette.mix(state, palette.paper(), i.health() == Health.HEALTHY ? 0.08 : 0.22)));
    gc.fillRoundRectangle(r.x, r.y, r.width, r.height, 6, 6);
    gc.setForeground(c(i.health() == Health.HEALTHY ? palette.line() : state));
    gc.drawRoundRectangle(r.x, r.y, r.width, r.height, 6, 6);
    Image kind = Icons.marked(i.kind().name().toLowerCase(java.util.Locale.ROOT), Looks.mark(i.health(), null));
    gc.drawImage(kind, r.x + 4, r.y + r.height / 2 - 8);
    gc.setForeground(c(palette.ink()));
    String text = labels.text().apply(i);
    Point size = gc.textExtent(text);
    gc.setClipping(r.x + 22, r.y, r.width - 24, r.height);
    gc.drawText(text, r.x + 24, r.y + (r.height - size.y) / 2, true);
    gc.setClipping((Rectangle) null);
  }

  private void frame(GC gc, Rectangle r, RGB rgb, int width) {
    gc.setForeground(c(rgb));
    gc.setLineWidth(width);
    gc.drawRectangle(r.x, r.y, r.width - 1, r.height - 1);
    gc.setLineWidth(1);
  }

  // ---- lines

  private void line(GC gc, What w, Line l) {
    int[] e = ends(w.scene, l, w.top);
    boolean lit = l == w.line || !l.objects().isEmpty() && w.selected != null && l.objects().contains(w.selected);
    Health h = l.health();
    gc.setForeground(c(lit ? palette.blue() : h == Health.HEALTHY ? Palette.mix(palette.green(), palette.paper(), 0.55) : Looks.rgb(h, palette)));
    gc.setLineWidth((int) Math.max(lit ? 2 : 1, Math.round(l.width())));
    gc.setLineStyle(l.dashed() ? SWT.LINE_DASH : SWT.LINE_SOLID);
    gc.drawLine(e[0], e[1], e[2], e[3]);
    gc.setLineStyle(SWT.LINE_SOLID);
    gc.setLineWidth(1);
  }

  private int[] ends(Scene scene, Line l, int top) {
    Rectangle a = place(scene.items().get(l.from()), top);
    Rectangle b = place(scene.items().get(l.to()), top);
    boolean right = a.x + a.width <= b.x;
    boolean left = b.x + b.width <= a.x;
    if (!right && !left) {
      // One above the other.
      boolean down = a.y < b.y;
      return new int[] {a.x + a.width / 2, down ? a.y + a.height : a.y, b.x + b.width / 2, down ? b.y : b.y + b.height};
    }
    return new int[] {right ? a.x + a.width : a.x, a.y + a.height / 2, right ? b.x : b.x + b.width, b.y + b.height / 2};
  }

  /** The way that is pointed at; null: none. */
  Line line(Scene scene, int x, int y, int top) {
    Line best = null;
    double nearest = HIT;
    for (Line l : scene.lines()) {
      int[] e = ends(scene, l, top);
      double d = distance(x, y, e);
      if (d < nearest) {
        nearest = d;
        best = l;
      }
    }
    return best;
  }

  private static double distance(int x, int y, int[] e) {
    double dx = e[2] - e[0];
    double dy = e[3] - e[1];
    double along = dx * dx + dy * dy == 0 ? 0 : Math.max(0, Math.min(1, ((x - e[0]) * dx + (y - e[1]) * dy) / (dx * dx + dy * dy)));
    return Math.hypot(x - e[0] - along * dx, y - e[1] - along * dy);
  }

  private void hatch(GC gc, Rectangle area) {
    gc.setAlpha(150);
    gc.setBackground(c(palette.paper()));
    gc.fillRectangle(area);
    gc.setAlpha(90);
    gc.setForeground(c(palette.grey()));
    for (int x = -area.height; x < area.width; x += 14) gc.drawLine(x, area.height, x + area.height, 0);
    gc.setAlpha(255);
  }
}
