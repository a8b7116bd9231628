/**
 * Where new extents go: filter the disks, score them, select. Each step is small and says for every disk why it was
 * not taken.
 *
 * <p>Pure: the same disks and the same request give the same extents on every machine. Not for several threads; imports
 * the JDK, {@code sluice.api}, {@code sluice.core.space} and the protocol's messages.
 */
package sluice.core.placement;
