/**
 * How much of a disk or a pool is free, and where. Always derived from the volumes' extents and never stored, so that
 * it cannot disagree with them. Not for several threads; imports the JDK only.
 */
package sluice.core.space;
