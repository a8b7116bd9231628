package sluice.core.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sluice.core.space.DiskSpace;
import sluice.protocol.v1.AddPoolDisks;
import sluice.protocol.v1.CreatePool;
import sluice.protocol.v1.DeletePool;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RecoverySettings;
import sluice.protocol.v1.RenamePool;
import sluice.protocol.v1.SetPoolRecovery;
import sluice.protocol.v1.Volume;

/** Pools and the disks in them. */
final class PoolChanges {
  private PoolChanges() {}

  static void create(Transaction t, CreatePool create) {
    FieldRules.id(Kind.POOL, create.getPoolId());
    FieldRules.name(Kind.POOL, create.getName());
    if (t.inventory.pools.has(create.getPoolId())) throw Refusal.exists(Kind.POOL, create.getPoolId(), create.getPoolId());
    Pool sameName = t.inventory.pools.named(create.getName());
    if (sameName != null) throw Refusal.exists(Kind.POOL, create.getName(), sameName.getId());
    long unit = create.getUnitBytes() == 0 ? CatalogLimits.DEFAULT_UNIT_BYTES : create.getUnitBytes();
    checkUnit(create.getName(), unit);
    checkCount(t);
    Pool pool = Pool.newBuilder().setId(create.getPoolId()).setName(create.getName()).setUnitBytes(unit).setCreatedMs(t.timeMs()).build();
    t.put(pool);
    t.about(pool.getId());
    List<String> names = addAll(t, pool, create.getDiskIdsList());
    t.info("pool-created", "pool " + pool.getName() + " made of "
        + (names.isEmpty() ? "no disks yet" : "disks " + Words.list(names)), pool.getId());
  }

  static void checkCount(Transaction t) {
    if (t.inventory.pools.size() >= CatalogLimits.POOLS) {
      throw Refusal.conflict("There are too many pools", "at most " + CatalogLimits.POOLS, "delete some");
    }
  }

  static void checkUnit(String name, long unit) {
    if (unit < CatalogLimits.MIN_UNIT_BYTES || unit > CatalogLimits.MAX_UNIT_BYTES || Long.bitCount(unit) != 1) {
      throw Refusal.invalid("The unit of pool " + name + " cannot be " + FieldRules.bytes(unit),
          "a unit is a power of two from " + FieldRules.bytes(CatalogLimits.MIN_UNIT_BYTES) + " to " + FieldRules.bytes(CatalogLimits.MAX_UNIT_BYTES),
          "choose one like 1MiB, or none");
    }
  }

  static void addDisks(Transaction t, AddPoolDisks add) {
    Pool pool = t.pool(add.getPoolId());
    if (add.getDiskIdsCount() == 0) throw Refusal.invalid("No disk is named", "", "name at least one", pool.getId());
    t.about(pool.getId());
    List<String> names = addAll(t, pool, add.getDiskIdsList());
    if (!names.isEmpty()) t.info("pool-extended", "pool " + pool.getName() + " extended with disks " + Words.list(names), pool.getId());
  }

