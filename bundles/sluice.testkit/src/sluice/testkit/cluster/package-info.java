/**
 * What all parties of a run share: world, disks, ways between them, the catalog's durable state, and what is drawn for the run.
 *
 * <p>May import the simulator's lower packages, sluice.core and the protocol; neither hosts nor the server.
 */
package sluice.testkit.cluster;
