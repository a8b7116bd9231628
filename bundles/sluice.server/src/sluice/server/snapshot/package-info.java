/**
 * Snapshots on the server: one moment for several volumes, room for what is preserved, lists of what has changed.
 *
 * <p>All on the control thread. What is preserved, and when, is decided and done on each volume's loop (sluice.volume.snapshot).
 */
package sluice.server.snapshot;
