package sluice.core.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.core.space.DiskExtent;
import sluice.core.space.PoolSpace;
import sluice.core.space.SpaceConflict;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;

/**
 * All objects with everything that is derived from them: indexes and free space. Each {@code replace} keeps these right
 * and can be taken back by another one with its arguments exchanged. Rules about what may be changed are not in here.
 */
final class Inventory {
  private Cluster cluster;
  final Table<User> users = new Table<>(User::getName, User::getName);
  final Table<JoinToken> tokens = new Table<>(JoinToken::getId, JoinToken::getId);
  final Table<Host> hosts = new Table<>(Host::getId, Host::getName);
  final Table<Disk> disks = new Table<>(Disk::getId, Disk::getName);
  final Table<Pool> pools = new Table<>(Pool::getId, Pool::getName);
  final Table<Volume> volumes = new Table<>(Volume::getId, Volume::getName);
  final TaskTable tasks = new TaskTable();
  final Index disksOfPool = new Index();
  final VolumeIndex volumesBy = new VolumeIndex();
  private final Map<String, User> userByCertificate = new HashMap<>();
  private final Map<String, Host> hostByCertificate = new HashMap<>();
  private final Map<String, PoolSpace> spaces = new TreeMap<>();

  Cluster cluster() {
    return cluster;
  }

  User userByCertificate(String sha256) {
    return userByCertificate.get(sha256);
  }

  Host hostByCertificate(String sha256) {
    return hostByCertificate.get(sha256);
  }

  /** Of a pool that is there. */
  PoolSpace space(String poolId) {
    return spaces.get(poolId);
  }

  List<Disk> disksOfPool(String poolId) {
    List<Disk> of = new ArrayList<>();
    for (String id : disksOfPool.of(poolId)) of.add(disks.get(id));
    return of;
  }

  List<Volume> volumes(Iterable<String> ids) {
    List<Volume> of = new ArrayList<>();
    for (String id : ids) of.add(volumes.get(id));
    return of;
  }

  void replaceCluster(Cluster now) {
    cluster = now;
  }

  void replace(User old, User now) {
    users.replace(old, now);
    if (old != null) old.getCertificateSha256List().forEach(userByCertificate::remove);
    if (now != null) for (String sha256 : now.getCertificateSha256List()) userByCertificate.put(sha256, now);
  }

  void replace(JoinToken old, JoinToken now) {
    tokens.replace(old, now);
  }

  void replace(Host old, Host now) {
    hosts.replace(old, now);
    if (old != null) old.getCertificateSha256List().forEach(hostByCertificate::remove);
    if (now != null) for (String sha256 : now.getCertificateSha256List()) hostByCertificate.put(sha256, now);
  }

  /** @throws SpaceConflict if it is in use where it was, or does not fit where it shall be; then nothing has changed */
  void replace(Disk old, Disk now) {
    if (!samePlace(old, now)) {
      if (inPool(old)) spaces.get(old.getPoolId()).removeDisk(old.getId());
      try {
        if (inPool(now)) addSpace(now);
      } catch (SpaceConflict conflict) {
        if (inPool(old)) addSpace(old);
        throw conflict;
      }
    }
    disks.replace(old, now);
    if (old != null) disksOfPool.remove(old.getPoolId(), old.getId());
    if (now != null) disksOfPool.add(now.getPoolId(), now.getId());
  }

  private void addSpace(Disk disk) {
    PoolSpace space = spaces.get(disk.getPoolId());
    if (space == null) throw new SpaceConflict("there is no pool " + disk.getPoolId());
    space.addDisk(disk.getId(), disk.getDataStartBytes(), disk.getDataEndBytes());
  }

  private static boolean inPool(Disk disk) {
    return disk != null && !disk.getPoolId().isEmpty();
  }

  private static boolean samePlace(Disk a, Disk b) {
    return a != null && b != null && a.getPoolId().equals(b.getPoolId())
        && a.getDataStartBytes() == b.getDataStartBytes() && a.getDataEndBytes() == b.getDataEndBytes();
  }

  void replace(Pool old, Pool now) {
    pools.replace(old, now);
    if (old == null) spaces.put(now.getId(), new PoolSpace(now.getUnitBytes()));
    else if (now == null) spaces.remove(old.getId());
  }

  /** @throws SpaceConflict if one of its extents cannot be had; then nothing has changed */
  void replace(Volume old, Volume now) {
    if (old == null || now == null || !old.getLayout().equals(now.getLayout())) {
      if (old != null) spaces.get(old.getPoolId()).release(extents(old));
      try {
        if (now != null) spaces.get(now.getPoolId()).allocate(extents(now));
      } catch (SpaceConflict conflict) {
        if (old != null) spaces.get(old.getPoolId()).allocate(extents(old));
        throw conflict;
      }
    }
    volumes.replace(old, now);
    volumesBy.replace(old, now);
  }

  /** Of all legs, with those that hold write intents; what a leg has in common with the one that it is to replace counts once. */
  static List<DiskExtent> extents(Volume volume) {
    Layout layout = volume.getLayout();
    List<DiskExtent> extents = new ArrayList<>();
    int replacing = LegExtents.replacing(layout);
    for (int l = 0; l < Math.max(1, layout.getLegsCount()); l++) {
      for (Extent e : l == replacing ? LegExtents.moved(layout, l) : LegExtents.of(layout, l)) extents.add(extent(e));
    }
    for (LegInfo leg : layout.getLegsList()) if (leg.hasIntents()) extents.add(extent(leg.getIntents()));
    return extents;
  }

  private static DiskExtent extent(Extent e) {
    return new DiskExtent(e.getDiskId(), e.getOffsetBytes(), e.getLengthBytes());
  }
}
