package sluice.api;

import java.util.Locale;

/** An amount of bytes. Parses and prints the binary units that administrators type: 512, 64k, 1.5MiB, 10G, 2TiB. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final String UNITS = "KMGTPE";

  public ByteSize {
    if (bytes < 0) throw new IllegalArgumentException("negative size " + bytes);
  }

  /** All units are powers of 1024. Fails with INVALID_ARGUMENT and says what is accepted. */
  public static ByteSize parse(String text) {
    String t = text.trim().toUpperCase(Locale.ROOT);
    if (t.endsWith("IB")) t = t.substring(0, t.length() - 2);
    else if (t.endsWith("B")) t = t.substring(0, t.length() - 1);
    long unit = 1;
    if (!t.isEmpty()) {
      int i = UNITS.indexOf(t.charAt(t.length() - 1));
      if (i >= 0) {
        unit = 1L << (10 * (i + 1));
        t = t.substring(0, t.length() - 1).trim();
      }
    }
    if (!t.matches("[0-9]{1,18}(\\.[0-9]{1,9})?")) throw bad(text);
    try {
      long bytes = new java.math.BigDecimal(t).multiply(java.math.BigDecimal.valueOf(unit)).longValueExact();
      return new ByteSize(bytes);
    } catch (ArithmeticException e) {
      throw bad(text);
    }
  }

  private static SluiceException bad(String text) {
    return new SluiceException(ErrorCode.INVALID_ARGUMENT, "'" + text + "' is not a size",
        "a size is a number with an optional unit and a whole number of bytes, below 8 EiB", "write it like 512MiB, 10G or 1.5T", text);
  }

  /** Exact if it is a whole number of a unit, otherwise with up to two decimals. */
  @Override
  public String toString() {
    if (bytes < 1024) return bytes + " B";
    int i = -1;
    double value = bytes;
    while (value >= 1024 && i < UNITS.length() - 1) {
      value /= 1024;
      i++;
    }
    String number = String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
    return number + " " + UNITS.charAt(i) + "iB";
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }
}
