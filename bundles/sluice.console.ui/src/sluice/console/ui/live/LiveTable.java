package sluice.console.ui.live;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.ISelectionChangedListener;
import org.eclipse.jface.viewers.ISelectionProvider;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.viewers.SelectionChangedEvent;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.core.runtime.ListenerList;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;

/**
 * A virtual table of things that change: rows are kept by key, so that selection and order stay where they are; a click on
 * a column's title sorts. UI thread.
 *
 * @param <T> a row
 */
public final class LiveTable<T> implements ISelectionProvider {
  private final Table table;
  private final List<Column<T>> columns = new ArrayList<>();
  private final Function<T, Object> key;
  private final ListenerList<ISelectionChangedListener> listeners = new ListenerList<>();
  private Function<T, Object> selected = t -> t;
  private List<T> all = List.of();
  private List<T> shown = List.of();
  private String filter = "";
  private int sortColumn = -1;
  private boolean descending;

  /** What a column shows, and by what it sorts. */
  private record Column<T>(Function<T, String> text, Function<T, Image> image, Function<T, String> tip, ToLongFunction<T> number) {}

  /** @param key what makes two rows the same one at two moments */
  public LiveTable(Composite parent, Function<T, Object> key) {
    this.key = key;
    table = new Table(parent, SWT.VIRTUAL | SWT.FULL_SELECTION | SWT.MULTI | SWT.V_SCROLL | SWT.H_SCROLL);
    table.setHeaderVisible(true);
    table.addListener(SWT.SetData, this::fill);
    table.addListener(SWT.Selection, e -> tellSelection());
    table.addListener(SWT.MouseMove, this::tip);
  }

  /** A column of text, sorted as text. @param image null: none */
  public LiveTable<T> column(String title, int width, Function<T, String> text, Function<T, Image> image) {
    return add(title, width, SWT.LEFT, new Column<>(text, image, null, null));
  }

  /** A column of figures: right-aligned, sorted by the number. @param tip null: none */
  public LiveTable<T> figures(String title, int width, Function<T, String> text, ToLongFunction<T> number, Function<T, String> tip) {
    return add(title, width, SWT.RIGHT, new Column<>(text, null, tip, number));
  }

  /** A column of moments; the exact one as tooltip. */
  public LiveTable<T> moments(String title, int width, ToLongFunction<T> ms, Function<Long, String> text, Function<Long, String> exact) {
    return add(title, width, SWT.LEFT, new Column<>(t -> text.apply(ms.applyAsLong(t)), null, t -> exact.apply(ms.applyAsLong(t)), ms));
  }

  /** What the selection holds for a row; the row itself if this is not said. */
  public LiveTable<T> selects(Function<T, Object> object) {
    selected = object;
    return this;
  }

  /** Sorts by a column at first. */
  public LiveTable<T> sortBy(int column, boolean down) {
    sortColumn = column;
    descending = down;
    table.setSortColumn(table.getColumn(column));
    table.setSortDirection(down ? SWT.DOWN : SWT.UP);
    return this;
  }

  private LiveTable<T> add(String title, int width, int align, Column<T> column) {
    TableColumn c = new TableColumn(table, align);
    c.setText(title);
    c.setWidth(width);
    c.setMoveable(true);
    int index = columns.size();
    c.addListener(SWT.Selection, e -> {
      boolean down = sortColumn == index && !descending;
      sortBy(index, down);
      show();
    });
    columns.add(column);
    return this;
  }

  public Table control() {
    return table;
  }

  /** All the rows, in any order. */
  public void rows(List<T> rows) {
    all = List.copyOf(rows);
    show();
  }

  /** Shows rows only that have the words somewhere. */
  public void filter(String words) {
    filter = words.strip().toLowerCase(Locale.ROOT);
    show();
  }

  /** What is shown, in its order. */
  public List<T> shown() {
    return shown;
  }

  private void show() {
    List<Object> kept = new ArrayList<>();
    for (int i : table.getSelectionIndices()) if (i < shown.size()) kept.add(key.apply(shown.get(i)));
    List<T> next = new ArrayList<>(all.size());
    for (T t : all) if (filter.isEmpty() || has(t)) next.add(t);
    if (sortColumn >= 0) next.sort(order(columns.get(sortColumn)));
    int top = table.getTopIndex();
    shown = next;
    if (table.getItemCount() != shown.size()) table.setItemCount(shown.size());
    refill();
    select(kept);
    if (top < shown.size() && top != table.getTopIndex()) table.setTopIndex(top);
  }

