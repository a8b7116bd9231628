package sluice.core.catalog;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import sluice.core.space.DiskSpace;
import sluice.core.space.PoolSpace;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.AuditEntry;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ChangePlan;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.MovePlan;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolMetadata;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumePlan;

/** The catalog's own view of itself. */
final class InventoryView implements CatalogView {
  private final Catalog catalog;
  private final Inventory inventory;

  InventoryView(Catalog catalog) {
    this.catalog = catalog;
    inventory = catalog.inventory;
  }

  @Override
  public long revision() {
    return catalog.revision();
  }

  @Override
  public Optional<Cluster> cluster() {
    return Optional.ofNullable(inventory.cluster());
  }

  @Override
  public List<User> users() {
    return List.copyOf(inventory.users.all());
  }

  @Override
  public Optional<User> user(String name) {
    return Optional.ofNullable(inventory.users.get(name));
  }

  @Override
  public Optional<User> userByCertificate(String sha256) {
    return Optional.ofNullable(inventory.userByCertificate(sha256));
  }

  @Override
  public List<JoinToken> tokens() {
    return List.copyOf(inventory.tokens.all());
  }

  @Override
  public Optional<JoinToken> token(String id) {
    return Optional.ofNullable(inventory.tokens.get(id));
  }

  @Override
  public List<Host> hosts() {
    return List.copyOf(inventory.hosts.all());
  }

  @Override
  public Optional<Host> host(String id) {
    return Optional.ofNullable(inventory.hosts.get(id));
  }

  @Override
  public Optional<Host> hostByName(String name) {
    return Optional.ofNullable(inventory.hosts.named(name));
  }

  @Override
  public Optional<Host> hostByCertificate(String sha256) {
    return Optional.ofNullable(inventory.hostByCertificate(sha256));
  }

  @Override
  public List<Disk> disks() {
    return List.copyOf(inventory.disks.all());
  }

  @Override
  public Optional<Disk> disk(String id) {
    return Optional.ofNullable(inventory.disks.get(id));
  }

  @Override
  public Optional<Disk> diskByName(String name) {
    return Optional.ofNullable(inventory.disks.named(name));
  }

  @Override
  public List<Disk> disksOfPool(String poolId) {
    return inventory.disksOfPool(poolId);
  }

  @Override
  public List<Pool> pools() {
    return List.copyOf(inventory.pools.all());
  }

  @Override
  public Optional<Pool> pool(String id) {
    return Optional.ofNullable(inventory.pools.get(id));
  }

  @Override
  public Optional<Pool> poolByName(String name) {
    return Optional.ofNullable(inventory.pools.named(name));
  }

  @Override
  public List<Volume> volumes() {
    return List.copyOf(inventory.volumes.all());
  }

  @Override
  public Optional<Volume> volume(String id) {
    return Optional.ofNullable(inventory.volumes.get(id));
  }

  @Override
  public Optional<Volume> volumeByName(String name) {
    return Optional.ofNullable(inventory.volumes.named(name));
  }

  @Override
  public List<Volume> volumesOfPool(String poolId) {
    return inventory.volumes(inventory.volumesBy.ofPool.of(poolId));
  }

  @Override
  public List<Volume> volumesOnDisk(String diskId) {
    return inventory.volumes(inventory.volumesBy.onDisk.of(diskId));
  }

  @Override
  public List<Volume> volumesGrantedTo(String hostId) {
    return inventory.volumes(inventory.volumesBy.grantedTo.of(hostId));
  }

  @Override
  public List<Volume> volumesHeldBy(String hostId) {
    return inventory.volumes(inventory.volumesBy.heldBy.of(hostId));
  }

  @Override
  public List<Task> tasks() {
    return List.copyOf(inventory.tasks.all());
  }

  @Override
  public Optional<Task> task(String id) {
    return Optional.ofNullable(inventory.tasks.get(id));
  }

  @Override
  public Optional<Task> taskOfLeg(String legId) {
    return Optional.ofNullable(inventory.tasks.ofLeg(legId));
  }

  @Override
  public long bytesCreatedBy(String hostId) {
    return inventory.volumesBy.bytesCreatedBy(hostId);
  }

  @Override
  public Optional<SpaceUsage> diskUsage(String diskId) {
    Disk disk = inventory.disks.get(diskId);
    if (disk == null || disk.getPoolId().isEmpty()) return Optional.empty();
    DiskSpace space = inventory.space(disk.getPoolId()).disks().get(diskId);
    return Optional.of(new SpaceUsage(space.total(), space.allocated(), space.free()));
  }

  @Override
  public Optional<PoolUsage> poolUsage(String poolId) {
    PoolSpace space = inventory.space(poolId);
    if (space == null) return Optional.empty();
    return Optional.of(PoolUsage.newBuilder().setPoolId(poolId).setTotalBytes(space.total()).setAllocatedBytes(space.allocated())
        .setFreeBytes(space.free()).setLargestLinearBytes(space.largestLinear(CatalogLimits.SEGMENTS, id -> !inventory.disks.get(id).getSpare() && !inventory.disks.get(id).getClosed())).build());
  }

  @Override
  public List<Event> eventsAfter(long after, int limit) {
    return catalog.events.after(e -> e.getNumber() <= after, limit);
  }

  @Override
  public List<AuditEntry> newestAudit(int limit) {
    return catalog.audit.newest(limit);
  }

  @Override
  public Optional<PoolMetadata> poolMetadata(String poolId) {
    Pool pool = inventory.pools.get(poolId);
    if (pool == null) return Optional.empty();
    return Optional.of(PoolMetadata.newBuilder().setClusterId(inventory.cluster().getId()).setClusterName(inventory.cluster().getName())
        .setRevision(catalog.revision()).setPool(pool).addAllDisks(disksOfPool(poolId)).addAllVolumes(volumesOfPool(poolId)).build());
  }

  @Override
  public VolumePlan planVolume(CreateVolume create, Actor actor) {
    return VolumePlans.plan(inventory, create, actor);
  }

  @Override
  public ChangePlan planChange(List<Change> steps, Actor actor) {
    return ChangePlans.plan(inventory, catalog.revision(), steps, actor);
  }

  @Override
  public Optional<MoveLeg> nextMove(String taskId, Set<String> skip, List<AvoidDisk> avoid) {
    Task task = inventory.tasks.get(taskId);
    if (task == null || TaskTable.isEnded(task)) return Optional.empty();
    return Optional.ofNullable(new MoveChoice(inventory, task, avoid).next(skip));
  }

  @Override
  public long bytesToMove(String taskId) {
    Task task = inventory.tasks.get(taskId);
    return task == null ? 0 : new MoveChoice(inventory, task, List.of()).left();
  }

  @Override
  public MovePlan planMoves(Change change, Actor actor) {
    return MovePlans.plan(inventory, change, actor);
  }

  @Override
  public String refusal(Change change) {
    Transaction trial = new Transaction(inventory, Actor.newBuilder().setKind(Actor.Kind.SERVER).setName("server").build(), 1);
    try {
      Changes.make(trial, change);
      return "";
    } catch (Refusal refusal) {
      return refusal.problem().getWhy().isEmpty() ? refusal.problem().getWhat() : refusal.problem().getWhy();
    } catch (RuntimeException fault) {
      return fault.toString();
    } finally {
      trial.rollback();
    }
  }
}
