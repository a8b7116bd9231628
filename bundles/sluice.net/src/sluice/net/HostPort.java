package sluice.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * An address as people write it: {@code host:port}, an IPv6 address in brackets.
 *
 * @param host name or IP address, lower case, without brackets
 * @param port 1 to 65535, or 0 where a free one may be chosen
 */
public record HostPort(String host, int port) {
  public HostPort {
    host = host.toLowerCase(Locale.ROOT);
    if (host.isEmpty() || host.length() > 253 || !host.matches("[a-z0-9._:%-]+")) {
      throw wrong(host + ":" + port, "the host is missing or has characters that no host has");
    }
    if (port < 0 || port > 65535) throw wrong(host + ":" + port, "ports are 1 to 65535");
  }

  /** @throws SluiceException INVALID_ARGUMENT that repeats the text and says what is wrong with it */
  public static HostPort parse(String text) {
    String t = text.strip();
    String host;
    String port;
    if (t.startsWith("[")) {
      int end = t.indexOf("]:");
      if (end < 0) throw wrong(text, "after an IPv6 address in brackets comes a colon and the port");
      host = t.substring(1, end);
      port = t.substring(end + 2);
    } else {
      int colon = t.lastIndexOf(':');
      if (colon < 0) throw wrong(text, "the port is missing");
      if (t.indexOf(':') != colon) throw wrong(text, "an IPv6 address needs brackets");
      host = t.substring(0, colon);
      port = t.substring(colon + 1);
    }
    try {
      return new HostPort(host, Integer.parseInt(port));
    } catch (NumberFormatException e) {
      throw wrong(text, "'" + port + "' is not a port");
    }
  }

  /** Several, separated by commas; at least one, duplicates dropped. */
  public static List<HostPort> parseList(String text) {
    List<HostPort> found = new ArrayList<>();
    for (String part : text.split(",")) {
      if (part.isBlank()) continue;
      HostPort one = parse(part);
      if (!found.contains(one)) found.add(one);
    }
    if (found.isEmpty()) throw wrong(text, "no address is given");
    return List.copyOf(found);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  private static SluiceException wrong(String text, String why) {
    return new SluiceException(
        ErrorCode.INVALID_ARGUMENT, "'" + text + "' is not an address", why, "write HOST:PORT, for example 10.0.0.1:7440");
  }
}
