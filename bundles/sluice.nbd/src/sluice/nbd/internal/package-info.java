/**
 * What server and client share of the NBD protocol: its numbers, its error values, Unix socket addresses, TLS. Pure, but
 * for {@link sluice.nbd.internal.TlsTasks}, which keeps public-key arithmetic off the event loops.
 */
package sluice.nbd.internal;
