package sluice.io;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** What an event loop waits in. */
public enum LoopKind {
  /** Sockets and disks on one io_uring: fewest system calls and wake-ups an I/O. */
  IO_URING,
  /** Sockets by epoll, disks by a small thread pool: where the kernel or its policy has no io_uring. */
  EPOLL;

  /** Any thread: whether this machine can run loops of this kind. */
  public boolean available() {
    return this == IO_URING ? IoUring.isAvailable() : Epoll.isAvailable();
  }

  /** Any thread: why {@link #available} says no; empty if it says yes. */
  public String unavailableBecause() {
    Throwable cause = this == IO_URING ? IoUring.unavailabilityCause() : Epoll.unavailabilityCause();
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }

  /** The best kind that works here; fails with UNAVAILABLE where neither does. */
  public static LoopKind best() {
    if (IO_URING.available()) return IO_URING;
    if (EPOLL.available()) return EPOLL;
    throw new SluiceException(ErrorCode.UNAVAILABLE, "this machine can run no I/O loop",
        "io_uring: " + IO_URING.unavailableBecause() + "; epoll: " + EPOLL.unavailableBecause(),
        "run Sluice on Linux on a processor that its native libraries are built for");
  }
}
