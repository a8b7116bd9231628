package sluice.testkit.cluster;

import sluice.protocol.v1.ToServer;
import sluice.testkit.net.RouteLink;

/** The server as the network reaches it; whichever run of it is up at the moment. */
public interface ServerDoor {
  /** A message that has arrived. @param incarnation of the host's agent; @param run of the server that the session is with, 0 for a Hello */
  void received(HostDoor from, long incarnation, long run, ToServer message);

  /** A connection of the server route asks to be let in. @param answer "" or why not, at the server */
  void connect(String hostId, String volumeId, long incarnation, long generation, RouteLink link, java.util.function.Consumer<String> answer);

  boolean up();
}
