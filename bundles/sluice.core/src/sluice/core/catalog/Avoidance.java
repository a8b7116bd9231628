package sluice.core.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Disk;

/** Which disks of a pool shall get nothing, each with the reason that people are told. The first reason stays. */
final class Avoidance {
  static final String CLOSED = "closed: it takes no new extents";
  static final String SPARE = "a spare: kept for replacing legs";
  private final List<Disk> disks;
  private final Map<String, String> reasons;

  private Avoidance(List<Disk> disks, Map<String, String> reasons) {
    this.disks = disks;
    this.reasons = reasons;
  }

  static Avoidance of(Inventory inventory, String poolId, List<AvoidDisk> avoid) {
    Map<String, String> reasons = new HashMap<>();
    for (AvoidDisk a : avoid) reasons.put(a.getDiskId(), Words.cut(a.getReason(), CatalogLimits.TEXT_CHARS));
    List<Disk> disks = inventory.disksOfPool(poolId);
    for (Disk disk : disks) if (disk.getClosed()) reasons.putIfAbsent(disk.getId(), CLOSED);
    return new Avoidance(disks, reasons);
  }

  /** Another one, to which more can be added. */
  Avoidance copy() {
    return new Avoidance(disks, new HashMap<>(reasons));
  }

  Avoidance disk(String id, String reason) {
    reasons.putIfAbsent(id, reason);
    return this;
  }

  Avoidance spares() {
    for (Disk disk : disks) if (disk.getSpare()) disk(disk.getId(), SPARE);
    return this;
  }

  Avoidance allButSpares() {
    for (Disk disk : disks) if (!disk.getSpare()) disk(disk.getId(), "not a spare");
    return this;
  }

  /** A leg lies on each disk once, and none lies where another does. @param leg from 0 on */
  Avoidance leg(int leg, Collection<String> legDisks) {
    for (String id : legDisks) disk(id, "leg " + (leg + 1) + " lies on it");
    return this;
  }

  /** All other disks of the domains that the leg's disks are of. */
  Avoidance domainsOf(int leg, Collection<String> legDisks) {
    List<String> domains = new ArrayList<>();
    for (Disk disk : disks) if (legDisks.contains(disk.getId()) && !disk.getDomain().isEmpty()) domains.add(disk.getDomain());
    for (Disk disk : disks) if (domains.contains(disk.getDomain())) disk(disk.getId(), "same failure domain as leg " + (leg + 1));
    return this;
  }

  /** Of the pool, in order of id. */
  List<Disk> disks() {
    return disks;
  }

  Map<String, String> reasons() {
    return reasons;
  }
}
