package sluice.console.ui.act;

import java.util.Collection;
import java.util.regex.Pattern;
import sluice.api.ByteSize;
import sluice.api.SluiceException;
import sluice.net.HostPort;

/** What is typed, checked while it is typed: null if it is good, empty if there is nothing yet, else what is wrong and what would be right. Pure. */
public final class Inputs {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private Inputs() {}

  /** A new name, which none of the others has. */
  public static String name(String text, String kind, Collection<String> taken) {
    if (text.isEmpty()) return "";
    if (!NAME.matcher(text).matches()) return "A name is 1 to 64 of a-z, 0-9, '-', '_' and '.', and begins with a letter or digit.";
    return taken.contains(text) ? "There is a " + kind + " '" + text + "' already; choose another name." : null;
  }

  /** A size that is more than nothing. */
  public static String size(String text) {
    if (text.isBlank()) return "";
    try {
      return bytes(text) > 0 ? null : "A size is more than nothing, like 10G.";
    } catch (SluiceException e) {
      return "'" + text + "' is not a size; write it like 512M, 10G or 1.5T.";
    }
  }

  /** A rate; empty is none. */
  public static String rate(String text) {
    return text.isBlank() ? null : size(text);
  }

  public static String address(String text) {
    if (text.isBlank()) return "";
    try {
      HostPort.parseList(text);
      return null;
    } catch (SluiceException e) {
      return "'" + text + "' is not an address; write host:port, several with commas.";
    }
  }

  public static long bytes(String text) {
    return ByteSize.parse(text.strip()).bytes();
  }
}
