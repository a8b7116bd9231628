package sluice.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows in columns as wide as their widest cell; numbers to the right, so that they can be compared by eye. */
public final class Table {
  private static final String GAP = "  ";

  private final List<String> titles = new ArrayList<>();
  private final List<Boolean> right = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** A column of text. */
  public Table text(String... columns) {
    for (String column : columns) add(column, false);
    return this;
  }

  /** A column of numbers, aligned to the right. */
  public Table number(String... columns) {
    for (String column : columns) add(column, true);
    return this;
  }

  private void add(String title, boolean number) {
    if (!rows.isEmpty()) throw new IllegalStateException("columns come before rows");
    titles.add(title);
    right.add(number);
  }

  /** One cell for each column; an empty cell is shown as a dash so that scripts that split at blanks keep count. */
  public Table row(Object... cells) {
    if (cells.length != titles.size()) throw new IllegalArgumentException(cells.length + " cells of " + titles.size());
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      String text = cell == null ? "" : printable(cell.toString());
      row.add(text.isEmpty() ? "-" : text);
    }
    rows.add(row);
    return this;
  }

  /** Names and reasons come from other machines: a control character in them must not steer this terminal. */
  public static String printable(String text) {
    StringBuilder clean = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean bad = c < ' ' || c >= 0x7f && c < 0xa0;
      if (bad && clean == null) clean = new StringBuilder(text.substring(0, i));
      if (clean != null) clean.append(bad ? ' ' : c);
    }
    return clean == null ? text : clean.toString();
  }

  public int size() {
    return rows.size();
  }

  /** Titles and rows; with no rows, the sentence instead. */
  public void print(PrintWriter out, String ifEmpty) {
    if (rows.isEmpty()) out.println(ifEmpty);
    else print(out);
  }

  public void print(PrintWriter out) {
    int[] widths = new int[titles.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = width(titles.get(c));
      for (List<String> row : rows) widths[c] = Math.max(widths[c], width(row.get(c)));
    }
    line(out, titles, widths);
    for (List<String> row : rows) line(out, row, widths);
  }

  private void line(PrintWriter out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String cell = cells.get(c);
      String padding = " ".repeat(widths[c] - width(cell));
      if (c > 0) line.append(GAP);
      line.append(right.get(c) ? padding + cell : cell + padding);
    }
    out.println(line.toString().stripTrailing());
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
