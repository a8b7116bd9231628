/**
 * Event loops that drive sockets and disks on one ring, and the pooled, aligned memory that travels between them.
 *
 * <p>Everything a loop owns (its buffers, its devices) is touched by that loop's thread only; the few methods that any
 * thread may call say so. May import sluice.api, the JDK and Netty.
 */
package sluice.io;
