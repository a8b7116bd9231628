/**
 * A whole cluster on one machine: a server and agents as processes of their own, disks that are files, a little SAN
 * between them that can be broken, and a load that checks every byte it reads.
 *
 * <p>Steps run on the main thread; the SAN and the load each own their state on an I/O loop. Needs no root, no display
 * and no other program. The benchmark uses the same cluster.
 */
package sluice.cli.demo;
