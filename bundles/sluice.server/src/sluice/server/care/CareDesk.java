package sluice.server.care;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import sluice.api.block.IoError;
import sluice.core.catalog.CatalogView;
import sluice.core.layout.LayoutTail;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Applied;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ChangePlan;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.ResizeVolume;
import sluice.protocol.v1.TakeSnapshot;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;
import sluice.server.changes.CatalogFollower;
import sluice.server.disks.DiskListener;
import sluice.server.status.ServerSnapshot;
import sluice.server.volumes.ServedVolume;

/**
 * The cares of all volumes that have copies, or are about to get one: tells each what concerns it. On the control thread.
 */
public final class CareDesk implements CatalogFollower.Follower, DiskListener, ServedVolume.Listener {
  /** The sessions, as the cares need them. */
  public interface Hosts {
    /** Over all the host's networks; nothing is sent to a host without a session. */
    void order(String hostId, Order order);

    /** Hosts that have been told of, with their incarnations. */
    void online(BiConsumer<String, Long> each);
  }

  private record Told(Volume volume, Pool pool, List<Task> tasks) {}

  private final CareWorld world;
  private final Map<String, Cared> cares = new TreeMap<>();
  private final Map<String, Set<String>> byHost = new HashMap<>();
  /** Volumes that are about to be deleted: nobody cares for them. */
  private final Set<String> ending = new HashSet<>();
  private Hosts hosts;

  public CareDesk(CareWorld world) {
    this.world = world;
    world.disks().doubtful(this::doubtfulDisks);
  }

  /** Before the follower starts. */
  public void start(Hosts sessions) {
    hosts = sessions;
  }

  // ---- following the catalog

  @Override
  public void reload() {
    Set<String> known = new HashSet<>();
    for (Volume v : world.engine().read(CatalogView::volumes)) {
      if (!needsCare(v) && !cares.containsKey(v.getId())) continue;
      known.add(v.getId());
      refresh(v.getId());
    }
    for (String id : List.copyOf(cares.keySet())) if (!known.contains(id)) forget(id);
  }

  @Override
  public void changed(CatalogDelta delta) {
    Set<String> concerned = new LinkedHashSet<>();
    Set<String> space = new HashSet<>();
    for (ObjectChange change : delta.getChangesList()) {
      switch (change.getObjectCase()) {
        case VOLUME -> {
          Volume v = change.getVolume();
          if (cares.containsKey(v.getId()) || needsCare(v)) concerned.add(v.getId());
        }
        case TASK -> {
          cares.forEach((id, c) -> {
            if (belongs(change.getTask(), c.volume())) concerned.add(id);
          });
          if (cares.containsKey(change.getTask().getVolumeId())) concerned.add(change.getTask().getVolumeId());
        }
        case POOL -> {
          space.add(change.getPool().getId());
          cares.forEach((id, c) -> {
            if (c.volume().getPoolId().equals(change.getPool().getId())) concerned.add(id);
          });
        }
        case DISK -> {
          space.add(change.getDisk().getPoolId());
          tell(change.getDisk());
        }
        case REMOVED -> {
          RemovedObject gone = change.getRemoved();
          if (gone.getKind() == RemovedObject.Kind.VOLUME) forget(gone.getId());
          space.add(gone.getPoolId());
        }
        default -> {}
      }
    }
    concerned.forEach(this::refresh);
    for (Cared c : all()) if (space.contains(c.volume().getPoolId())) c.care.spaceChanged();
  }

  /**
   * Volumes with copies; those that several hosts hold, since the lease of a host must not be renewed under an old layout; and those
   * that have space past their end to free.
   */
  private boolean needsCare(Volume v) {
    if (v.getLayout().getLegsCount() > 0 || v.getShared() && v.getAttachmentsCount() > 0) return true;
    return world.engine().read(view -> view.pool(v.getPoolId())).map(p -> LayoutTail.has(v, p.getUnitBytes())).orElse(false);
  }

