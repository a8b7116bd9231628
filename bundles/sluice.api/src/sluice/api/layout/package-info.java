/**
 * Where the blocks of a volume lie: volume, segments, stripe columns, legs, extents on disks.
 *
 * <p>Immutable values, safe to share between threads; mapping allocates nothing. May import the JDK only.
 */
package sluice.api.layout;
