package sluice.server.disks;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoLoop;
import sluice.io.device.HopDevice;
import sluice.io.label.DiskLabel;
import sluice.io.label.LabelIo;
import sluice.io.label.LabelResult;
import sluice.io.label.MetadataArea;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.PoolMetadata;
import sluice.server.ControlThread;

/**
 * One disk of the catalog, kept open and watched. On the control thread; what it starts on the disk comes back there.
 *
 * <p>A look at its label every 5 s tells whether it is there and still the same disk. A look that gets no answer within
 * 5 s makes it OFFLINE; the look stays under way, and when it ends the disk is looked at again, so a disk that hangs
 * has one look hanging and no more.
 */
final class ServerDisk {
  private static final Logger LOG = LoggerFactory.getLogger(ServerDisk.class);
  static final long DEADLINE_MS = 5_000;
  static final long PROBE_MS = 5_000;

  private final ControlThread control;
  private final DiskAccess access;
  private final IoLoop loop;
  private final String clusterId;
  private final DiskListener listener;
  private final DiskPresence presence;
  private final Map<IoLoop, DiskPort> ports = new HashMap<>();
  private Disk disk;
  private BlockDevice device;
  private DiskLabel label;
  private long sequence;
  private long metadataRevision;
  private boolean busy;
  private long busySince;
  private long lastLook;
  private boolean removed;
  /** What was wrong with the label at the last look, though it could be read. */
  private String labelNote = "";
  private boolean openingAnew;
  /** One write of label and metadata at a time; the next waits for it. */
  private CompletionStage<?> writing = CompletableFuture.completedFuture(null);

  ServerDisk(ControlThread control, DiskAccess access, IoLoop loop, String clusterId, Disk disk, DiskListener listener) {
    this.control = control;
    this.access = access;
    this.loop = loop;
    this.clusterId = clusterId;
    this.disk = disk;
    this.listener = listener;
    presence = new DiskPresence(control.nowMs(), control.nanoTime());
  }

  Disk disk() {
    return disk;
  }

  boolean online() {
    return presence.isOnline();
  }

  /** Whether it was found out how it is, since the server has it. */
  boolean known() {
    return presence.isKnown();
  }

  /** Whether a look at it is under way. */
  boolean looking() {
    return busy;
  }

  DiskStatus status() {
    return presence.status(disk.getId()).setMetadataRevision(metadataRevision).build();
  }

  String reason() {
    return presence.reason();
  }

  /** The catalog says something new of the disk. */
  void update(Disk newDisk) {
    boolean moved = !newDisk.getUrisList().equals(disk.getUrisList());
    disk = newDisk;
    if (moved) presence.recheck(control.nanoTime());
    if (online() && label != null && disk.getPoolId().isEmpty() && !label.poolId().isEmpty()) carry(null, 0);
  }

  /** The disk for use on a loop; the same port for as long as the disk is in the catalog. */
  DiskPort port(IoLoop on) {
    return ports.computeIfAbsent(on, l -> {
      DiskPort port = new DiskPort(l, disk.getCapacityBytes());
      if (online()) port.connect(HopDevice.on(l, device));
      return port;
    });
  }

  /** Several times a second: starts what is due. */
  void tick() {
    long now = control.nanoTime();
    if (busy) {
      if (now - busySince > DEADLINE_MS * 1_000_000 && presence.isOnline()) {
        down("no answer in " + DEADLINE_MS / 1000 + " s", false);
      } else if (now - busySince > DEADLINE_MS * 1_000_000 && !presence.isKnown()) {
        news(presence.offline("no answer in " + DEADLINE_MS / 1000 + " s", control.nowMs(), now), DiskStatus.State.OFFLINE);
      }
      return;
    }
    if (device == null) {
      if (presence.due(now)) begin(this::open);
    } else if (now - lastLook > PROBE_MS * 1_000_000 || presence.due(now)) {
      begin(this::look);
    }
  }

  /** A look is due now. */
  void recheck() {
    presence.recheck(control.nanoTime());
    lastLook = control.nanoTime() - 2 * PROBE_MS * 1_000_000;
    tick();
  }

  private void begin(Runnable what) {
    busy = true;
    busySince = control.nanoTime();
    what.run();
  }

  private void open() {
    tryWay(0, new ArrayList<>(), false);
  }