  /** Is it on the task's behalf that a leg of the volume is to replace another? */
  private static boolean belongs(Task task, Volume volume) {
    int leg = LegExtents.replacing(volume.getLayout());
    return leg >= 0 && volume.getLayout().getLegs(leg).getTaskId().equals(task.getId());
  }

  private Collection<Cared> all() {
    return new ArrayList<>(cares.values());
  }

  /** Tells the newest, of all of it at once: the catalog may be ahead of the delta. */
  private void refresh(String id) {
    if (ending.contains(id)) return;
    Told told = world.engine().read(v -> v.volume(id).map(volume -> new Told(volume, v.pool(volume.getPoolId()).orElse(Pool.getDefaultInstance()),
        v.tasks().stream().filter(t -> t.getVolumeId().equals(id) || belongs(t, volume)).toList())).orElse(null));
    // That it is gone comes with its own delta.
    if (told == null) return;
    Cared cared = cares.get(id);
    if (cared == null) cared = begin(told.volume);
    Set<String> before = Set.copyOf(cared.hosts());
    cared.changed(told.volume, told.pool, told.tasks);
    index(id, before, cared.hosts());
  }

  private Cared begin(Volume volume) {
    Cared cared = new Cared(world, hosts, volume);
    cares.put(volume.getId(), cared);
    for (Disk d : world.engine().read(v -> v.disksOfPool(volume.getPoolId()))) {
      DiskStatus status = world.disks().status(d.getId());
      if (status != null) cared.disk(status);
    }
    hosts.online(cared.care::hostOnline);
    return cared;
  }

  private void index(String volume, Set<String> before, Set<String> now) {
    for (String host : before) if (!now.contains(host)) byHost.getOrDefault(host, new HashSet<>()).remove(volume);
    for (String host : now) byHost.computeIfAbsent(host, h -> new LinkedHashSet<>()).add(volume);
    byHost.values().removeIf(Set::isEmpty);
  }

  private Cared forget(String id) {
    ending.remove(id);
    Cared gone = cares.remove(id);
    if (gone == null) return null;
    index(id, gone.hosts(), Set.of());
    gone.end();
    return gone;
  }

  // ---- disks

  private void tell(Disk disk) {
    DiskStatus status = world.disks().status(disk.getId());
    if (status != null) diskChanged(disk, status, false);
  }

  @Override
  public void diskChanged(Disk disk, DiskStatus status, boolean stateChanged) {
    for (Cared c : all()) {
      if (!c.volume().getPoolId().equals(disk.getPoolId())) continue;
      c.disk(status);
      ServedVolume served = world.served().get(c.volume().getId());
      if (served != null && status.getState() == DiskStatus.State.ONLINE) served.poke();
    }
  }

  @Override
  public void legFailed(String volumeId, String legId, String diskId, int error) {
    // A way that is gone says nothing of the disk: it is as good as any other when it is back.
    if (error == IoError.ENXIO || error == IoError.ESHUTDOWN) world.disks().suspect(diskId);
    else world.disks().failed(diskId, IoError.text(error));
    Cared cared = cares.get(volumeId);
    if (cared != null) cared.care.legFailed(legId, "disk " + diskId + ": " + IoError.text(error));
  }

  @Override
  public void ghosts(String volumeId, Set<String> disks) {
    Cared cared = cares.get(volumeId);
    if (cared != null) cared.ghosts(disks);
  }

  private Map<String, String> doubtfulDisks() {
    Map<String, String> reasons = new TreeMap<>();
    for (Cared c : cares.values()) {
      for (String id : c.care.facts().doubtfulDisks()) reasons.put(id, "a host has writes in doubt there");
      for (String id : c.ghosts()) reasons.put(id, "writes that the server gave up are still under way there");
    }
    return reasons;
  }

  // ---- hosts

  private void each(String host, Consumer<Cared> what) {
    for (String id : List.copyOf(byHost.getOrDefault(host, Set.of()))) {
      Cared c = cares.get(id);
      if (c != null) what.accept(c);
    }
  }

