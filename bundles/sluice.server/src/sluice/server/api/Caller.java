package sluice.server.api;

import sluice.net.pki.PeerIdentity;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Role;

/**
 * Who asks.
 *
 * @param role of a user, at this moment
 */
record Caller(PeerIdentity identity, Actor actor, Role role) {
  boolean host() {
    return identity.kind() == PeerIdentity.Kind.HOST;
  }
}
