package sluice.core.care;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import sluice.protocol.v1.Volume;

/** The legs, what the server knows of their disks, and which of them cannot be trusted any more. */
final class Legs {
  /** How the server reaches a leg's disks. */
  enum Reach {
    REACHED,
    LOST,
    /** The server has not yet looked for one of them. */
    UNKNOWN
  }

  /** @param sinceMs when it was lost or found; @param session counts the server's connections to it */
  private record Disk(boolean online, String reason, long sinceMs, long session) {}

  private record Doubt(String reason, long sinceMs) {}

  private final LongSupplier nowMs;
  private final Map<String, Disk> disks = new TreeMap<>();
  /**
   * Why a leg that gets writes may have missed some, by its id. Stays until the leg is stale, also when its disk is back:
   * what the server had written and not flushed may be gone.
   */
  private final Map<String, Doubt> doubts = new TreeMap<>();
  /** How often in a row filling a leg has failed though its disk was there. */
  private final Map<String, Integer> failures = new TreeMap<>();
  private List<Leg> legs = List.of();

  Legs(LongSupplier nowMs) {
    this.nowMs = nowMs;
  }

  void changed(Volume volume) {
    legs = Leg.of(volume.getLayout());
    doubts.keySet().removeIf(id -> leg(id) == null || leg(id).stale());
    failures.keySet().removeIf(id -> leg(id) == null || leg(id).inSync());
    for (Leg leg : legs) doubtIfLost(leg);
  }

  void disk(String id, boolean online, String reason) {
    Disk before = disks.get(id);
    long since = before != null && before.online == online ? before.sinceMs : nowMs.getAsLong();
    long session = before == null ? 0 : before.session;
    boolean again = online && (before == null || !before.online);
    disks.put(id, new Disk(online, reason, since, again ? session + 1 : session));
    if (!online) for (Leg leg : legs) if (leg.disks().contains(id)) doubtIfLost(leg);
  }

  /** Which of the server's connections to the disk is the present one; 0: there is none. */
  long session(String disk) {
    Disk d = disks.get(disk);
    return d == null || !d.online ? 0 : d.session;
  }

  /** Whether the server has lost it. */
  boolean offline(String disk) {
    Disk d = disks.get(disk);
    return d != null && !d.online;
  }

  /** Legs that lie on the disk and get writes may have forgotten some. */
  void forgetful(String disk, String why) {
    for (Leg leg : legs) if (!leg.stale() && leg.disks().contains(disk)) doubt(leg.id(), why);
  }

  /** Is a leg on the disk to be given up? */
  boolean doubted(String disk) {
    for (Leg leg : legs) if (leg.disks().contains(disk) && doubts.containsKey(leg.id())) return true;
    return false;
  }

  private void doubtIfLost(Leg leg) {
    if (!leg.stale() && reach(leg) == Reach.LOST) doubt(leg.id(), lostWords(leg));
  }

  /** A leg that is stale cannot fail. */
  void failed(String id, String reason) {
    Leg leg = leg(id);
    if (leg == null || leg.stale()) return;
    if (leg.filling() && reach(leg) == Reach.REACHED && !doubts.containsKey(id)) failures.merge(id, 1, Integer::sum);
    doubt(id, reason);
  }

  private void doubt(String id, String reason) {
    if (!doubts.containsKey(id)) doubts.put(id, new Doubt(reason, nowMs.getAsLong()));
  }

  List<Leg> all() {
    return legs;
  }

  boolean mirrored() {
    return !legs.isEmpty();
  }

  Leg leg(String id) {
    for (Leg leg : legs) if (leg.id().equals(id)) return leg;
    return null;
  }

  List<Leg> inSync() {
    return legs.stream().filter(Leg::inSync).toList();
  }

  Leg filling() {
    return legs.stream().filter(Leg::filling).findFirst().orElse(null);
  }

