/**
 * The server route: volumes as NBD exports over TLS, for the hosts that hold them.
 *
 * <p>Which connection is let in is decided on the control thread; data moves on event loops only. A newer connection
 * of a host fences its older ones before it is answered, so that no late write can follow a newer one (invariant 8).
 */
package sluice.server.volumes;
