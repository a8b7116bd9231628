/**
 * The simulator: one server, some hosts and some disks run the production code under a virtual clock, a virtual network and
 * virtual disks, and one seed draws everything that happens to them.
 *
 * <p>A run has a safety phase with faults, a phase in which everything heals, and a last look at every block. One thread a
 * run; nothing here reads a clock or a random number of the machine's. Not shipped.
 */
package sluice.testkit;