  private void tryWay(int way, List<String> reasons, boolean wrong) {
    if (way == disk.getUrisCount()) {
      busy = false;
      String why = reasons.isEmpty() ? "no way to it is known" : String.join("; ", reasons);
      DiskStatus.State before = presence.state();
      boolean news = wrong ? presence.wrong(why, control.nowMs(), control.nanoTime())
          : presence.offline(why, control.nowMs(), control.nanoTime());
      news(news, before);
      return;
    }
    String uri = disk.getUris(way);
    access.open(uri, loop, false).whenCompleteAsync((found, failure) -> {
      if (removed) {
        if (found != null) found.device().close();
        return;
      }
      String why = failure == null ? wrong(found.label(), found.device()) : DiskAccess.reason(failure);
      if (why == null) {
        opened(found);
        return;
      }
      reasons.add(failure == null ? uri + ": " + why : why);
      if (found != null) found.device().close();
      tryWay(way + 1, reasons, wrong || failure == null);
    }, control);
  }

  /** Null if the label is this disk's. */
  private String wrong(LabelResult found, BlockDevice on) {
    if (found.state() == LabelResult.State.NONE) {
      return found.note().isEmpty() ? "the disk there is blank" : "the disk there has " + found.note();
    }
    if (!found.found()) return found.note();
    DiskLabel l = found.label();
    if (!l.clusterId().equals(clusterId)) return "the disk there belongs to another cluster";
    if (!l.diskId().equals(disk.getId())) return "the disk there is another one, " + l.name();
    if (on.traits().size() < disk.getCapacityBytes()) return "the disk there has shrunk";
    if (on.traits().readOnly()) return "it can only be read there";
    return null;
  }

  private void opened(DiskAccess.Found found) {
    device = found.device();
    label = found.label().label();
    (label.poolId().isEmpty() ? CompletableFuture.completedFuture(java.util.Optional.<MetadataArea.Content>empty())
        : MetadataArea.read(device, label)).whenCompleteAsync((content, failure) -> {
          busy = false;
          if (removed) return;
          if (failure != null) {
            down(DiskAccess.reason(failure), true);
            return;
          }
          sequence = content.map(MetadataArea.Content::sequence).orElse(0L);
          metadataRevision = content.map(c -> revisionOf(c.payload())).orElse(0L);
          labelNote = "";
          up(found.uri());
          noteLabel(found.label());
        }, control);
  }

  private static long revisionOf(byte[] payload) {
    try {
      return PoolMetadata.parseFrom(payload).getRevision();
    } catch (InvalidProtocolBufferException e) {
      return 0;
    }
  }

  private void up(String uri) {
    lastLook = control.nanoTime();
    DiskStatus.State before = presence.state();
    boolean news = presence.online(uri, control.nowMs());
    if (before != DiskStatus.State.ONLINE) ports.forEach((l, port) -> port.connect(HopDevice.on(l, device)));
    if (disk.getPoolId().isEmpty() && !label.poolId().isEmpty()) carry(null, 0);
    news(news, before);
  }

  /**
   * A look of its own, beside the regular ones; empty: the disk has answered by the connection that it had before. One that fails makes the
   * regular look due, which finds out what is the matter.
   */
  CompletionStage<String> lookNow() {
    BlockDevice looked = device;
    if (looked == null || !online()) return CompletableFuture.completedFuture("it is not online");
    return LabelIo.read(looked).handleAsync((found, failure) -> {
      String why = failure == null ? wrong(found, looked) : DiskAccess.reason(failure);
      if (why == null && device == looked && online()) return "";
      recheck();
      return why == null ? "it was lost meanwhile" : why;
    }, control);
  }

  private void look() {
    BlockDevice looked = device;
    LabelIo.read(looked).whenCompleteAsync((found, failure) -> {
      busy = false;
      if (removed || device != looked) return;
      String why = failure == null ? wrong(found, looked) : DiskAccess.reason(failure);
      if (why != null) {
        down(why, true);
        return;
      }
      if (found.label().sequence() >= label.sequence()) label = found.label();
      up(presence.status(disk.getId()).getUri());
      noteLabel(found);
    }, control);
  }

  /** One copy of the label is not as it should be, or is again. It is told and mended once, not at each look. */
  private void noteLabel(LabelResult found) {
    boolean news = !found.note().equals(labelNote);
    labelNote = found.note();
    if (labelNote.isEmpty()) return;
    if (news) LOG.warn("disk {} ({}): {}", disk.getName(), disk.getId(), labelNote);
    if (!found.overwritten()) lookAnew();
    else if (news) mend(labelNote);
  }

  /** A disk that was cut off, and is open, has the size it was opened with: another look at it, opened anew, tells. */
  private void lookAnew() {
    if (openingAnew) return;
    openingAnew = true;
    BlockDevice looked = device;
    access.open(presence.status(disk.getId()).getUri(), loop, false).whenCompleteAsync((again, failure) -> {
      openingAnew = false;
      if (failure != null) return; // the next look opens it again
      String why = wrong(again.label(), again.device());
      again.device().close();
      if (why != null && !removed && device == looked) down(why, true);
    }, control);
  }

