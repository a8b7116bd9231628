/**
 * The product as its users have it: processes of the built archive, real disks, real clients, real faults.
 *
 * <p>Tests here know the command line, the NBD sockets and nothing else of Sluice.
 */
package sluice.system;
