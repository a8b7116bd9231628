package sluice.core.space;

/**
 * A run of bytes on a disk.
 *
 * @param diskId whose
 * @param offset bytes from the disk's start
 * @param length bytes
 */
public record DiskExtent(String diskId, long offset, long length) {}
