package sluice.nbd.internal;

/** What the other side said, for logs and messages: no control characters, so that it cannot forge lines, and not at any length. */
public final class Printable {
  private static final int MAX = 200;

  private Printable() {}

  public static String of(String text) {
    String plain = text.replaceAll("[\\p{Cntrl}\\p{Cf}\u2028\u2029]", "?").strip();
    return plain.length() <= MAX ? plain : plain.substring(0, MAX) + "…";
  }
}
