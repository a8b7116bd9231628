/**
 * What is true at the moment: of hosts, disks and volumes; its events, its metrics, and the pictures of it.
 *
 * <p>On the control thread; kept in memory only, since whoever it is about tells it again.
 */
package sluice.server.status;
