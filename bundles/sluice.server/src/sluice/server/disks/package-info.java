/**
 * The disks that the server knows: kept open and watched, looked for, added and removed.
 *
 * <p>States are decided by pure classes and owned by the control thread; reading and writing happens on event loops,
 * always with a deadline, so that a disk that hangs holds up nothing but itself.
 */
package sluice.server.disks;
