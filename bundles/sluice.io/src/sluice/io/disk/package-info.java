/**
 * Files and block devices as disks: by io_uring on the loop that also drives the sockets, or by FileChannel on a few
 * threads.
 *
 * <p>A disk belongs to one loop. Calls that may block (looking at a path, asking where a file has holes) run on the
 * opener's threads and never on a loop. May import sluice.api, sluice.io, the JDK, Netty and JNA.
 */
package sluice.io.disk;
