package sluice.nbd;

import java.util.List;
import java.util.function.Consumer;

/**
 * Decides which exports there are for whom. Called on the server's loop; must not block it; may answer at once or
 * later, but on that loop and exactly once. A lookup not answered within the handshake's deadline is answered in vain.
 */
public interface ExportDirectory {
  /**
   * Whether a peer that has just proven who it is may ask for anything at all; if not, it is cut off without a word. Answered
   * as {@link #lookup} is. Never asked without TLS.
   */
  default void admit(Peer peer, Consumer<Boolean> answer) {
    answer.accept(true);
  }

  /** @param name as the peer sent it; the empty string asks for a default export */
  void lookup(String name, Peer peer, Consumer<ExportResult> answer);

  /** The exports that this peer may see; at most {@link #MAX_LISTED} are sent to it. */
  void list(Peer peer, Consumer<List<Listed>> answer);

  int MAX_LISTED = 4096;

  /** A line of a list; the description may be empty. */
  record Listed(String name, String description) {}
}
