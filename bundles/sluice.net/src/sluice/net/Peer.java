package sluice.net;

import java.net.InetSocketAddress;
import sluice.net.pki.PeerIdentity;

/**
 * Who is at the other end of a connection.
 *
 * @param identity proven by the TLS handshake; of kind NONE without a certificate
 * @param remote the peer's address, for the audit log
 * @param local the address of ours that it came to: the network
 */
public record Peer(PeerIdentity identity, InetSocketAddress remote, InetSocketAddress local) {}