  /** The leg that is to take another's place; null: there is none. */
  Leg replacing() {
    return legs.stream().filter(Leg::replaces).findFirst().orElse(null);
  }

  /** All copies in their own right are in sync. */
  boolean copiesInSync() {
    return legs.stream().allMatch(l -> l.replaces() || l.inSync());
  }

  boolean allInSync() {
    return legs.stream().allMatch(Leg::inSync);
  }

  Reach reach(Leg leg) {
    boolean unknown = false;
    for (String id : leg.disks()) {
      Disk disk = disks.get(id);
      if (disk == null) unknown = true;
      else if (!disk.online) return Reach.LOST;
    }
    return unknown ? Reach.UNKNOWN : Reach.REACHED;
  }

  /** Why it is to be given up; empty: it is not. */
  String doubt(Leg leg) {
    Doubt doubt = doubts.get(leg.id());
    return doubt == null ? "" : doubt.reason;
  }

  /** Since when a leg has not been what it should, milliseconds since 1970. */
  long badSinceMs(Leg leg) {
    Doubt doubt = doubts.get(leg.id());
    return doubt == null ? leg.info().getSinceMs() : doubt.sinceMs;
  }

  int failures(Leg leg) {
    return failures.getOrDefault(leg.id(), 0);
  }

  /** In sync, reached, and nothing is to be said against it. */
  boolean well(Leg leg) {
    return leg.inSync() && reach(leg) == Reach.REACHED && !doubts.containsKey(leg.id());
  }

  /** A leg to copy from; null if there is none at the moment. */
  Leg source() {
    for (Leg leg : legs) if (well(leg)) return leg;
    return null;
  }

  /**
   * The legs that are to be given up, those in sync first. None that is in sync if none would be left: when all of them
   * have been lost, the one that can be reached is kept, and if several can be, the first (all have every acknowledged
   * write, since none was acknowledged that one of them had failed, invariant 1).
   */
  List<Leg> doomed() {
    List<Leg> inSync = inSync();
    Leg kept = source();
    if (kept == null) kept = survivor(inSync);
    if (kept == null) return List.of();
    doubts.remove(kept.id());
    List<Leg> doomed = new ArrayList<>();
    for (Leg leg : inSync) if (leg != kept && doubts.containsKey(leg.id())) doomed.add(leg);
    for (Leg leg : legs) if (leg.filling() && doubts.containsKey(leg.id())) doomed.add(leg);
    return doomed;
  }

  private Leg survivor(List<Leg> inSync) {
    Leg kept = null;
    for (Leg leg : inSync) {
      // One that the server has not looked for yet may be the good one.
      if (reach(leg) == Reach.UNKNOWN) return null;
      if (kept == null && reach(leg) == Reach.REACHED) kept = leg;
    }
    return kept;
  }

  /** A leg may be brought up to date only while what it has in common with another is. */
  boolean sourceIsWell(Leg replacing) {
    Leg source = leg(replacing.info().getReplacesLegId());
    return source != null && well(source);
  }

  /** Since when the disk of a leg has been lost, milliseconds since 1970. */
  long lostSinceMs(Leg leg) {
    long since = leg.info().getSinceMs();
    for (String id : leg.disks()) {
      Disk disk = disks.get(id);
      if (disk != null && !disk.online) since = Math.max(since, disk.sinceMs);
    }
    return since;
  }

  /** Why a leg cannot be reached, for people. */
  String lostWords(Leg leg) {
    for (String id : leg.disks()) {
      Disk disk = disks.get(id);
      if (disk != null && !disk.online) return "disk " + id + " is lost" + (disk.reason.isEmpty() ? "" : ": " + disk.reason);
    }
    for (String id : leg.disks()) if (!disks.containsKey(id)) return "the server has not found disk " + id + " yet";
    return "";
  }

  Set<String> disksOf(List<Leg> some) {
    Set<String> ids = new LinkedHashSet<>();
    for (Leg leg : some) ids.addAll(leg.disks());
    return ids;
  }
}
