/**
 * The care of mirrored volumes in the running server: brings what happens to each volume's
 * {@link sluice.core.care.VolumeCare}, which decides, and carries out on disks, sessions and catalog what that wants.
 *
 * <p>All on the control thread; nothing here decides.
 */
package sluice.server.care;
