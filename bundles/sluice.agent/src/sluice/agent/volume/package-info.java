/**
 * The volumes that this host holds: what the server wants held, this host's ways to the disks, and each volume's chain from
 * its routes up to its NBD export.
 *
 * <p>What is wanted and held is owned by the agent's control thread; a volume's I/O by its loop. May not import OSGi.
 */
package sluice.agent.volume;
