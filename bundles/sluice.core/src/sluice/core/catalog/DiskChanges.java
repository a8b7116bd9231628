package sluice.core.catalog;

import java.util.List;
import sluice.protocol.v1.AddDisk;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.RemoveDisk;
import sluice.protocol.v1.SetDisk;
import sluice.protocol.v1.Volume;

/** Disks, in a pool or not. */
final class DiskChanges {
  private DiskChanges() {}

  static void add(Transaction t, AddDisk add) {
    Disk disk = add.getDisk();
    FieldRules.id(Kind.DISK, disk.getId());
    FieldRules.name(Kind.DISK, disk.getName());
    Disk there = t.inventory.disks.get(disk.getId());
    if (there != null) {
      throw Refusal.of(Problem.Code.ALREADY_EXISTS, "The disk is there already",
          "it is disk " + there.getName(), "the same disk may have several names; add each disk once", there.getId());
    }
    Disk sameName = t.inventory.disks.named(disk.getName());
    if (sameName != null) throw Refusal.exists(Kind.DISK, disk.getName(), sameName.getId());
    if (!disk.getPoolId().isEmpty()) {
      throw Refusal.invalid("Disk " + disk.getName() + " names a pool", "a disk is added first and put into a pool then",
          "add it without a pool, then create or extend a pool with it", disk.getId());
    }
    if (t.inventory.disks.size() >= CatalogLimits.DISKS) {
      throw Refusal.conflict("There are too many disks", "at most " + CatalogLimits.DISKS, "remove some");
    }
    checkGeometry(disk);
    checkUris(disk.getName(), disk.getUrisList());
    FieldRules.domain(disk.getDomain());
    t.put(disk.toBuilder().setAddedMs(t.timeMs()).build());
    t.about(disk.getId());
    t.info("disk-added", "disk " + disk.getName() + " (" + FieldRules.bytes(disk.getCapacityBytes()) + ") added", disk.getId());
  }

  static void checkGeometry(Disk disk) {
    FieldRules.size("disk " + disk.getName(), disk.getCapacityBytes());
    if (disk.getDataStartBytes() < 0 || disk.getDataStartBytes() >= disk.getDataEndBytes()
        || disk.getDataEndBytes() > disk.getCapacityBytes()) {
      throw Refusal.invalid("Disk " + disk.getName() + " has no room for data",
          "its data area is from byte " + disk.getDataStartBytes() + " to " + disk.getDataEndBytes() + " of " + disk.getCapacityBytes(),
          "use a larger disk", disk.getId());
    }
  }

  static void checkUris(String name, List<String> uris) {
    if (uris.size() > CatalogLimits.URIS_PER_DISK) {
      throw Refusal.invalid("Disk " + name + " has too many addresses", "at most " + CatalogLimits.URIS_PER_DISK, "name the best ones");
    }
    for (String uri : uris) {
      if (uri.isBlank() || uri.length() > CatalogLimits.URI_CHARS || !uri.equals(Words.cut(uri, CatalogLimits.URI_CHARS))) {
        throw Refusal.invalid("Disk " + name + " has an address that cannot be one",
            "an address is 1 to " + CatalogLimits.URI_CHARS + " printable characters", "give one like file:/srv/d1.img");
      }
    }
  }

  static void set(Transaction t, SetDisk set) {
    Disk old = t.disk(set.getDiskId());
    Disk.Builder now = old.toBuilder();
    if (set.hasName() && !set.getName().equals(old.getName())) {
      FieldRules.name(Kind.DISK, set.getName());
      Disk sameName = t.inventory.disks.named(set.getName());
      if (sameName != null) throw Refusal.exists(Kind.DISK, set.getName(), sameName.getId());
      now.setName(set.getName());
    }
    if (set.hasDomain()) {
      FieldRules.domain(set.getDomain());
      now.setDomain(set.getDomain());
    }
    if (set.getUrisCount() > 0) {
      checkUris(old.getName(), set.getUrisList());
      now.clearUris().addAllUris(set.getUrisList());
    }
    if (set.hasSpare()) now.setSpare(set.getSpare());
    if (set.hasClosed()) {
      if (!set.getClosed() && old.getClosed()) MoveConflicts.checkOpens(t, old);
      now.setClosed(set.getClosed());
    }
    t.about(old.getId());
    if (now.build().equals(old)) return;
    t.put(now.build());
    String renamed = now.getName().equals(old.getName()) ? "" : " (now " + now.getName() + ")";
    t.info("disk-changed", "disk " + old.getName() + renamed + " changed"
        + (now.getSpare() == old.getSpare() ? "" : now.getSpare() ? "; it is a spare now" : "; it is no spare any more"), old.getId());
  }

  static void remove(Transaction t, RemoveDisk remove) {
    Disk old = t.disk(remove.getDiskId());
    MoveConflicts.checkRemoves(t, old);
    List<Volume> on = t.inventory.volumes(t.inventory.volumesBy.onDisk.of(old.getId()));
    if (!on.isEmpty()) {
      throw Refusal.conflict("Disk " + old.getName() + " cannot be removed", VolumeWords.list(on) + (on.size() == 1 ? " lies" : " lie") + " on it",
          "move them off with: sluice disk evacuate " + old.getName() + "; or delete them first, or export the whole pool", VolumeWords.ids(old.getId(), on));
    }
    t.remove(old);
    t.about(old.getId());
    t.info("disk-removed", "disk " + old.getName() + " removed", old.getId());
  }
}
