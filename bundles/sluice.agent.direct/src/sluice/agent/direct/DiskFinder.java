package sluice.agent.direct;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sluice.api.DiskUri;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoLoop;
import sluice.api.route.VolumeAccess;
import sluice.io.label.DiskLabel;
import sluice.io.label.LabelIo;
import sluice.io.label.LabelResult;

/**
 * Looks for one disk by the ways that are known to it, in order, until one leads to the right label. A path says nothing:
 * only what is written on the disk tells which disk it is. On the loop.
 */
final class DiskFinder {
  /** A way that has not shown a label by then is left for the next one. */
  static final long LABEL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Where a search ends. */
  interface Found {
    void found(BlockDevice device, DiskUri way);

    void notFound(String reason);
  }

  private final Supplier<VolumeAccess> newest;
  private final String diskId;
  private String name;
  private final IoLoop loop;
  private final List<DiskOpener> openers;

  /** @param newest what the volume's routes are told by now */
  DiskFinder(Supplier<VolumeAccess> newest, String diskId, IoLoop loop, List<DiskOpener> openers) {
    this.newest = newest;
    this.diskId = diskId;
    name = diskId;
    this.loop = loop;
    this.openers = openers;
  }

  /** "disk d3"; of a disk that the layout has given up as it was last called. */
  String diskName() {
    name = newest.get().diskNames().getOrDefault(diskId, name);
    return "disk " + name;
  }

  IoLoop loop() {
    return loop;
  }

  boolean readOnly() {
    return newest.get().readOnly();
  }

  void search(Found found) {
    List<DiskUri> ways = newest.get().ways().getOrDefault(diskId, List.of());
    if (ways.isEmpty()) found.notFound(diskName() + ": no way to it is known on this host");
    else new Search(ways, found).next();
  }

  private final class Search {
    private final List<DiskUri> ways;
    private final Found found;
    private final StringBuilder problems = new StringBuilder();
    private int way = -1;

    Search(List<DiskUri> ways, Found found) {
      this.ways = ways;
      this.found = found;
    }

    void next() {
      if (++way == ways.size()) {
        found.notFound(diskName() + ": " + problems);
        return;
      }
      DiskUri uri = ways.get(way);
      DiskOpener opener = openers.stream().filter(o -> o.serves(uri)).findFirst().orElse(null);
      if (opener == null) {
        failed("nothing here opens " + uri.scheme() + ": disks");
        return;
      }
      opener.open(uri, loop, readOnly()).whenComplete((device, failure) -> onLoop(() -> {
        if (failure == null) readLabel(device);
        else failed(text(failure));
      }));
    }

    private void readLabel(BlockDevice device) {
      boolean[] over = {false};
      IoLoop.Timer timer = loop.schedule(LABEL_NANOS, () -> {
        if (over[0]) return;
        over[0] = true;
        device.close();
        failed(ways.get(way) + " does not answer");
      });
      LabelIo.read(device).whenComplete((result, failure) -> onLoop(() -> {
        if (over[0]) return;
        over[0] = true;
        timer.cancel();
        String wrong = failure == null ? wrong(result) : text(failure);
        if (wrong == null) {
          found.found(device, ways.get(way));
        } else {
          device.close();
          failed(wrong);
        }
      }));
    }

    private void failed(String why) {
      if (problems.length() > 0) problems.append("; ");
      problems.append(why);
      next();
    }

    /** Null if it is the disk that is meant. */
    private String wrong(LabelResult result) {
      DiskUri uri = ways.get(way);
      if (!result.found()) return uri + " leads to no disk of Sluice" + (result.note().isEmpty() ? "" : ": " + result.note());
      DiskLabel label = result.label();
      VolumeAccess access = newest.get();
      String which = uri + " leads to disk " + label.name();
      if (!label.clusterId().equals(access.clusterId())) return which + " of another cluster";
      if (!label.diskId().equals(diskId)) return which + " (" + label.diskId() + "), which is another disk";
      if (!label.poolId().equals(access.poolId())) return which + ", which is not in the volume's pool any more";
      return null;
    }
  }

  private void onLoop(Runnable task) {
    if (loop.inLoop()) task.run();
    else loop.execute(task);
  }

  static String text(Throwable failure) {
    Throwable t = failure;
    while (t instanceof CompletionException && t.getCause() != null) t = t.getCause();
    return t instanceof SluiceException || t.getMessage() != null ? t.getMessage() : t.getClass().getSimpleName();
  }
}
