package sluice.testkit.cluster;

import java.util.ArrayList;
import java.util.List;
import sluice.testkit.world.Chance;

/**
 * The shape of a run, drawn from its seed.
 *
 * @param hosts how many
 * @param diskBytes of each disk
 * @param volumes what is on them
 * @param depth requests that a host keeps under way on a volume, at most
 * @param thinkNanos between a burst of requests and the next, at most
 * @param safetyNanos how long faults go on
 * @param calm how seldom faults are; greater is calmer
 * @param copyPauseNanos between two chunks of a copy: a slow recovery lives through more
 * @param resizes whether volumes become larger and smaller meanwhile
 */
public record Draw(int hosts, List<Long> diskBytes, List<Vol> volumes, int depth, long thinkNanos, long safetyNanos, int calm,
    long copyPauseNanos, boolean resizes) {
  private static final long MIB = 1 << 20;

  /** A volume. @param hosts that hold it, one if it is not shared */
  public record Vol(int legs, int stripes, long bytes, List<Integer> hosts, boolean shared) {}

  /** What the workloads write to: a few places that collide often, spread over the volume. */
  public static Draw of(Chance c) {
    int hosts = 1 + c.below(4);
    int disks = 2 + c.below(5);
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < disks; i++) sizes.add((48 + 8L * c.below(4)) * MIB);
    List<Vol> volumes = new ArrayList<>();
    int count = 1 + c.below(2);
    for (int v = 0; v < count; v++) volumes.add(vol(c, hosts, disks));
    return new Draw(hosts, sizes, volumes, 1 + c.below(4), c.between(1, 400) * 1_000_000L, c.between(4, 16) * 1_000_000_000L,
        1 + c.below(4), c.is(0.5) ? 0 : c.between(0, 120) * 1_000_000L, false);
  }

  public Draw withResizes(boolean now) {
    return new Draw(hosts, diskBytes, volumes, depth, thinkNanos, safetyNanos, calm, copyPauseNanos, now);
  }

  /** On larger disks: with space for snapshots. */
  public Draw withRoom() {
    return new Draw(hosts, diskBytes.stream().map(b -> b + 64 * MIB).toList(), volumes, depth, thinkNanos, safetyNanos, calm, copyPauseNanos, resizes);
  }

  private static Vol vol(Chance c, int hosts, int disks) {
    int legs = c.is(0.1) ? 1 : Math.min(disks, c.is(0.75) ? 2 : 3);
    int stripes = disks >= legs * 2 && c.is(0.25) ? 2 : 1;
    boolean shared = hosts > 1 && c.is(0.5);
    List<Integer> by = new ArrayList<>();
    if (shared) for (int h = 0; h < hosts; h++) by.add(h);
    else by.add(c.below(hosts));
    return new Vol(legs, stripes, (2 + c.below(7)) * MIB, by, shared);
  }

  @Override
  public String toString() {
    StringBuilder s = new StringBuilder(hosts + " hosts, " + diskBytes.size() + " disks");
    for (Vol v : volumes) {
      s.append(", ").append(v.legs).append(v.stripes > 1 ? "x" + v.stripes : "").append(" legs of ").append(v.bytes / MIB).append(" MiB ")
          .append(v.shared ? "shared" : "for host " + v.hosts.get(0));
    }
    return s + (resizes ? ", resized" : "");
  }
}
