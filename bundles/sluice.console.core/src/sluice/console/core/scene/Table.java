package sluice.console.core.scene;

import java.util.List;

/** A picture in words: for readers, screen readers and files. Immutable. */
public record Table(List<String> columns, List<List<String>> rows) {
  public Table {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** As RFC 4180 has it. A cell that a spreadsheet would take for a formula gets a quotation mark before it. */
  public String csv() {
    StringBuilder out = new StringBuilder();
    line(out, columns);
    rows.forEach(r -> line(out, r));
    return out.toString();
  }

  private static void line(StringBuilder out, List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      String c = cells.get(i);
      if (!c.isEmpty() && "=+@".indexOf(c.charAt(0)) >= 0) c = "'" + c;
      boolean quote = c.contains(",") || c.contains("\"") || c.contains("\n") || c.contains("\r");
      out.append(i == 0 ? "" : ",").append(quote ? '"' + c.replace("\"", "\"\"") + '"' : c);
    }
    out.append("\r\n");
  }
}