  /** It has a session; its Welcome is out. Those that do not hold a volume yet may do so later. */
  public void hostOnline(String host, long incarnation) {
    for (Cared c : all()) c.care.hostOnline(host, incarnation);
  }

  public void hostOffline(String host) {
    for (Cared c : all()) c.care.hostOffline(host);
  }

  /** Its lease and the margin have run out. */
  public void leaseOver(String host) {
    each(host, c -> c.care.leaseOver(host));
  }

  /** Whether the host's lease may be renewed. */
  public boolean renews(String host) {
    for (String id : byHost.getOrDefault(host, Set.of())) {
      Cared c = cares.get(id);
      if (c != null && !c.care.renews(host)) return false;
    }
    return true;
  }

  /** What a host that holds the volume says of it. */
  public void heard(String host, long incarnation, VolumeStatus status) {
    Cared cared = cares.get(status.getVolumeId());
    // It stands still for a change that an earlier run of this server had begun, of a volume that nobody cares for now.
    if (cared == null && status.getQuiesced() && status.getOrderRun() != 0) {
      cared = begun(status.getVolumeId());
    }
    if (cared != null) cared.heard(host, incarnation, status);
  }

  /** The host's newest order; null: there is none. */
  public Order order(String volumeId, String host) {
    Cared cared = cares.get(volumeId);
    return cared == null ? null : cared.care.order(host);
  }

  /** Before the host's attachment is released, once it is fenced. @param answer "": it may be; otherwise why not yet */
  public void release(String volumeId, String host, Consumer<String> answer) {
    Cared cared = cares.get(volumeId);
    if (cared == null) answer.accept("");
    else cared.care.release(host, answer::accept);
  }

  // ---- administrators

  /** The volume may have one leg only. Answered when the hosts go on under the new layout. */
  public void addLeg(Actor asker, String volumeId, String newLegId, Consumer<CommandResult> answer) {
    if (begun(volumeId) == null) {
      answer.accept(CareRefusals.noVolume(volumeId));
      return;
    }
    world.askers().put(newLegId, asker);
    cares.get(volumeId).care.addLeg(newLegId, result -> {
      world.askers().remove(newLegId);
      answer.accept(result);
    });
  }

  /** With its care, that is there from now on; null: there is no such volume, or it is being deleted. */
  private Cared begun(String volumeId) {
    if (cares.containsKey(volumeId)) return cares.get(volumeId);
    Volume volume = world.engine().read(v -> v.volume(volumeId)).orElse(null);
    if (volume == null || ending.contains(volumeId)) return null;
    begin(volume);
    refresh(volumeId);
    return cares.get(volumeId);
  }

  /**
   * Larger or smaller, whoever holds it. What the catalog would refuse is refused before anybody is recalled. Answered when the hosts
   * go on under the new layout.
   */
  public void resize(Actor asker, String volumeId, long sizeBytes, String confirmName, Consumer<CommandResult> answer) {
    ResizeVolume resize = ResizeVolume.newBuilder().setVolumeId(volumeId).setSizeBytes(sizeBytes).setConfirmName(confirmName)
        .addAllAvoid(world.disks().avoid()).build();
    ChangePlan plan = world.engine().read(v -> v.planChange(List.of(Change.newBuilder().setResizeVolume(resize).build()), asker));
    if (plan.hasProblem()) {
      answer.accept(CommandResult.newBuilder().setProblem(plan.getProblem().toBuilder().addAllCandidates(plan.getCandidatesList())).build());
      return;
    }
    if (plan.getVolumesCount() == 0) {
      answer.accept(CommandResult.newBuilder().setRevision(plan.getRevision()).setApplied(Applied.newBuilder().addObjects(volumeId)).build());
      return;
    }
    Cared cared = begun(volumeId);
    if (cared == null) {
      answer.accept(CareRefusals.noVolume(volumeId));
      return;
    }
    world.askers().put(CareWorld.sizeOf(volumeId), asker);
    cared.care.resize(sizeBytes, confirmName, result -> {
      world.askers().remove(CareWorld.sizeOf(volumeId));
      answer.accept(named(result));
    });
  }

