package sluice.local;

import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalReply;

/** What a program does with a call from its own machine. */
@FunctionalInterface
public interface LocalHandler {
  /**
   * Answers one call, on a thread that may block. Several calls may come at once. The reply is sent after this
   * returns: a call that stops the program must only begin it, on a thread of its own; {@link LocalServer#close()}
   * lets replies that are under way go out.
   *
   * @throws sluice.api.SluiceException goes back to the caller as it is
   * @throws Exception anything else goes to the log, and the caller learns that something went wrong inside
   */
  LocalReply handle(LocalCall call) throws Exception;
}
