/**
 * Virtual disks, and the lines by which hosts and the server reach them.
 *
 * <p>May import sluice.api, sluice.io.device, the simulator's world and net, and the JDK.
 */
package sluice.testkit.disk;
