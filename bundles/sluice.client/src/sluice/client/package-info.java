/**
 * The management client that the command line and the console are made of, and where credentials lie on disk.
 *
 * <p>A {@link sluice.client.ManagementClient} belongs to the one loop of its links: callbacks come on it and must not
 * block. {@link sluice.client.Profiles} touches files, and blocks. Imports no Netty and no user interface.
 */
package sluice.client;
