package sluice.core.catalog;

/**
 * Bytes of a disk that volumes can lie on.
 *
 * @param total all of them; always allocated + free
 * @param allocated in extents of volumes
 * @param free in none
 */
public record SpaceUsage(long total, long allocated, long free) {}
