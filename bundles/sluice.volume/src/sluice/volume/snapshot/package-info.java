/**
 * Preserve before overwrite (invariant 6): copies a chunk aside before the volume changes in it, keeps on the disks what lies
 * where, and shows a snapshot as a device. The places are other volumes, the snapshot areas.
 *
 * <p>Everything of one volume's snapshots lives on one loop and is used on it only. May import sluice.api, sluice.core.snapshot and
 * sluice.io.device; no Netty, no OSGi, no catalog.
 */
package sluice.volume.snapshot;
