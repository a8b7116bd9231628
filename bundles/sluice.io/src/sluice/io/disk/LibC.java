package sluice.io.disk;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.file.Path;

/** The few system calls that neither the JDK nor the ring has. They block: never on a loop. */
final class LibC {
  private static final int O_CLOEXEC = 02000000;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  /** A call has failed, or the library is not there. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String call, int errno) {
      super(errno == 0 ? call : call + " failed with error " + errno);
    }
  }

  /** Bound on first use: a machine without JNA's library still has disks, only no map of their holes. */
  private static final class Calls {
    static {
      Native.register(Calls.class, "c");
    }

    static native int open(String path, int flags, int mode) throws LastErrorException;

    static native long lseek(int fd, long offset, int whence) throws LastErrorException;

    static native int close(int fd) throws LastErrorException;
  }

  private LibC() {}

  static int openForReading(Path path) throws Failure {
    try {
      return Calls.open(path.toString(), O_CLOEXEC, 0);
    } catch (LastErrorException e) {
      throw new Failure("open", e.getErrorCode());
    } catch (LinkageError e) {
      throw new Failure("the C library cannot be called: " + e.getMessage(), 0);
    }
  }

  /** Where data start at or after an offset; {@code end} if there are none. */
  static long seekData(int fd, long offset, long end) throws Failure {
    return seek(fd, offset, SEEK_DATA, end);
  }

  /** Where the next hole starts at or after an offset; the file's end counts as one. */
  static long seekHole(int fd, long offset, long end) throws Failure {
    return seek(fd, offset, SEEK_HOLE, end);
  }

  private static long seek(int fd, long offset, int whence, long end) throws Failure {
    try {
      return Calls.lseek(fd, offset, whence);
    } catch (LastErrorException e) {
      // ENXIO: nothing but a hole until the file's end (lseek(2)).
      if (e.getErrorCode() == 6) return end;
      throw new Failure("lseek", e.getErrorCode());
    }
  }

  static void close(int fd) {
    try {
      Calls.close(fd);
    } catch (LastErrorException e) {
      // The descriptor was only read from and is gone either way (close(2)).
    }
  }
}
