package sluice.io.disk;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * Where a file has data and where holes, by lseek(2)'s SEEK_DATA and SEEK_HOLE. It may have to read the file
 * system's metadata and so runs on a thread of its own; the answer comes on the loop. Where it cannot tell,
 * everything is data.
 */
final class HoleMap {
  /** Ranges in one answer; whoever wants the rest asks on. */
  static final int MAX_RANGES = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(HoleMap.class);

  private final Path path;
  private final Executor threads;
  /** Of a descriptor of our own, opened at the first question; guarded by this. */
  private int fd = -1;
  private boolean unusable;

  HoleMap(Path path, Executor threads) {
    this.path = path;
    this.threads = threads;
  }

  /** On the loop; the sink is called on it, then {@code after}. */
  void ask(long offset, long length, IoLoop loop, StatusSink sink, Runnable after) {
    try {
      threads.execute(() -> {
        Ranges ranges = find(offset, length);
        Answer.on(loop, () -> {
          ranges.tell(sink);
          after.run();
        });
      });
    } catch (RejectedExecutionException e) {
      sink.range(length, StatusSink.DATA);
      sink.completed(IoError.OK);
      after.run();
    }
  }

  private synchronized Ranges find(long offset, long length) {
    Ranges ranges = new Ranges();
    try {
      if (fd < 0 && !unusable) fd = LibC.openForReading(path);
      if (fd < 0) throw new LibC.Failure("no descriptor", 0);
      walk(ranges, offset, offset + length);
    } catch (LibC.Failure e) {
      if (!unusable) LOG.info("disk {}: no map of its holes, {}", path, e.getMessage());
      unusable = true;
    }
    if (ranges.count == 0) ranges.add(length, StatusSink.DATA);
    return ranges;
  }

  private void walk(Ranges ranges, long from, long end) throws LibC.Failure {
    long at = from;
    while (at < end && ranges.count < MAX_RANGES) {
      long data = Math.min(end, LibC.seekData(fd, at, end));
      if (data > at) ranges.add(data - at, StatusSink.HOLE | StatusSink.ZERO);
      at = data;
      if (at >= end || ranges.count == MAX_RANGES) return;
      long hole = Math.min(end, LibC.seekHole(fd, at, end));
      if (hole <= at) return;
      ranges.add(hole - at, StatusSink.DATA);
      at = hole;
    }
  }

  /** On the loop, when nothing is being asked. */
  void close() {
    try {
      threads.execute(this::closeDescriptor);
    } catch (RejectedExecutionException e) {
      closeDescriptor();
    }
  }

  private synchronized void closeDescriptor() {
    unusable = true;
    if (fd >= 0) LibC.close(fd);
    fd = -1;
  }

  /** Adjoining ranges, found on one thread and told on another. */
  private static final class Ranges {
    private final long[] lengths = new long[MAX_RANGES];
    private final int[] flags = new int[MAX_RANGES];
    private int count;

    void add(long length, int flag) {
      lengths[count] = length;
      flags[count++] = flag;
    }

    void tell(StatusSink sink) {
      for (int i = 0; i < count; i++) sink.range(lengths[i], flags[i]);
      sink.completed(IoError.OK);
    }
  }
}
