package sluice.testkit.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import sluice.testkit.world.World;

/** What each volume held when a snapshot of it was taken: the snapshot shows that, for ever (invariant 6). */
public final class Pictures {
  private static final long[] ZEROES = new long[Write.SECTORS];

  private static final class Picture {
    final Map<Long, long[]> pages = new HashMap<>();
    /** What is there is not decided: a host had died over it. */
    final Set<Long> open = new HashSet<>();
  }

  private final World world;
  private final Map<String, Picture> pictures = new HashMap<>();
  private long looks;

  public Pictures(World world) {
    this.world = world;
  }

  /** @param stamps of the page's sectors; null: what is there is not decided */
  public void taken(String volumeId, long snapshot, long page, long[] stamps) {
    Picture p = pictures.computeIfAbsent(volumeId + snapshot, k -> new Picture());
    if (stamps == null) p.open.add(page);
    else p.pages.put(page, stamps);
  }

  /** A reader of the snapshot has seen this. A page that nobody had written when it was taken was zeroes. */
  public void shown(String volumeId, long snapshot, long page, long[] seen) {
    Picture p = pictures.computeIfAbsent(volumeId + snapshot, k -> new Picture());
    looks++;
    if (p.open.contains(page)) return;
    long[] then = p.pages.getOrDefault(page, ZEROES);
    if (Arrays.equals(then, seen)) return;
    world.broke("a snapshot shows what the volume held when it was taken (invariant 6)", "snapshot " + snapshot + " of volume "
        + volumeId.substring(24) + " shows " + Long.toHexString(seen[0]) + " at page " + page / 4096 + ", it was " + Long.toHexString(then[0]));
  }

  /** Pages of snapshots that were read. */
  public long looks() {
    return looks;
  }
}
