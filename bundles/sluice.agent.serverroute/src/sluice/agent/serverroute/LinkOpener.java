package sluice.agent.serverroute;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/** Makes connections for one volume. Does not block. */
interface LinkOpener {
  /** @param generation greater than of any connection of this volume before; the server drains those before it answers */
  CompletionStage<ServerLink> open(InetSocketAddress address, long generation);
}
