/**
 * The server: the production catalog, volume care and volume engine, in a shell that stands for disks, sessions and exports.
 *
 * <p>Everything of one run of the server is on its one loop and dies with it; the catalog and the disks survive.
 */
package sluice.testkit.server;
