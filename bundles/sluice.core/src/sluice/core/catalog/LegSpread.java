package sluice.core.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Disk;

/**
 * Room for all legs of a new volume: in different failure domains if that can be done, on different disks in any case.
 * Legs one after the other, each where there is most, is tried first. Where the first of them take the disks that the
 * next would need (stripes that spread over all domains), the domains, and then the disks, are dealt out to the legs
 * first and each leg keeps to its own.
 */
final class LegSpread {
  private final LegPlacer placer;
  private final Avoidance avoid;
  private final long columnBytes;
  private final int count;
  /** Of the attempt that came as far as can be, for who is told why there is no room. */
  private LegPlacer.Placed failed;
  private int failedLeg;

  private LegSpread(LegPlacer placer, Avoidance avoid, long columnBytes, int count) {
    this.placer = placer;
    this.avoid = avoid;
    this.columnBytes = columnBytes;
    this.count = count;
  }

  /** As many as asked for, or none; then {@link #whyNot} says why. */
  static Result spread(LegPlacer placer, Avoidance avoid, long columnBytes, int count) {
    LegSpread spread = new LegSpread(placer, avoid, columnBytes, count);
    List<LegPlacer.Placed> legs = spread.oneByOne(false);
    if (legs.isEmpty()) legs = spread.dealt(Disk::getDomain);
    if (legs.isEmpty()) legs = spread.oneByOne(true);
    if (legs.isEmpty()) legs = spread.dealt(disk -> "");
    return new Result(legs, spread.failed, spread.failedLeg);
  }

  /**
   * What came of it.
   *
   * @param legs in order; empty if there is no room
   * @param failed the leg that found none
   * @param failedLeg its number, from 0 on
   */
  record Result(List<LegPlacer.Placed> legs, LegPlacer.Placed failed, int failedLeg) {
    String whyNot() {
      return "for leg " + (failedLeg + 1) + ": " + failed.placement().whyNot();
    }

    /** For each disk whether a leg lies on it, or why not. */
    List<Candidate> candidates() {
      if (legs.isEmpty()) return failed.placement().candidates();
      Map<String, Integer> legOf = new HashMap<>();
      for (int l = 0; l < legs.size(); l++) for (String id : legs.get(l).disks()) legOf.put(id, l + 1);
      List<Candidate> candidates = new ArrayList<>();
      for (Candidate c : legs.get(legs.size() - 1).considered().candidates()) {
        Integer leg = legOf.get(c.getDiskId());
        candidates.add(leg == null ? c : c.toBuilder().setTaken(true).setReason("leg " + leg).build());
      }
      return candidates;
    }
  }

  private List<LegPlacer.Placed> oneByOne(boolean sameDomain) {
    List<LegPlacer.Placed> legs = new ArrayList<>();
    Avoidance disks = avoid.copy();
    Avoidance domains = avoid.copy();
    while (legs.size() < count) {
      LegPlacer.Placed leg = placer.withIntents(columnBytes, domains);
      if (!leg.ok() && sameDomain) leg = placer.withIntents(columnBytes, disks);
      if (!leg.ok()) {
        if (sameDomain) {
          failed = leg;
          failedLeg = legs.size();
        }
        return List.of();
      }
      disks.leg(legs.size(), leg.disks());
      domains.leg(legs.size(), leg.disks()).domainsOf(legs.size(), leg.disks());
      legs.add(leg);
    }
    return legs;
  }

  /** @param group of a disk; those of one group stay together, those of the empty one are each their own */
  private List<LegPlacer.Placed> dealt(Function<Disk, String> group) {
    Map<String, List<Disk>> groups = new TreeMap<>();
    for (Disk disk : avoid.disks()) {
      if (avoid.reasons().containsKey(disk.getId())) continue;
      String key = group.apply(disk);
      groups.computeIfAbsent(key.isEmpty() ? "disk " + disk.getId() : "domain " + key, k -> new ArrayList<>()).add(disk);
    }
    List<List<Disk>> largestFirst = new ArrayList<>(groups.values());
    largestFirst.sort(Comparator.comparingLong(this::free).reversed());
    Map<String, Integer> legOf = new HashMap<>();
    long[] free = new long[count];
    for (List<Disk> disks : largestFirst) {
      int least = 0;
      for (int l = 1; l < count; l++) if (free[l] < free[least]) least = l;
      for (Disk disk : disks) legOf.put(disk.getId(), least);
      free[least] += free(disks);
    }
    List<LegPlacer.Placed> legs = new ArrayList<>();
    for (int l = 0; l < count; l++) {
      Avoidance others = avoid.copy();
      for (Map.Entry<String, Integer> e : legOf.entrySet()) if (e.getValue() != l) others.disk(e.getKey(), "kept for leg " + (e.getValue() + 1));
      LegPlacer.Placed leg = placer.withIntents(columnBytes, others);
      if (!leg.ok()) return List.of();
      legs.add(leg);
    }
    return legs;
  }

  private long free(List<Disk> disks) {
    long free = 0;
    for (Disk disk : disks) free += placer.space(disk.getId()).free();
    return free;
  }
}
