/**
 * Who is connected: joining, sessions over several networks, leases, and what hosts are told to hold.
 *
 * <p>All of it on the control thread. What a host shall hold is a state with a number, composed from the catalog and
 * sent whenever it differs from what was sent last.
 */
package sluice.server.session;
