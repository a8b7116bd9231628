package sluice.catalog.ratis;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.util.MD5FileUtil;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** What Ratis throws, as errors that a person can act on. Pure. */
final class EngineErrors {
  private static final String TRY_AGAIN = "try again in a moment";

  private EngineErrors() {}

  /** Why the engine cannot be opened, or cannot go on. */
  static SluiceException storage(Path dir, Throwable failure) {
    SluiceException own = find(failure, SluiceException.class);
    if (own != null) return own.code() == ErrorCode.CORRUPT ? StorageFolder.damaged(dir, own, words(own)) : own;
    Throwable root = root(failure);
    String text = String.valueOf(root.getMessage());
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("no space") || lower.contains("file too large") || lower.contains("quota")) {
      return io(dir, failure, "the disk is full: " + text, "make room on that disk, then start the server again");
    }
    if (root instanceof FileSystemException || lower.contains("denied") || lower.contains("read-only")
        || lower.contains("not a directory")) {
      return io(dir, failure, root.getClass().getSimpleName() + ": " + text,
          "make it a directory on a local disk that the server's user may write to");
    }
    if (lower.contains("input/output error")) {
      return io(dir, failure, text, "the disk or its cable may be failing: look at the kernel's log");
    }
    if (looksDamaged(failure)) return StorageFolder.damaged(dir, failure, text);
    return io(dir, failure, root.getClass().getSimpleName() + ": " + text, "see the server's log, and start it again");
  }

  private static String words(SluiceException e) {
    return e.why().isEmpty() ? e.what() : e.why();
  }

  private static SluiceException io(Path dir, Throwable cause, String why, String correction) {
    return new SluiceException(
        cause, ErrorCode.IO, "the catalog in " + dir + " cannot be read or written", why, correction,
        List.of(dir.toString()));
  }

  /** By name: the exceptions are in packages that Ratis keeps to itself. */
  private static boolean looksDamaged(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String name = t.getClass().getSimpleName();
      if (name.contains("Checksum") || name.contains("Corrupt") || name.contains("InvalidProtocolBuffer")) return true;
      String text = String.valueOf(t.getMessage());
      if (text.contains("orrupt") || text.contains("extra bytes after the terminator") || text.contains("gap between")
          || text.contains("Entry has size") || text.contains("Failed to load") || text.contains("Metadata file")
          || text.contains("does not match")) return true;
      if (t instanceof IllegalStateException && hasFrame(t, "org.apache.ratis.server.raftlog")) return true;
      if (t instanceof IOException && hasFrame(t, MD5FileUtil.class.getName())) return true;
    }
    return false;
  }

  private static boolean hasFrame(Throwable t, String prefix) {
    for (StackTraceElement e : t.getStackTrace()) if (e.getClassName().startsWith(prefix)) return true;
    return false;
  }

  /** Why one command did not get through, while the engine as such goes on. */
  static SluiceException command(Throwable failure) {
    SluiceException own = find(failure, SluiceException.class);
    if (own != null) return own;
    if (find(failure, TimeoutException.class) != null) {
      return unavailable(failure, "the change is not on the disk yet", "the catalog's disk does not answer",
          "look at that disk; a repetition of the same request is safe");
    }
    if (find(failure, ResourceUnavailableException.class) != null) return overloaded();
    if (find(failure, NotLeaderException.class) != null || find(failure, LeaderNotReadyException.class) != null) {
      return unavailable(failure, "the catalog takes no changes at the moment", "it is starting", TRY_AGAIN);
    }
    String why = String.valueOf(root(failure).getMessage());
    return unavailable(failure, "the catalog could not take the change", why, TRY_AGAIN);
  }

  static SluiceException overloaded() {
    return unavailable(null, "the catalog takes no more changes at the moment", "too many are under way", TRY_AGAIN);
  }

  static SluiceException closed() {
    return unavailable(null, "the catalog is closed", "the server is stopping", "try again when it has started");
  }

  private static SluiceException unavailable(Throwable cause, String what, String why, String correction) {
    return new SluiceException(cause, ErrorCode.UNAVAILABLE, what, why, correction, List.of());
  }

  private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) if (type.isInstance(t)) return type.cast(t);
    return null;
  }

  private static Throwable root(Throwable failure) {
    Throwable t = failure;
    while (t.getCause() != null) t = t.getCause();
    return t;
  }
}
