package sluice.catalog.ratis;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Looks over what Ratis will read, before it does: whether it is there, and whether log and snapshot fit together. */
final class StorageFolder {
  private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-\\d+)?");
  private static final Pattern DIGEST = Pattern.compile("snapshot\\.\\d+_(\\d+)\\.md5");

  private final Path dir;
  private final Path log;
  private final Path snapshots;

  StorageFolder(Path dir) {
    Path group = dir.resolve(RaftSettings.GROUP.getUuid().toString());
    this.dir = dir;
    log = group.resolve("current");
    snapshots = group.resolve("sm");
  }

  /** Whether there is a log; a first start that was cut short left none. */
  boolean hasLog() {
    return Files.exists(log.resolve("raft-meta"));
  }

  /** @throws SluiceException CORRUPT if the log begins after the snapshot ends, so that changes would be missing */
  void checkAndRepair() throws IOException {
    if (!Files.isDirectory(log)) return;
    long first = Long.MAX_VALUE;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(log, "log_*")) {
      for (Path file : files) {
        Matcher m = SEGMENT.matcher(file.getFileName().toString());
        if (!m.matches()) continue;
        first = Math.min(first, Long.parseLong(m.group(1)));
        if (file.getFileName().toString().startsWith("log_inprogress_")) LogTail.repair(file);
      }
    }
    long snapshot = newestSnapshot();
    if (first != Long.MAX_VALUE && first > snapshot + 1) {
      throw damaged(dir, null, "the log begins with entry " + first + ", and the newest whole snapshot ends with "
          + (snapshot < 0 ? "none" : "entry " + snapshot));
    }
  }

  private long newestSnapshot() throws IOException {
    long newest = -1;
    if (!Files.isDirectory(snapshots)) return newest;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(snapshots, "*.md5")) {
      for (Path digest : files) {
        String name = digest.getFileName().toString();
        Matcher m = DIGEST.matcher(name);
        if (!m.matches() || !Files.exists(snapshots.resolve(name.substring(0, name.length() - 4)))) continue;
        newest = Math.max(newest, Long.parseLong(m.group(1)));
      }
    }
    return newest;
  }

  static SluiceException damaged(Path dir, Throwable cause, String why) {
    return new SluiceException(cause, ErrorCode.CORRUPT, "the catalog in " + dir + " is damaged", why,
        "change nothing in there; restore the directory from a backup, or start a server in a new directory and import"
            + " the pools, which are described on their disks", java.util.List.of(dir.toString()));
  }
}