  /** @return names of those that were not in the pool already */
  private static List<String> addAll(Transaction t, Pool pool, List<String> diskIds) {
    List<String> added = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String id : diskIds) {
      Disk disk = t.disk(id);
      if (!seen.add(id)) throw Refusal.invalid("Disk " + disk.getName() + " is named twice", "", "name each disk once", id);
      t.about(id);
      if (disk.getPoolId().equals(pool.getId())) continue;
      if (!disk.getPoolId().isEmpty()) {
        throw Refusal.conflict("Disk " + disk.getName() + " is not free",
            "it is in pool " + t.pool(disk.getPoolId()).getName(), "name a disk that is in no pool", id, disk.getPoolId());
      }
      checkRoom(t, pool, disk);
      t.put(disk.toBuilder().setPoolId(pool.getId()).build());
      added.add(disk.getName());
    }
    return added;
  }

  static void checkRoom(Transaction t, Pool pool, Disk disk) {
    long room = new DiskSpace(disk.getDataStartBytes(), disk.getDataEndBytes(), pool.getUnitBytes()).total();
    if (room == 0) {
      throw Refusal.invalid("Disk " + disk.getName() + " is too small for pool " + pool.getName(),
          "not one unit of " + FieldRules.bytes(pool.getUnitBytes()) + " fits", "use a larger disk, or a pool with a smaller unit", disk.getId());
    }
    if (t.inventory.disksOfPool.of(pool.getId()).size() >= CatalogLimits.DISKS_PER_POOL) {
      throw Refusal.conflict("Pool " + pool.getName() + " has too many disks", "at most " + CatalogLimits.DISKS_PER_POOL,
          "make another pool", pool.getId());
    }
    if (t.inventory.space(pool.getId()).total() > Long.MAX_VALUE - room) {
      throw Refusal.conflict("Pool " + pool.getName() + " would be too large", "a pool is below 8 EiB", "make another pool", pool.getId());
    }
  }

  static void rename(Transaction t, RenamePool rename) {
    Pool old = t.pool(rename.getPoolId());
    t.about(old.getId());
    if (old.getName().equals(rename.getName())) return;
    FieldRules.name(Kind.POOL, rename.getName());
    Pool sameName = t.inventory.pools.named(rename.getName());
    if (sameName != null) throw Refusal.exists(Kind.POOL, rename.getName(), sameName.getId());
    t.put(old.toBuilder().setName(rename.getName()).build());
    t.info("pool-renamed", "pool " + old.getName() + " renamed to " + rename.getName(), old.getId());
  }

  static void setRecovery(Transaction t, SetPoolRecovery set) {
    Pool old = t.pool(set.getPoolId());
    RecoverySettings recovery = set.getRecovery();
    t.about(old.getId());
    String what = "Pool " + old.getName() + " cannot recover so";
    if (recovery.getWaitMs() < 0 || recovery.getWaitMs() > CatalogLimits.MAX_WAIT_MS) {
      throw Refusal.invalid(what, "a leg that is lost is waited for at most 30 days", "choose a time like 60s", old.getId());
    }
    long least = recovery.getMinBytesPerSecond();
    long most = recovery.getMaxBytesPerSecond();
    if (least < 0 || most < 0) throw Refusal.invalid(what, "a rate is below 8 EiB a second", "choose one like 100MiB, or 0", old.getId());
    if (most != 0 && least > most) {
      throw Refusal.invalid(what, "the lowest rate, " + FieldRules.bytes(least) + "/s, is above the highest, " + FieldRules.bytes(most) + "/s",
          "choose a lower one, or a higher one", old.getId());
    }
    Pool.Builder now = old.toBuilder();
    if (recovery.getWaitMs() == 0 && least == 0 && most == 0) now.clearRecovery();
    else now.setRecovery(recovery);
    if (now.build().equals(old)) return;
    t.put(now.build());
    t.info("pool-recovery", "recovery of pool " + old.getName() + " set: " + ActionWords.recovery(recovery), old.getId());
  }

  static void delete(Transaction t, DeletePool delete) {
    Pool old = t.pool(delete.getPoolId());
    List<Volume> in = t.inventory.volumes(t.inventory.volumesBy.ofPool.of(old.getId()));
    if (!in.isEmpty()) {
      throw Refusal.conflict("Pool " + old.getName() + " cannot be deleted", "it has " + VolumeWords.list(in),
          "delete them first, or export the pool", VolumeWords.ids(old.getId(), in));
    }
    for (Disk disk : t.inventory.disksOfPool(old.getId())) t.put(disk.toBuilder().clearPoolId().build());
    for (Host host : new ArrayList<>(t.inventory.hosts.all())) {
      if (host.getAllowance().getPoolId().equals(old.getId())) t.put(host.toBuilder().clearAllowance().build());
    }
    for (JoinToken token : new ArrayList<>(t.inventory.tokens.all())) {
      if (token.getAllowance().getPoolId().equals(old.getId())) t.put(token.toBuilder().clearAllowance().build());
    }
    t.remove(old);
    t.about(old.getId());
    t.info("pool-deleted", "pool " + old.getName() + " deleted", old.getId());
  }
}
