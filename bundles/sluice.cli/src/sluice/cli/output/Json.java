package sluice.cli.output;

import java.util.Iterator;
import java.util.Map;

/**
 * Writes JSON (RFC 8259) of trees made of maps, iterables, strings, numbers, booleans and null; indented by two.
 *
 * <p>Maps keep the order they iterate in, so use LinkedHashMap. Small enough that a library would cost more.
 */
public final class Json {
  private final StringBuilder text = new StringBuilder();

  private Json() {}

  /** The tree as text without a final line end. Fails with IllegalArgumentException on any other type within. */
  public static String write(Object tree) {
    Json json = new Json();
    json.value(tree, 0);
    return json.text.toString();
  }

  private void value(Object value, int depth) {
    if (value == null) text.append("null");
    else if (value instanceof CharSequence s) string(s);
    else if (value instanceof Boolean b) text.append(b.booleanValue());
    else if (value instanceof Number n) number(n);
    else if (value instanceof Map<?, ?> map) object(map, depth);
    else if (value instanceof Iterable<?> list) array(list, depth);
    else throw new IllegalArgumentException("no JSON for " + value.getClass());
  }

  private void number(Number n) {
    double d = n.doubleValue();
    if (Double.isNaN(d) || Double.isInfinite(d)) text.append("null");
    else text.append(n);
  }

  private void object(Map<?, ?> map, int depth) {
    if (map.isEmpty()) {
      text.append("{}");
      return;
    }
    text.append('{');
    String separator = "";
    for (Map.Entry<?, ?> e : map.entrySet()) {
      text.append(separator);
      line(depth + 1);
      string(e.getKey().toString());
      text.append(": ");
      value(e.getValue(), depth + 1);
      separator = ",";
    }
    line(depth);
    text.append('}');
  }

  private void array(Iterable<?> list, int depth) {
    Iterator<?> i = list.iterator();
    if (!i.hasNext()) {
      text.append("[]");
      return;
    }
    text.append('[');
    while (i.hasNext()) {
      line(depth + 1);
      value(i.next(), depth + 1);
      if (i.hasNext()) text.append(',');
    }
    line(depth);
    text.append(']');
  }

  private void line(int depth) {
    text.append('\n').append("  ".repeat(depth));
  }

  private void string(CharSequence s) {
    text.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          boolean loneSurrogate = Character.isSurrogate(c) && !paired(s, i);
          if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029 || loneSurrogate) text.append(String.format("\\u%04x", (int) c));
          else text.append(c);
        }
      }
    }
    text.append('"');
  }

  private static boolean paired(CharSequence s, int i) {
    return Character.isHighSurrogate(s.charAt(i))
        ? i + 1 < s.length() && Character.isLowSurrogate(s.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(s.charAt(i - 1));
  }
}
