package sluice.core.placement;

import sluice.core.space.DiskSpace;

/**
 * A disk that could be taken.
 *
 * @param id its id
 * @param name for people
 * @param domain failure domain; empty: the disk is one of its own
 * @param space what is free on it; only looked at
 */
public record PlacementDisk(String id, String name, String domain, DiskSpace space) {}
