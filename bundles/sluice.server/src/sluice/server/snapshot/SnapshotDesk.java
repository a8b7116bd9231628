package sluice.server.snapshot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.core.snapshot.AreaSizes;
import sluice.protocol.Problems;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.AddSnapshotArea;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.DeleteSnapshot;
import sluice.protocol.v1.DropSnapshotAreas;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.SnapshotMember;
import sluice.protocol.v1.SnapshotVolumes;
import sluice.protocol.v1.TakeSnapshot;
import sluice.protocol.v1.Volume;
import sluice.server.ControlThread;
import sluice.server.care.CareDesk;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.Changes;
import sluice.server.disks.ServerDisks;
import sluice.server.volumes.ServedVolume;
import sluice.server.volumes.ServedVolumes;

/**
 * Takes snapshots, and gives what is preserved room: more areas before it runs out; the oldest snapshot given up where its policy says
 * so and there is no more; the areas freed when the last snapshot is deleted, also after a restart in between. On the control thread.
 */
public final class SnapshotDesk implements CatalogFollower.Follower, ServedVolume.RoomFinder {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotDesk.class);
  private static final long AGAIN_MS = 2_000;
  private static final long LOOK_MS = 5_000;

  private final ControlThread control;
  private final CatalogEngine engine;
  private final Changes changes;
  private final ServerDisks disks;
  private final ServedVolumes served;
  private final CareDesk cares;
  /** By group. */
  private final Map<String, Barrier> barriers = new HashMap<>();
  private final Set<String> growing = new HashSet<>();
  private final Set<String> freeing = new HashSet<>();
  /** By volume. */
  private final Map<String, Shortage> full = new TreeMap<>();
  /** Slots' bytes, and how many of them are free, by volume; as of the last look. */
  private final Map<String, Space> spaces = new ConcurrentHashMap<>();

  public SnapshotDesk(ControlThread control, CatalogEngine engine, Changes changes, ServerDisks disks, ServedVolumes served, CareDesk cares) {
    this.control = control;
    this.engine = engine;
    this.changes = changes;
    this.disks = disks;
    this.served = served;
    this.cares = cares;
  }

  /** Before the follower starts. */
  public void start() {
    served.snapshots(id -> engine.read(v -> v.volume(id)).orElse(null), this);
    cares.snapshots(this::arrive);
    control.every(LOOK_MS, this::look);
  }

  // ---- taking one

  /** @param answer when the hosts of all volumes go on, or why it was not taken */
  public CompletionStage<CommandResult> take(Actor actor, String requestId, SnapshotVolumes call) {
    String group = requestId.isEmpty() ? UUID.randomUUID().toString()
        : UUID.nameUUIDFromBytes(("snapshot " + actor.getName() + " " + requestId).getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString();
    TakeSnapshot.Builder take = TakeSnapshot.newBuilder().setGroupId(group).setName(call.getName())
        .setWhenFull(call.getWhenFull() == Snapshot.WhenFull.WHEN_FULL_UNSPECIFIED ? Snapshot.WhenFull.WAIT : call.getWhenFull());
    for (String id : call.getVolumeIdsList()) {
      Volume volume = engine.read(v -> v.volume(id)).orElse(null);
      long chunk = call.getChunkBytes() != 0 ? call.getChunkBytes() : AreaSizes.MIN_CHUNK;
      long bytes = volume == null || !AreaSizes.isChunk(chunk) ? 0 : AreaSizes.next(volume.getSizeBytes(), chunk, 0, call.getLimitBytes());
      take.addMembers(SnapshotMember.newBuilder().setVolumeId(id).setChunkBytes(call.getChunkBytes()).setLimitBytes(call.getLimitBytes())
          .setAreaVolumeId(UUID.randomUUID().toString()).setAreaBytes(bytes));
    }
    // What is wrong with it however long one waits is said before any host stands still.
    Problem wrong = wrong(take.build());
    if (wrong != null) return CompletableFuture.completedStage(refused(wrong));
    Barrier barrier = new Barrier(take.build(), this::settle, t -> changes.submit(actor, group, Change.newBuilder().setTakeSnapshot(t).build())
        .thenApplyAsync(Changes.Outcome::result, control), Problems::of);
    barriers.put(group, barrier);
    CompletableFuture<CommandResult> all = new CompletableFuture<>();
    List<CommandResult> answers = new ArrayList<>();
    for (SnapshotMember member : take.getMembersList()) {
      cares.snapshot(member.getVolumeId(), group, result -> {
        answers.add(result);
        if (result.hasProblem()) barrier.fail(result.getProblem());
        if (answers.size() < take.getMembersCount()) return;
        barriers.remove(group);
        all.complete(answers.stream().filter(CommandResult::hasProblem).findFirst().orElse(result));
      });
    }
    return all;
  }

  private Problem wrong(TakeSnapshot take) {
    if (take.getMembersCount() == 0) return problem(Problem.Code.INVALID_ARGUMENT, "no volume is named", "name at least one volume", "");
    for (Volume v : engine.read(CatalogView::volumes)) {
      for (Snapshot s : v.getSnapshotsList()) {
        if (s.getName().equals(take.getName())) {
          return problem(Problem.Code.ALREADY_EXISTS, "there is one of that name, of volume " + v.getName(), "choose another name, or delete it first", v.getId());
        }
      }
    }
    Set<String> seen = new HashSet<>();
    for (SnapshotMember m : take.getMembersList()) {
      if (!seen.add(m.getVolumeId())) return problem(Problem.Code.INVALID_ARGUMENT, "a volume is named twice", "name each volume once", m.getVolumeId());
      if (engine.read(v -> v.volume(m.getVolumeId())).isEmpty()) {
        return problem(Problem.Code.NOT_FOUND, "there is no volume " + m.getVolumeId(), "list what there is with: sluice volume list", m.getVolumeId());
      }
    }
    return null;
  }

  private static Problem problem(Problem.Code code, String why, String correction, String object) {
    return Problem.newBuilder().setCode(code).setWhat("the snapshot cannot be taken").setWhy(why).setCorrection(correction).addObjects(object).build();
  }

  private static CommandResult refused(Problem problem) {
    return CommandResult.newBuilder().setProblem(problem).build();
  }

  private void arrive(TakeSnapshot part, Consumer<CommandResult> answer) {
    Barrier barrier = barriers.get(part.getGroupId());
    if (barrier != null) barrier.arrive(part.getMembers(0), answer);
    else answer.accept(refused(problem(Problem.Code.CONFLICT, "nobody waits for it any more", "ask again", part.getMembers(0).getVolumeId())));
  }

  private void settle(String volumeId, Consumer<String> answer) {
    ServedVolume volume = served.get(volumeId);
    if (volume == null) answer.accept("the server cannot reach it");
    else volume.settle(answer);
  }

  // ---- following the catalog

  @Override
  public void reload() {
    for (Volume v : engine.read(CatalogView::volumes)) volumeChanged(v);
  }

  @Override
  public void changed(CatalogDelta delta) {
    for (ObjectChange change : delta.getChangesList()) {
      if (change.hasVolume()) engine.read(v -> v.volume(change.getVolume().getId())).ifPresent(this::volumeChanged);
      else if (change.hasRemoved()) full.remove(change.getRemoved().getId());
    }
  }

  private void volumeChanged(Volume volume) {
    if (volume.getSnapshotsCount() == 0 && volume.getSnapshotAreaIdsCount() == 0) return;
    served.preserve(volume.getId());
    if (volume.getSnapshotsCount() == 0) {
      full.remove(volume.getId());
      free(volume);
    }
  }

  // ---- room

  @Override
  public void roomWanted(String volumeId, int slots, int free, int waiting) {
    if (growing.contains(volumeId) || full.containsKey(volumeId) && waiting == 0) return;
    Volume volume = engine.read(v -> v.volume(volumeId)).orElse(null);
    if (volume == null || volume.getSnapshotsCount() == 0) return;
    long areas = 0;
    for (String id : volume.getSnapshotAreaIdsList()) areas += engine.read(v -> v.volume(id)).map(Volume::getSizeBytes).orElse(0L);
    long next = AreaSizes.next(volume.getSizeBytes(), volume.getChunkBytes(), areas, volume.getSnapshotLimitBytes());
    growing.add(volumeId);
    if (next == 0) {
      noRoom(volume, "its snapshots have all the space that their limit allows", waiting);
      return;
    }
    Change change = Change.newBuilder().setAddSnapshotArea(AddSnapshotArea.newBuilder().setVolumeId(volumeId)
        .setAreaVolumeId(UUID.randomUUID().toString()).setSizeBytes(next).addAllAvoid(disks.avoid())).build();
    submit(change).whenCompleteAsync((result, failure) -> {
      if (failure == null && !result.hasProblem()) {
        growing.remove(volumeId);
        full.remove(volumeId);
      } else noRoom(volume, failure == null ? result.getProblem().getWhat() + ": " + result.getProblem().getWhy() : failure.toString(), waiting);
    }, control);
  }

  private void noRoom(Volume volume, String why, int waiting) {
    if (full.put(volume.getId(), new Shortage(why, waiting > 0)) == null) LOG.warn("volume {}: no more room for its snapshots: {}", volume.getName(), why);
    Snapshot oldest = volume.getSnapshots(0);
    CompletionStage<?> done = CompletableFuture.completedStage(null);
    if (waiting > 0 && oldest.getWhenFull() == Snapshot.WhenFull.GIVE_UP) {
      done = submit(Change.newBuilder().setDeleteSnapshot(DeleteSnapshot.newBuilder().setGroupId(oldest.getGroupId()).setVolumeId(volume.getId())
          .setReason("there is no more room for what it needs: " + why)).build());
    }
    // Whoever waits asks again by itself only when it has found something to do.
    done.whenCompleteAsync((x, failure) -> control.after(AGAIN_MS, () -> again(volume.getId())), control);
  }

  private void again(String volumeId) {
    growing.remove(volumeId);
    ServedVolume volume = served.get(volumeId);
    if (volume == null) {
      full.remove(volumeId);
      return;
    }
    volume.ask(p -> {
      int[] room = new int[3];
      p.room((slots, free) -> {
        room[0] = slots;
        room[1] = free;
      });
      room[2] = p.waiting();
      return room;
    }).thenAccept(room -> {
      if (room == null || room[0] == 0 || room[1] >= room[0] / 4) full.remove(volumeId);
      else roomWanted(volumeId, room[0], room[1], room[1] == 0 ? room[2] : 0);
    });
  }

  /** By the volume's id; those whose snapshots can get more space, or need none, are left out. */
  public Map<String, Shortage> full() {
    return Map.copyOf(full);
  }

  /** What a volume's snapshots have. @param bytes for chunks; @param free of them */
  public record Space(long bytes, long free) {}

  /** Any thread: as of the last look; nothing of a volume without snapshots. */
  public Space space(String volumeId) {
    return spaces.getOrDefault(volumeId, new Space(0, 0));
  }

  private void look() {
    for (Volume v : engine.read(CatalogView::volumes)) {
      ServedVolume there = v.getSnapshotsCount() == 0 ? null : served.get(v.getId());
      if (there == null) spaces.remove(v.getId());
      else {
        there.ask(p -> {
          Space[] found = new Space[1];
          p.room((slots, free) -> found[0] = new Space(slots * v.getChunkBytes(), free * v.getChunkBytes()));
          return found[0];
        }).thenAccept(found -> {
          if (found != null) spaces.put(v.getId(), found);
        });
      }
    }
    spaces.keySet().removeIf(id -> engine.read(v -> v.volume(id)).isEmpty());
  }

  /** What the server has under way on the areas ends first, since others may have the space as soon as the catalog has freed it. */
  private void free(Volume volume) {
    String id = volume.getId();
    if (!freeing.add(id)) return;
    ServedVolume there = served.get(id);
    CompletionStage<Void> dropped = there == null ? CompletableFuture.completedStage(null) : there.dropAreas();
    List<String> areas = List.copyOf(volume.getSnapshotAreaIdsList());
    dropped.thenComposeAsync(x -> {
      CompletableFuture<?>[] ended = areas.stream().map(a -> cares.end(a).toCompletableFuture()).toArray(CompletableFuture[]::new);
      return CompletableFuture.allOf(ended);
    }, control).thenComposeAsync(x -> submit(Change.newBuilder().setDropSnapshotAreas(DropSnapshotAreas.newBuilder().setVolumeId(id)).build()), control)
        .whenCompleteAsync((result, failure) -> {
          freeing.remove(id);
          areas.forEach(cares::goOn);
          if (failure == null && !result.hasProblem()) return;
          // Another snapshot may have been taken meanwhile: then it has the areas.
          served.preserve(id);
          control.after(AGAIN_MS, () -> engine.read(v -> v.volume(id)).filter(v -> v.getSnapshotsCount() == 0 && v.getSnapshotAreaIdsCount() > 0)
              .ifPresent(this::free));
        }, control);
  }

  private CompletionStage<CommandResult> submit(Change change) {
    return changes.submit(Changes.SERVER, "snapshots-" + UUID.randomUUID(), change).thenApply(Changes.Outcome::result);
  }
}
