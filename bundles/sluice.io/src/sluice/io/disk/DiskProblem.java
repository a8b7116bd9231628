package sluice.io.disk;

import sluice.api.ByteSize;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.IoError;
import sluice.io.label.LabelLayout;

/** Why a file or device cannot be a disk, in the words an administrator needs. */
final class DiskProblem {
  private DiskProblem() {}

  private static SluiceException problem(ErrorCode code, DiskUri uri, String why, String correction) {
    return new SluiceException(code, "disk " + uri + " cannot be used", why, correction, uri.text());
  }

  static SluiceException missing(DiskUri uri) {
    return uri.scheme().equals("dev")
        ? problem(ErrorCode.NOT_FOUND, uri, "there is no such device",
            "check that the device is connected: lsblk lists what the system sees")
        : problem(ErrorCode.NOT_FOUND, uri, "there is no such file", "create it with: truncate -s 10G " + uri.path());
  }

  static SluiceException directory(DiskUri uri) {
    return problem(ErrorCode.INVALID_ARGUMENT, uri, "it is a directory",
        "name a file in it, like " + uri.scheme() + ":" + uri.path() + "/disk1.img");
  }

  static SluiceException notBlock(DiskUri uri) {
    return problem(ErrorCode.INVALID_ARGUMENT, uri, "it is not a block device",
        "for a file, name it file:" + uri.path());
  }

  static SluiceException isBlock(DiskUri uri) {
    return problem(ErrorCode.INVALID_ARGUMENT, uri, "it is a block device", "name it dev:" + uri.path());
  }

  static SluiceException notRegular(DiskUri uri) {
    return problem(ErrorCode.INVALID_ARGUMENT, uri, "it is not a regular file",
        "name a regular file, or a block device with dev:");
  }

  static SluiceException rights(DiskUri uri, boolean readOnly) {
    return problem(ErrorCode.FORBIDDEN, uri, "this program may not " + (readOnly ? "read" : "read and write") + " it",
        "give the user that runs Sluice the rights to " + uri.path() + ", for instance by its group");
  }

  static SluiceException empty(DiskUri uri) {
    return problem(ErrorCode.INVALID_ARGUMENT, uri, "it is empty",
        uri.scheme().equals("dev")
            ? "check that a medium is there"
            : "give it a size with: truncate -s 10G " + uri.path());
  }

  static SluiceException oddSize(DiskUri uri, long size) {
    return problem(ErrorCode.INVALID_ARGUMENT, uri, "its size of " + size + " bytes is not a multiple of 4096",
        uri.scheme().equals("dev")
            ? "use a device or partition whose size is a multiple of 4 KiB"
            // Not how: whatever the file holds is somebody's, and this may be the wrong file altogether.
            : "use an empty file, or one that was made to be a disk: its size has to be a multiple of 4 KiB, at least " + new ByteSize(LabelLayout.MIN_DISK));
  }

  static SluiceException blockSize(DiskUri uri, int bytes) {
    return problem(ErrorCode.INVALID_ARGUMENT, uri, "its blocks of " + new ByteSize(bytes) + " are larger than 4 KiB",
        "use a device with blocks of 512 bytes or 4 KiB");
  }

  static SluiceException readOnlyDevice(DiskUri uri) {
    return problem(ErrorCode.FORBIDDEN, uri, "the device is set read-only",
        "make it writable: blockdev --setrw " + uri.path());
  }

  static SluiceException parameter(DiskUri uri, String name, String value) {
    return problem(ErrorCode.INVALID_ARGUMENT, uri, "'" + value + "' is no value of " + name,
        "write " + name + "=on or " + name + "=off");
  }

  static SluiceException io(DiskUri uri, String message) {
    return problem(ErrorCode.IO, uri, message == null ? "the system reported an error" : message,
        "look into the system's log: dmesg");
  }

  static SluiceException loopGone(DiskUri uri) {
    return problem(ErrorCode.UNAVAILABLE, uri, "the program is shutting down", "");
  }

  static SluiceException inUse(DiskUri uri, String by) {
    return problem(ErrorCode.CONFLICT, uri, "it is in use: " + by,
        "use another disk, or end that use first; Sluice will overwrite what is on it");
  }

  /** @param errno of open(2) */
  static SluiceException open(DiskUri uri, int errno, boolean readOnly, boolean direct) {
    return switch (errno) {
      case Errno.ENOENT, Errno.ENODEV, IoError.ENXIO -> missing(uri);
      case Errno.EPERM, Errno.EACCES -> rights(uri, readOnly);
      case IoError.EROFS ->
          problem(ErrorCode.FORBIDDEN, uri, "its file system is read-only", "mount it writable, or use another file");
      case Errno.EBUSY -> inUse(uri, "another program holds it");
      case IoError.EINVAL -> direct
          ? problem(ErrorCode.INVALID_ARGUMENT, uri, "its file system has no direct I/O",
              "name it with ?cache=on, or put it on another file system")
          : io(uri, IoError.text(errno));
      default -> io(uri, "open failed with error " + errno);
    };
  }
}
