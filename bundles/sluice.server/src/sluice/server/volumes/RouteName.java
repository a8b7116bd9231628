package sluice.server.volumes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an export as a host asks for it: {@code <volume>?route=<incarnation>.<generation>} by an agent's server
 * route, or just the volume's id or name by other programs of that host.
 *
 * @param volume id or name
 * @param routed whether it names a route; the two numbers are 0 otherwise
 * @param incarnation of the agent
 * @param generation of its connection, within the incarnation
 */
public record RouteName(String volume, boolean routed, long incarnation, long generation) {
  private static final Pattern ROUTED = Pattern.compile("([a-z0-9][a-z0-9._-]{0,63})\\?route=([0-9]{1,18})\\.([0-9]{1,18})");
  private static final Pattern PLAIN = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  /** Null if it is none. */
  public static RouteName parse(String text) {
    Matcher m = ROUTED.matcher(text);
    if (m.matches()) return new RouteName(m.group(1), true, Long.parseLong(m.group(2)), Long.parseLong(m.group(3)));
    return PLAIN.matcher(text).matches() ? new RouteName(text, false, 0, 0) : null;
  }

  /** Whether a connection of that name is fenced by this one; names without a route neither fence nor are fenced. */
  public boolean fences(RouteName other) {
    return routed && other.routed && compare(other) > 0;
  }

  private int compare(RouteName other) {
    int byIncarnation = Long.compare(incarnation, other.incarnation);
    return byIncarnation != 0 ? byIncarnation : Long.compare(generation, other.generation);
  }
}
