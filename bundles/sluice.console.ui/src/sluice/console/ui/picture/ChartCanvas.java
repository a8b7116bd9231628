package sluice.console.ui.picture;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.RGB;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import sluice.console.core.scene.Charts;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Palette;
import sluice.console.ui.look.Theme;

/** Curves one below the other, with one time axis and one cursor that reads them all. */
public final class ChartCanvas extends Canvas {
  private static final int LEFT = 92;
  private static final int RIGHT = 12;
  private static final int GAP = 10;
  private static final int AXIS = 18;

  private final Map<RGB, Color> colours = new HashMap<>();
  private Charts.Chart chart;
  private Palette palette = Palette.LIGHT;
  private boolean stale;
  private int cursor = -1;

  public ChartCanvas(Composite parent, String name) {
    super(parent, SWT.DOUBLE_BUFFERED | SWT.NO_BACKGROUND);
    addListener(SWT.Paint, e -> paint(e.gc, getClientArea()));
    addListener(SWT.MouseMove, e -> cursor(e.x));
    addListener(SWT.MouseExit, e -> cursor(-1));
    getAccessible().addAccessibleListener(new AccessibleAdapter() {
      @Override
      public void getName(AccessibleEvent e) {
        e.result = name;
      }
    });
  }

  public void show(Charts.Chart now, boolean old) {
    chart = now;
    stale = old;
    redraw();
  }

  private void cursor(int x) {
    if (x == cursor) return;
    cursor = x;
    redraw();
  }

  private Color c(RGB rgb) {
    return colours.computeIfAbsent(rgb, Color::new);
  }

  private void paint(GC gc, Rectangle area) {
    palette = Theme.palette();
    gc.setBackground(c(palette.paper()));
    gc.fillRectangle(area);
    gc.setAntialias(SWT.ON);
    List<Charts.Curve> curves = chart == null ? List.of() : chart.curves().stream().filter(k -> k.times().length > 0).toList();
    if (curves.isEmpty() || chart.toMs() <= chart.fromMs()) {
      gc.setForeground(c(palette.faint()));
      gc.drawText("The first figures come within a few seconds.", 8, 6, true);
      return;
    }
    int axis = area.height > 110 ? AXIS : 0;
    int height = (area.height - axis) / curves.size() - GAP;
    int y = GAP / 2;
    for (Charts.Curve k : curves) {
      curve(gc, k, new Rectangle(LEFT, y, Math.max(10, area.width - LEFT - RIGHT), Math.max(12, height)));
      y += height + GAP;
    }
    if (axis > 0) axis(gc, area, y);
    if (cursor >= LEFT && cursor < area.width - RIGHT) {
      gc.setForeground(c(palette.faint()));
      gc.drawLine(cursor, 0, cursor, y);
    }
    if (stale) hatch(gc, area);
  }

  private double x(double ms, Rectangle r) {
    return r.x + (ms - chart.fromMs()) / (chart.toMs() - chart.fromMs()) * r.width;
  }

  private void curve(GC gc, Charts.Curve k, Rectangle r) {
    gc.setForeground(c(palette.line()));
    gc.drawRectangle(r.x, r.y, r.width - 1, r.height - 1);
    gc.drawLine(r.x, r.y + r.height / 2, r.x + r.width, r.y + r.height / 2);
    marks(gc, r);
    double top = k.top() <= 0 ? 1 : k.top();
    gc.setForeground(c(palette.blue()));
    gc.setLineWidth(2);
    int lastX = 0;
    int lastY = 0;
    boolean drawing = false;
    for (int i = 0; i < k.times().length; i++) {
      if (Double.isNaN(k.high()[i])) {
        drawing = false;
        continue;
      }
      int px = (int) x(k.times()[i], r);
      int py = r.y + r.height - 1 - (int) (Math.min(1, k.high()[i] / top) * (r.height - 3));
      if (drawing) gc.drawLine(lastX, lastY, px, py);
      lastX = px;
      lastY = py;
      drawing = true;
    }
    gc.setLineWidth(1);
    gc.setForeground(c(palette.ink()));
    right(gc, k.name(), r.y - 1);
    gc.setForeground(c(palette.faint()));
    if (r.height > 44) right(gc, value(top, k.unit()), r.y + 15);
    String read = reading(k, r);
    if (!read.isEmpty()) {
      gc.setForeground(c(palette.ink()));
      Point size = gc.textExtent(read);
      gc.setBackground(c(palette.paper()));
      gc.drawText(read, Math.min(cursor + 6, r.x + r.width - size.x - 4), r.y + 3, false);
    }
  }

  private static void right(GC gc, String text, int y) {
    Point size = gc.textExtent(text);
    gc.drawText(text, LEFT - 8 - size.x, y, true);
  }

  private String reading(Charts.Curve k, Rectangle r) {
    if (cursor < r.x || cursor >= r.x + r.width) return "";
    int best = -1;
    for (int i = 0; i < k.times().length; i++) {
      if (!Double.isNaN(k.high()[i]) && (best < 0 || Math.abs(x(k.times()[i], r) - cursor) < Math.abs(x(k.times()[best], r) - cursor))) best = i;
    }
    return best < 0 ? "" : value(k.high()[best], k.unit()) + "  " + Format.moment((long) k.times()[best]);
  }

  private static String value(double v, String unit) {
    // Latencies go from microseconds to seconds; with six zeros nobody reads them.
    if (unit.equals("\u00b5s") && v >= 1_000) return v >= 1_000_000 ? Format.number(v / 1_000_000) + " s" : Format.number(v / 1_000) + " ms";
    return unit.equals("B/s") ? Format.rate((long) v) : Format.number(v) + (unit.startsWith("/") ? unit : " " + unit);
  }

  private void marks(GC gc, Rectangle r) {
    for (Charts.Mark m : chart.marks()) {
      gc.setForeground(c(switch (m.kind()) {
        case "failure" -> palette.red();
        case "redirect" -> palette.amber();
        case "commit" -> palette.violet();
        default -> palette.line();
      }));
      int px = (int) x(m.timeMs(), r);
      gc.drawLine(px, r.y, px, r.y + r.height);
    }
  }

  private void axis(GC gc, Rectangle area, int y) {
    gc.setForeground(c(palette.faint()));
    int width = area.width - LEFT - RIGHT;
    for (int i = 0; i <= 4; i++) {
      String text = Format.moment(chart.fromMs() + (chart.toMs() - chart.fromMs()) * i / 4);
      Point size = gc.textExtent(text);
      int px = LEFT + width * i / 4 - size.x / 2;
      gc.drawText(text, Math.max(LEFT - 20, Math.min(px, area.width - size.x - 2)), y, true);
    }
  }

  private void hatch(GC gc, Rectangle area) {
    gc.setAlpha(90);
    gc.setForeground(c(palette.grey()));
    for (int px = -area.height; px < area.width; px += 14) gc.drawLine(px, area.height, px + area.height, 0);
    gc.setAlpha(255);
  }
}
