/**
 * A volume as one block device over the disks that its layout names: mapped, striped, mirrored, with write intents.
 *
 * <p>An engine lives on one loop and is used on it only. Hosts and the server run the same one; they differ in what they do
 * about a leg that fails. May import sluice.api, sluice.io.device and slf4j; no Netty, no OSGi, no catalog.
 */
package sluice.volume;
