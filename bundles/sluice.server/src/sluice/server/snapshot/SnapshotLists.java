package sluice.server.snapshot;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.protocol.v1.ChangedRange;
import sluice.protocol.v1.DiffSnapshots;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.SnapshotDiff;
import sluice.protocol.v1.SnapshotUsage;
import sluice.protocol.v1.SnapshotUse;
import sluice.protocol.v1.SnapshotUses;
import sluice.protocol.v1.Volume;
import sluice.server.volumes.ServedVolume;
import sluice.server.volumes.ServedVolumes;

/** What has changed between snapshots, and what they take. On the control thread. */
public final class SnapshotLists {
  private static final int RANGES = 8192;

  private final CatalogEngine engine;
  private final ServedVolumes served;

  public SnapshotLists(CatalogEngine engine, ServedVolumes served) {
    this.engine = engine;
    this.served = served;
  }

  public CompletionStage<Reply.Builder> diff(DiffSnapshots call) {
    Volume volume = volume(call.getVolumeId());
    Snapshot from = snapshot(volume, call.getFromNumber());
    if (call.getToNumber() != 0) snapshot(volume, call.getToNumber());
    if (call.getToNumber() != 0 && call.getToNumber() < call.getFromNumber()) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "what changed cannot be told", "the second snapshot is older than the first",
          "name the older one first", volume.getId());
    }
    long chunk = volume.getChunkBytes();
    long bytes = call.getToNumber() == 0 ? volume.getSizeBytes() : snapshot(volume, call.getToNumber()).getSizeBytes();
    // What the volume has grown by is new, written or not.
    int end = (int) (bytes > from.getSizeBytes() ? from.getSizeBytes() / chunk : (bytes + chunk - 1) / chunk);
    int first = (int) Math.min(Math.max(0, call.getStartBytes()) / chunk, end);
    return asked(volume, p -> {
      SnapshotDiff.Builder diff = SnapshotDiff.newBuilder().setChunkBytes(chunk);
      int next = p.changed(call.getFromNumber(), call.getToNumber(), first, end, 2 * RANGES, (a, b, is) -> {
        if (is) diff.addRanges(ChangedRange.newBuilder().setStartBytes(a * chunk).setLengthBytes(Math.min(b * chunk, bytes) - a * chunk));
      });
      if (next < end) diff.setNextBytes(next * chunk);
      else if (end * chunk < bytes) diff.addRanges(ChangedRange.newBuilder().setStartBytes(end * chunk).setLengthBytes(bytes - end * chunk));
      return Reply.newBuilder().setSnapshotDiff(diff);
    });
  }

  public CompletionStage<Reply.Builder> usage(SnapshotUsage call) {
    Volume volume = volume(call.getVolumeId());
    if (volume.getSnapshotsCount() == 0) return CompletableFuture.completedStage(Reply.newBuilder().setSnapshotUses(SnapshotUses.getDefaultInstance()));
    long chunk = volume.getChunkBytes();
    return asked(volume, p -> {
      SnapshotUses.Builder uses = SnapshotUses.newBuilder();
      p.room((slots, free) -> uses.setTotalBytes(slots * chunk).setFreeBytes(free * chunk));
      for (Snapshot s : volume.getSnapshotsList()) {
        uses.addSnapshots(SnapshotUse.newBuilder().setNumber(s.getNumber()).setKeptBytes(p.kept(s.getNumber()) * chunk));
      }
      return Reply.newBuilder().setSnapshotUses(uses);
    });
  }

  private CompletionStage<Reply.Builder> asked(Volume volume, java.util.function.Function<sluice.volume.snapshot.Preserver, Reply.Builder> question) {
    ServedVolume there = served.of(volume);
    if (there == null) throw notYet(volume, "a disk of the volume is missing");
    return there.ask(question).thenApply(reply -> {
      if (reply == null) throw notYet(volume, "the map of what is preserved is still being read");
      return reply;
    });
  }

  private static SluiceException notYet(Volume volume, String why) {
    return new SluiceException(ErrorCode.UNAVAILABLE, "the snapshots of volume " + volume.getName() + " cannot be asked now", why,
        "see to the pool's disks, then ask again", volume.getId());
  }

  private Volume volume(String id) {
    return engine.read(v -> v.volume(id)).orElseThrow(() -> new SluiceException(ErrorCode.NOT_FOUND, "there is no volume " + id, "",
        "list what there is with: sluice volume list", id));
  }

  private static Snapshot snapshot(Volume volume, long number) {
    for (Snapshot s : volume.getSnapshotsList()) if (s.getNumber() == number) return s;
    throw new SluiceException(ErrorCode.NOT_FOUND, "volume " + volume.getName() + " has no snapshot " + number, "it may have been deleted",
        "list what there is with: sluice snapshot list", volume.getId());
  }
}
