package sluice.io.disk;

/**
 * An io_uring as a disk sees it. Numbers of operations are the kernel's (include/uapi/linux/io_uring.h); Netty keeps
 * its own to itself. On the loop only.
 */
interface Ring {
  byte FSYNC = 3;
  byte FALLOCATE = 17;
  byte OPENAT = 18;
  byte CLOSE = 19;
  byte READ = 22;
  byte WRITE = 23;
  byte FADVISE = 24;

  /** A slot is sent as user data; Netty passes numbers that fit a short without looking them up. */
  int MAX_SLOT = Short.MAX_VALUE;

  /**
   * False, and nothing comes back, if the ring has gone.
   *
   * @param length and {@code flags} in the meaning they have for the operation, as in the kernel's io_uring_sqe
   * @param slot comes back with the result, 0 to {@link #MAX_SLOT}
   */
  boolean submit(byte op, int fd, long offset, long address, int length, int flags, int slot);

  /** Nothing will be sent any more; what is under way still comes back. */
  void unregister();

  /** Gets what came back. */
  interface Owner {
    /** @param result as a system call's: an errno if negative */
    void completed(int slot, int result);

    /** The loop is ending: finish. May be called more than once. */
    void cutOff();
  }
}
