package sluice.testkit.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.io.label.DiskLabel;
import sluice.io.label.LabelLayout;
import sluice.protocol.v1.RecoverySettings;
import sluice.testkit.check.History;
import sluice.testkit.check.Pictures;
import sluice.testkit.disk.SimDisk;
import sluice.testkit.net.Path;
import sluice.testkit.world.World;

/** What all parties of a run share. */
public final class Rig {
  /** Between a host's or the server's clock and the world's, at most; what the lease allows for is ten times that. */
  public static final int DRIFT_PER_MILLION = 1_000;
  public static final long LEASE_NANOS = 3_000_000_000L;
  public static final long LEASE_MARGIN_NANOS = 500_000_000L;
  public static final long HEARTBEAT_NANOS = 400_000_000L;
  private static final long US = 1_000;

  private final World world;
  private final Draw draw;
  private final Flaw flaw;
  private final Holes holes;
  private final CatalogStore catalog;
  private final Map<String, SimDisk> disks = new LinkedHashMap<>();
  private final Map<String, History> histories = new LinkedHashMap<>();
  private final Map<String, Path> paths = new LinkedHashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Checks checks;
  private final Pictures pictures;
  private final boolean snapshots;
  private long stamps;

  /** @param snapshots whether some are taken */
  public Rig(World world, Draw draw, Flaw flaw, Holes holes, boolean snapshots) {
    this.snapshots = snapshots;
    pictures = new Pictures(world);
    this.holes = holes;
    this.world = world;
    this.draw = draw;
    this.flaw = flaw;
    catalog = new CatalogStore(world);
    List<DiskLabel> labels = new ArrayList<>();
    for (int d = 0; d < draw.diskBytes().size(); d++) {
      long size = draw.diskBytes().get(d);
      DiskLabel label = DiskLabel.fresh(Ids.disk(d), Ids.CLUSTER, "d" + d, size).inPool(Ids.POOL);
      SimDisk disk = new SimDisk(world, "d" + d, size);
      disk.platter().write(0, DiskLabel.BYTES, label.encode(), true);
      disk.platter().write(size - DiskLabel.BYTES, DiskLabel.BYTES, label.encode(), true);
      disks.put(label.diskId(), disk);
      labels.add(label);
      paths.put("s-" + label.diskId(), new Path(world, "server to " + disk, 20 * US, 200 * US));
      for (int h = 0; h < draw.hosts(); h++) {
        paths.put(Ids.host(h) + "-" + label.diskId(), new Path(world, "h" + h + " to " + disk, 20 * US, 200 * US));
      }
    }
    for (int h = 0; h < draw.hosts(); h++) {
      numbers.put(Ids.host(h), h);
      paths.put(Ids.host(h), new Path(world, "h" + h + " to server", 30 * US, 500 * US));
    }
    for (int v = 0; v < draw.volumes().size(); v++) histories.put(Ids.volume(v), new History(world, "v" + v));
    catalog.setUp(draw, labels, RecoverySettings.newBuilder().setWaitMs(1_500).build());
    checks = new Checks(this);
  }

  public World world() {
    return world;
  }

  public Draw draw() {
    return draw;
  }

  public boolean has(Flaw of) {
    return flaw == of;
  }

  public Holes holes() {
    return holes;
  }

  public CatalogStore catalog() {
    return catalog;
  }

  public boolean snapshots() {
    return snapshots;
  }

  public Pictures pictures() {
    return pictures;
  }

  public Checks checks() {
    return checks;
  }

  public Map<String, SimDisk> disks() {
    return disks;
  }

  public SimDisk disk(String id) {
    return disks.get(id);
  }

  public History history(String volumeId) {
    // Nobody but the server writes to the areas of snapshots: who reads the snapshots sees what is there.
    return histories.computeIfAbsent(volumeId, id -> new History(world, "area"));
  }

  public Iterable<Path> paths() {
    return paths.values();
  }

  public Path hostToDisk(String hostId, String diskId) {
    return paths.get(hostId + "-" + diskId);
  }

  public Path serverToDisk(String diskId) {
    return paths.get("s-" + diskId);
  }

  public Path hostToServer(String hostId) {
    return paths.get(hostId);
  }

  /** "h2" of its id. */
  public String hostName(String hostId) {
    return "h" + numbers.get(hostId);
  }

  /** Where extents may lie; all disks begin alike, and the smallest ends where data may. */
  public boolean isData(long offset, long length) {
    long last = LabelLayout.of(draw.diskBytes().stream().max(Long::compare).orElseThrow()).dataEnd();
    boolean label = draw.diskBytes().stream().anyMatch(size -> offset == size - DiskLabel.BYTES);
    return !label && offset >= LabelLayout.of(draw.diskBytes().get(0)).dataStart() && offset + length <= last;
  }

  /** Unique in the run, never 0. */
  public long nextStamp() {
    return ++stamps;
  }
}