  /** Rows that were never seen stay virtual; the others are written anew where they differ. */
  private void refill() {
    int first = Math.max(0, table.getTopIndex() - 2);
    int visible = table.getClientArea().height / Math.max(1, table.getItemHeight()) + 4;
    for (int i = 0; i < shown.size(); i++) {
      if (i >= first && i < first + visible) write(table.getItem(i), shown.get(i));
      else if (table.getItem(i).getData() != null) {
        table.getItem(i).setData(null);
        table.clear(i);
      }
      if (i > first + visible + 512) {
        table.clear(i, shown.size() - 1);
        break;
      }
    }
  }

  private void select(List<Object> keys) {
    if (keys.isEmpty()) {
      table.deselectAll();
      return;
    }
    Map<Object, Integer> at = new HashMap<>();
    for (int i = 0; i < shown.size(); i++) at.put(key.apply(shown.get(i)), i);
    int[] found = keys.stream().map(at::get).filter(Objects::nonNull).mapToInt(Integer::intValue).toArray();
    if (!java.util.Arrays.equals(found, table.getSelectionIndices())) {
      table.deselectAll();
      table.select(found);
    }
  }

  private boolean has(T t) {
    for (Column<T> c : columns) if (c.text.apply(t).toLowerCase(Locale.ROOT).contains(filter)) return true;
    return false;
  }

  private Comparator<T> order(Column<T> c) {
    Comparator<T> by = c.number != null ? Comparator.comparingLong(c.number) : Comparator.comparing(c.text, String.CASE_INSENSITIVE_ORDER);
    return descending ? by.reversed() : by;
  }

  private void fill(Event e) {
    TableItem item = (TableItem) e.item;
    int index = table.indexOf(item);
    if (index >= 0 && index < shown.size()) write(item, shown.get(index));
  }

  private void write(TableItem item, T row) {
    item.setData(row);
    for (int c = 0; c < columns.size(); c++) {
      Column<T> column = columns.get(c);
      String text = column.text.apply(row);
      if (!Objects.equals(item.getText(c), text)) item.setText(c, text == null ? "" : text);
      if (column.image != null) {
        Image image = column.image.apply(row);
        if (item.getImage(c) != image) item.setImage(c, image);
      }
    }
  }

  private void tip(Event e) {
    TableItem item = table.getItem(new org.eclipse.swt.graphics.Point(e.x, e.y));
    String tip = null;
    int row = item == null ? -1 : table.indexOf(item);
    for (int c = 0; row >= 0 && row < shown.size() && c < columns.size(); c++) {
      if (!item.getBounds(c).contains(e.x, e.y)) continue;
      Column<T> column = columns.get(c);
      // What does not fit is whole in the tooltip.
      tip = column.tip != null ? column.tip.apply(shown.get(row)) : column.text.apply(shown.get(row));
    }
    if (tip != null && tip.isEmpty()) tip = null;
    if (!Objects.equals(tip, table.getToolTipText())) table.setToolTipText(tip);
  }

  // ---- selection

  @Override
  public ISelection getSelection() {
    List<Object> objects = new ArrayList<>();
    for (int i : table.getSelectionIndices()) if (i < shown.size()) objects.add(selected.apply(shown.get(i)));
    objects.removeIf(Objects::isNull);
    return new StructuredSelection(objects);
  }

  /** Selects the rows whose object is in the selection, and shows the first. */
  @Override
  public void setSelection(ISelection selection) {
    if (!(selection instanceof IStructuredSelection s)) return;
    List<Object> wanted = new ArrayList<>();
    for (T t : shown) if (s.toList().contains(selected.apply(t))) wanted.add(key.apply(t));
    select(wanted);
    if (table.getSelectionCount() > 0) table.showSelection();
  }

  private void tellSelection() {
    SelectionChangedEvent event = new SelectionChangedEvent(this, getSelection());
    for (ISelectionChangedListener l : listeners) l.selectionChanged(event);
  }

  @Override
  public void addSelectionChangedListener(ISelectionChangedListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeSelectionChangedListener(ISelectionChangedListener listener) {
    listeners.remove(listener);
  }
}
