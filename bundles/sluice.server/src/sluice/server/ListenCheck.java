package sluice.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Whether a server can listen where it is told to, found out before anything is made or opened: a port that is taken is
 * the most common reason not to start. Between here and the real listening it may still be taken; then that says so.
 */
final class ListenCheck {
  private ListenCheck() {}

  /** Blocks. @param control addresses of the control protocol @param nbd of the server route, in the same order */
  static void check(List<InetSocketAddress> control, List<InetSocketAddress> nbd) {
    for (int i = 0; i < control.size(); i++) {
      check(control.get(i), "");
      check(nbd.get(i), "; the server route listens there, beside port " + control.get(i).getPort());
    }
  }

  private static void check(InetSocketAddress address, String what) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException | RuntimeException e) {
      throw failure(address, what, e);
    }
  }

  private static SluiceException failure(InetSocketAddress address, String what, Exception e) {
    String where = address.getHostString() + ":" + address.getPort();
    String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (address.isUnresolved()) {
      return problem(e, ErrorCode.INVALID_ARGUMENT, where, "the host name has no address", "name an address of this machine");
    }
    if (said.contains("in use")) {
      return problem(e, ErrorCode.CONFLICT, where, "the port is taken by another program" + what,
          "stop that program, or choose another port with --listen");
    }
    if (said.contains("assign")) {
      return problem(e, ErrorCode.INVALID_ARGUMENT, where, "this machine has no address " + address.getHostString(),
          "name one of its own with --listen; 'ip address' shows them");
    }
    if (said.contains("denied")) {
      return problem(e, ErrorCode.FORBIDDEN, where, "this user may not" + (address.getPort() < 1024 ? " listen on ports below 1024" : ""),
          "choose a higher port with --listen");
    }
    return problem(e, ErrorCode.CONFLICT, where, String.valueOf(e.getMessage()), "choose another address with --listen");
  }

  private static SluiceException problem(Exception e, ErrorCode code, String where, String why, String correction) {
    return new SluiceException(e, code, "cannot listen on " + where, why, correction, List.of(where));
  }
}