  private void mend(String note) {
    BlockDevice on = device;
    writing = writing.handleAsync((x, y) -> null, control).thenCompose(x -> {
      if (removed || device != on || !online()) return CompletableFuture.<Void>completedFuture(null);
      return LabelIo.write(on, label).handleAsync((y, failure) -> {
        if (failure == null) listener.labelMended(disk, note);
        else if (device == on) down("its label cannot be written: " + DiskAccess.reason(failure), true);
        return null;
      }, control);
    });
  }

  /** @param close open it anew later; otherwise it hangs, and what hangs must first come back */
  private void down(String why, boolean close) {
    ports.values().forEach(port -> port.connect(null));
    if (close && device != null) {
      device.close();
      device = null;
    }
    DiskStatus.State before = presence.state();
    news(presence.offline(why, control.nowMs(), control.nanoTime()), before);
  }

  private void news(boolean news, DiskStatus.State before) {
    if (!news) return;
    LOG.info("disk {} ({}) {} {}", disk.getName(), disk.getId(), presence.state(), presence.reason());
    listener.diskChanged(disk, status(), before != presence.state());
  }

  /**
   * Makes label and metadata what the catalog says, one such write after the other. Fails if the disk is not online or
   * does not take it; then it is looked at anew.
   *
   * @param metadata of its pool; null for a disk that is in none
   */
  CompletionStage<Void> carry(byte[] metadata, long revision) {
    CompletionStage<Void> next = writing.handleAsync((x, y) -> null, control).thenCompose(x -> write(metadata, revision));
    writing = next;
    return next;
  }

  private CompletionStage<Void> write(byte[] metadata, long revision) {
    if (!online() || device == null) {
      return CompletableFuture.failedFuture(new SluiceException(ErrorCode.UNAVAILABLE,
          "disk " + disk.getName() + " cannot be reached", presence.reason(), "see to the disk", disk.getId()));
    }
    BlockDevice on = device;
    DiskLabel wanted = label;
    if (!wanted.name().equals(disk.getName())) wanted = wanted.named(disk.getName());
    if (!wanted.poolId().equals(disk.getPoolId())) wanted = wanted.inPool(disk.getPoolId());
    DiskLabel put = wanted.sequence() == label.sequence() ? wanted : new DiskLabel(wanted.diskId(), wanted.clusterId(),
        wanted.poolId(), wanted.name(), wanted.capacity(), wanted.layout(), label.sequence() + 1);
    long number = put.poolId().equals(label.poolId()) ? sequence + 1 : 1;
    CompletionStage<Void> labelled = put.sequence() == label.sequence() ? CompletableFuture.completedFuture(null)
        : LabelIo.write(on, put);
    return labelled
        .thenCompose(x -> metadata == null || put.poolId().isEmpty() ? CompletableFuture.completedFuture(null)
            : nextSequence(on, put, number).thenCompose(n -> MetadataArea.write(on, put, n, metadata).thenApply(y -> n)))
        .handleAsync((written, failure) -> {
          if (failure != null) {
            if (device == on) down("its metadata cannot be written: " + DiskAccess.reason(failure), true);
            throw new java.util.concurrent.CompletionException(failure);
          }
          label = put;
          if (written != null) {
            sequence = (Long) written;
            metadataRevision = revision;
            listener.diskChanged(disk, status(), false);
          }
          return null;
        }, control);
  }

  /** A disk that comes into a pool may have been in it before: then its numbers go on from there. */
  private static CompletionStage<Long> nextSequence(BlockDevice on, DiskLabel label, long number) {
    if (number > 1) return CompletableFuture.completedFuture(number);
    return MetadataArea.read(on, label).thenApply(c -> c.map(MetadataArea.Content::sequence).orElse(0L) + 1);
  }

  /** What is done to a disk that leaves the catalog, after all other writes and before it is closed. */
  interface LastWrite {
    CompletionStage<Void> on(BlockDevice device, DiskLabel label);
  }

  /** A last copy of its pool's metadata. */
  static CompletionStage<Void> writeLast(BlockDevice on, DiskLabel label, byte[] metadata) {
    return nextSequence(on, label, 1).thenCompose(n -> MetadataArea.write(on, label, n, metadata)).thenApply(x -> null);
  }

  /** The catalog has dropped it. @param last if it is online; null: nothing */
  CompletionStage<Void> remove(LastWrite last) {
    removed = true;
    ports.values().forEach(port -> port.connect(null));
    BlockDevice on = device;
    device = null;
    if (on == null) return CompletableFuture.completedFuture(null);
    CompletionStage<Void> done = writing.handle((x, y) -> null).thenCompose(
        x -> last != null && online() ? last.on(on, label) : CompletableFuture.completedFuture(null));
    return done.handle((x, failure) -> failure).thenCompose(failure -> on.close().thenCompose(
        x -> failure == null ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(failure)));
  }
}
