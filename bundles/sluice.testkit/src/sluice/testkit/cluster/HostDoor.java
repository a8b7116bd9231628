package sluice.testkit.cluster;

import sluice.protocol.v1.ToClient;

/** A host's agent as the network reaches it. */
public interface HostDoor {
  String id();

  /** A message that has arrived. @param run of the server that sent it */
  void received(long run, ToClient message);
}
