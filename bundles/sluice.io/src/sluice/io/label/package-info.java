/**
 * What Sluice writes on a disk besides the volumes' bytes: the label, twice, and two copies of the pool's metadata.
 *
 * <p>Encoding and decoding are pure; {@link sluice.io.label.LabelIo} and {@link sluice.io.label.MetadataArea} do the
 * I/O and may be called on any thread. May import sluice.api, sluice.io.device and the JDK.
 */
package sluice.io.label;