  /** The care knows ids; people know names. */
  private CommandResult named(CommandResult result) {
    if (!result.hasProblem()) return result;
    String why = result.getProblem().getWhy();
    for (Host h : world.engine().read(CatalogView::hosts)) why = why.replace(h.getId(), h.getName());
    return result.toBuilder().setProblem(result.getProblem().toBuilder().setWhy(why)).build();
  }

  /** What is to be moved of the volume, which may have one leg only; null: nothing. */
  public void move(String volumeId, MoveLeg move) {
    Cared cared = cares.get(volumeId);
    if (cared == null) {
      Volume volume = world.engine().read(v -> v.volume(volumeId)).orElse(null);
      if (move == null || volume == null || ending.contains(volumeId)) return;
      begin(volume);
      refresh(volumeId);
      cared = cares.get(volumeId);
    }
    cared.care.move(move);
  }

  /** Why the volume's care does not go on, for people; empty: it does, or nobody cares for it. */
  public String waitsFor(String volumeId) {
    Cared cared = cares.get(volumeId);
    return cared == null ? "" : cared.care.waitsFor();
  }

  /** How the cares' parts of snapshots come together. */
  public interface Snapshots {
    /** The volume stands still. @param part of it alone */
    void arrive(TakeSnapshot part, Consumer<CommandResult> answer);
  }

  /** Before the first volume. */
  public void snapshots(Snapshots to) {
    world.snapshots().set(to);
  }

  /** The volume may have one leg only. Its part arrives when everybody stands still; answered when the hosts go on, or why not. */
  public void snapshot(String volumeId, String groupId, Consumer<CommandResult> answer) {
    Cared cared = begun(volumeId);
    if (cared == null) answer.accept(CareRefusals.noVolume(volumeId));
    else cared.care.snapshot(groupId, answer);
  }

  public void dropLeg(Actor asker, String volumeId, String legId, Consumer<CommandResult> answer) {
    Cared cared = cares.get(volumeId);
    if (cared == null) {
      answer.accept(world.engine().read(v -> v.volume(volumeId)).isEmpty() ? CareRefusals.noVolume(volumeId) : CareRefusals.oneLeg(volumeId, "dropped"));
      return;
    }
    world.askers().put(legId, asker);
    cared.care.dropLeg(legId, result -> {
      world.askers().remove(legId);
      answer.accept(result);
    });
  }

  public void recover(String volumeId, Consumer<CommandResult> answer) {
    Cared cared = cares.get(volumeId);
    if (cared != null) cared.care.recover(answer);
    else answer.accept(world.engine().read(v -> v.volume(volumeId)).isEmpty() ? CareRefusals.noVolume(volumeId) : CareRefusals.oneLeg(volumeId, "recovered"));
  }

  /**
   * The volume is about to be deleted: nothing of the server's is under way on its space any more when the stage completes,
   * so that another volume may have it.
   */
  public CompletionStage<Void> end(String volumeId) {
    forget(volumeId);
    ending.add(volumeId);
    return world.served().close(volumeId);
  }

  /** It was not deleted after all. */
  public void goOn(String volumeId) {
    if (!ending.remove(volumeId)) return;
    if (world.engine().read(v -> v.volume(volumeId)).map(this::needsCare).orElse(false)) refresh(volumeId);
  }

  /** All volumes that are cared for, with how they are. */
  public List<CaredVolume> volumes() {
    List<CaredVolume> list = new ArrayList<>();
    for (Cared c : cares.values()) list.add(new CaredVolume(c.volume(), c.care.facts()));
    return list;
  }

  /** How many legs the volumes have. */
  public List<ServerSnapshot.VolumeLegs> legs() {
    List<ServerSnapshot.VolumeLegs> list = new ArrayList<>();
    for (Cared c : cares.values()) {
      if (c.volume().getLayout().getLegsCount() == 0) continue;
      list.add(new ServerSnapshot.VolumeLegs(c.volume().getId(), LegExtents.copies(c.volume()), LegExtents.good(c.volume())));
    }
    return list;
  }
}
