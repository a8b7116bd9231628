package sluice.core.catalog;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.AuditEntry;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.CatalogDelta;
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
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolMetadata;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumePlan;

/**
 * Reads of a catalog. Single lookups are indexed; lists are copies in order of id (users: name), so they and the
 * messages in them may be kept and passed to other threads. The view itself may not: it is the owner's, for as long as
 * the owner says.
 */
public interface CatalogView {
  /** Of the newest command that was applied or refused; 0 before the first. */
  long revision();

  /** Empty before the first command. */
  Optional<Cluster> cluster();

  List<User> users();

  Optional<User> user(String name);

  /** @param sha256 hex fingerprint, lower case */
  Optional<User> userByCertificate(String sha256);

  List<JoinToken> tokens();

  Optional<JoinToken> token(String id);

  List<Host> hosts();

  Optional<Host> host(String id);

  Optional<Host> hostByName(String name);

  /** @param sha256 hex fingerprint, lower case */
  Optional<Host> hostByCertificate(String sha256);

  List<Disk> disks();

  Optional<Disk> disk(String id);

  Optional<Disk> diskByName(String name);

  List<Disk> disksOfPool(String poolId);

  List<Pool> pools();

  Optional<Pool> pool(String id);

  Optional<Pool> poolByName(String name);

  List<Volume> volumes();

  Optional<Volume> volume(String id);

  Optional<Volume> volumeByName(String name);

  List<Volume> volumesOfPool(String poolId);

  /** That have an extent on the disk, of any leg. */
  List<Volume> volumesOnDisk(String diskId);

  /** That the host may attach. */
  List<Volume> volumesGrantedTo(String hostId);

  /** That the host holds, those it is asked to give back included. */
  List<Volume> volumesHeldBy(String hostId);

  /** Those that have not ended, and the newest that have. */
  List<Task> tasks();

  Optional<Task> task(String id);

  /** The one that has not ended, of which a leg has one at most; otherwise the newest one. */
  Optional<Task> taskOfLeg(String legId);

  /** Bytes of all volumes that the host has made itself and that exist; what its allowance is held against. */
  long bytesCreatedBy(String hostId);

  /** Of a disk in a pool; nothing of a disk in no pool. */
  Optional<SpaceUsage> diskUsage(String diskId);

  Optional<PoolUsage> poolUsage(String poolId);

  /** Oldest first. @param after number of the last one known; 0: all that are kept */
  List<Event> eventsAfter(long after, int limit);

  /** Newest first. */
  List<AuditEntry> newestAudit(int limit);

  /**
   * What each disk of the pool has to carry at this revision; empty if there is no such pool. {@code written_ms} is
   * left to who writes it, since nothing here reads a clock.
   */
  Optional<PoolMetadata> poolMetadata(String poolId);

  /**
   * What a task that moves extents has to do next, without new id and epoch; empty: nothing that could be begun now.
   *
   * @param skip ids of volumes that are busy or cannot be moved at the moment
   */
  Optional<MoveLeg> nextMove(String taskId, Set<String> skip, List<AvoidDisk> avoid);

  /** Bytes that such a task has yet to move; of a rebalancing 0, since it finds out as it goes. */
  long bytesToMove(String taskId);

  /** What a change that moves extents would do now, without doing it. Never throws. */
  MovePlan planMoves(Change change, Actor actor);

  /** Why the catalog would refuse a change of the server's at this moment; empty: it would not. Changes nothing. */
  String refusal(Change change);

  /** What creating the volume would give now, without doing it: where it would lie, or why not. Never throws. */
  VolumePlan planVolume(CreateVolume create, Actor actor);

  /**
   * What these changes of volumes that are there would come to, made one after the other, without doing them; up to the
   * first that would be refused. A step that names no epoch means the one that the steps before it have made, and one without
   * an id for what is new gets one. Steps may be those that only the server makes (a recovery's begin and end between adding
   * and dropping a leg); of a host each is checked as if it had asked itself.
   */
  ChangePlan planChange(List<Change> steps, Actor actor);

  /** Pools whose metadata on the disks have to be written anew after this change; pools that are gone are not in it. */
  static Set<String> poolsTouched(CatalogDelta delta) {
    Set<String> touched = new TreeSet<>();
    for (ObjectChange change : delta.getChangesList()) {
      switch (change.getObjectCase()) {
        case POOL -> touched.add(change.getPool().getId());
        case DISK -> touched.add(change.getDisk().getPoolId());
        case VOLUME -> touched.add(change.getVolume().getPoolId());
        case REMOVED -> touched.add(change.getRemoved().getPoolId());
        default -> {}
      }
    }
    for (ObjectChange change : delta.getChangesList()) {
      RemovedObject removed = change.getRemoved();
      if (removed.getKind() == RemovedObject.Kind.POOL) touched.remove(removed.getId());
    }
    touched.remove("");
    return touched;
  }
}
