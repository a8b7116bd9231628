package sluice.server.volumes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoLoop;
import sluice.core.layout.LayoutMapping;
import sluice.io.IoLoops;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.Volume;
import sluice.server.disks.ServerDisks;
import sluice.volume.snapshot.SnapshotPlan;

/**
 * The volumes that the server itself uses: those that hosts have, and all that have copies, since their care needs them
 * also while nobody holds them. On the control thread.
 */
public final class ServedVolumes {
  private final Executor control;
  private final IoLoops loops;
  private final ServerDisks disks;
  private final long run;
  private final Map<String, ServedVolume> volumes = new HashMap<>();
  /** Devices of volumes that are closing. */
  private final Map<String, CompletableFuture<Void>> closing = new HashMap<>();
  private final Map<IoLoop, CopyRoom> rooms = new HashMap<>();
  private ServedVolume.Listener listener;
  private ServedVolume.RoomFinder finder = (volume, slots, free, waiting) -> {};
  /** Null: there is no such volume. */
  private Function<String, Volume> catalog = id -> null;

  /** @param run of the server: the incarnation under which it writes its own intents */
  public ServedVolumes(Executor control, IoLoops loops, ServerDisks disks, long run) {
    this.control = control;
    this.loops = loops;
    this.disks = disks;
    this.run = run;
  }

  /** Before the first volume. */
  public void tell(ServedVolume.Listener to) {
    listener = to;
  }

  /** Before the first volume that has snapshots. @param known a volume by its id, null if there is none */
  public void snapshots(Function<String, Volume> known, ServedVolume.RoomFinder rooms) {
    catalog = known;
    finder = rooms;
  }

  /** What the catalog says of its snapshots may have changed, while its layout may be the same. Only the newest that it says counts. */
  public void preserve(String volumeId) {
    ServedVolume there = volumes.get(volumeId);
    Volume volume = catalog.apply(volumeId);
    if (there != null && volume != null) there.snapshots(plan(volume, there.loop()));
  }

  private SnapshotPlan plan(Volume volume, IoLoop loop) {
    List<SnapshotPlan.AreaDevice> areas = new ArrayList<>();
    boolean complete = true;
    for (String id : volume.getSnapshotAreaIdsList()) {
      Volume area = catalog.apply(id);
      BlockDevice device = area == null ? null : device(area, loop);
      if (device == null) complete = false;
      else areas.add(new SnapshotPlan.AreaDevice(id, device));
    }
    long[] numbers = volume.getSnapshotsList().stream().mapToLong(Snapshot::getNumber).toArray();
    return new SnapshotPlan(numbers, volume.getChunkBytes(), areas, complete);
  }

  /** Makes it if it is not there. Null if a disk that it needs is not in the catalog. */
  public ServedVolume of(Volume volume) {
    ServedVolume there = volumes.get(volume.getId());
    if (there != null) return there;
    for (String disk : LayoutMapping.layout(volume).disks()) if (!disks.knows(disk)) return null;
    IoLoop loop = loops.next();
    ServedVolume made = new ServedVolume(control, loop, volume, id -> disks.port(id, loop), run,
        rooms.computeIfAbsent(loop, l -> new CopyRoom()), listener, finder, closing.getOrDefault(volume.getId(), CompletableFuture.completedFuture(null)));
    volumes.put(volume.getId(), made);
    preserve(volume.getId());
    return made;
  }

  /** Null if it is not there. */
  public ServedVolume get(String volumeId) {
    return volumes.get(volumeId);
  }

  /**
   * Whether the server's own I/O is under the size that the catalog has: a host that knows of the change already might otherwise be
   * told that what it sends lies past the end.
   */
  boolean sized(Volume volume) {
    ServedVolume there = volumes.get(volume.getId());
    return there == null || there.size() == (volume.getSizeBytes() & -4096);
  }

  /** The volume for use on a loop; null if a disk that it needs is not in the catalog. */
  BlockDevice device(Volume volume, IoLoop on) {
    ServedVolume served = of(volume);
    return served == null ? null : served.device(on);
  }

  /** Nobody holds the volume any more: without copies to care for, or snapshots, it goes when its last request has. */
  void dropUnheld(Volume volume) {
    boolean wanted = volume.getSnapshotsCount() > 0 || volume.getSnapshotAreaIdsCount() > 0 || !volume.getAreaOfVolumeId().isEmpty();
    if (volume.getLayout().getLegsCount() == 0 && !wanted) close(volume.getId());
  }

  /** The stage completes when nothing of it is under way; at once if it is not there. */
  public CompletionStage<Void> close(String volumeId) {
    ServedVolume gone = volumes.remove(volumeId);
    CompletableFuture<Void> before = closing.get(volumeId);
    if (gone == null) return before == null ? CompletableFuture.completedFuture(null) : before;
    CompletableFuture<Void> done = gone.close().toCompletableFuture();
    if (before != null) done = CompletableFuture.allOf(before, done);
    CompletableFuture<Void> last = done;
    closing.put(volumeId, last);
    last.whenCompleteAsync((x, failure) -> closing.remove(volumeId, last), control);
    return last;
  }

  /** Of the server's end: all of them. */
  public CompletionStage<Void> closeAll() {
    List.copyOf(volumes.keySet()).forEach(this::close);
    return CompletableFuture.allOf(closing.values().toArray(CompletableFuture[]::new));
  }
}
