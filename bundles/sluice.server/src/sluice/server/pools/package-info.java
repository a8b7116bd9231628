/**
 * What a pool's disks carry of the catalog, so that the pool can be imported from its disks alone, and the import.
 *
 * <p>On the control thread; writing and reading is the disks' part.
 */
package sluice.server.pools;
