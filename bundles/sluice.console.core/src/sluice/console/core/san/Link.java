package sluice.console.core.san;

import sluice.model.Connection;
import sluice.protocol.v1.Role;

/**
 * How the connection to a cluster is, and as whom.
 *
 * @param reason why it is not connected; empty if it is
 * @param sinceMs by this machine's clock
 * @param truthMs by this machine's clock, when what is shown was last known to be so; 0: never. While connected, see
 *     {@link SanConnection#age}
 * @param myName the user's name; empty before the first Welcome
 * @param myRole what that user may do, as the server said at its Welcome
 */
public record Link(Connection state, String reason, long sinceMs, long truthMs, String myName, Role myRole) {
  public static Link connecting(long nowMs) {
    return new Link(Connection.CONNECTING, "", nowMs, 0, "", Role.ROLE_UNSPECIFIED);
  }

  /** Is what is shown the present? */
  public boolean current() {
    return state == Connection.CONNECTED;
  }

  Link state(Connection now, String why, long nowMs) {
    return new Link(now, why, state == now ? sinceMs : nowMs, truthMs, myName, myRole);
  }

  Link truth(long ms) {
    return new Link(state, reason, sinceMs, ms, myName, myRole);
  }

  Link as(String name, Role role) {
    return new Link(state, reason, sinceMs, truthMs, name, role);
  }
}
