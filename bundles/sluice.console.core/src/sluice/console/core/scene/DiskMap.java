package sluice.console.core.scene;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sluice.api.ByteSize;
import sluice.console.core.verdict.Healths;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Extent;

/**
 * What lies on the disks: a lane for each, all to one scale, grouped by pool and failure domain; extents in their volume's
 * hue. Pure.
 */
public final class DiskMap {
  /** How lanes are sorted in their group. */
  public enum Order {
    NAME,
    SIZE,
    FILL
  }

  static final double LANE = 18;
  static final double GAP = 4;
  static final double GROUP = 10;

  private record Lane(Disk disk, List<SanView.DiskUse> uses, long used) {}

  private DiskMap() {}

  /**
   * @param poolId whose disks; empty: all
   * @param width of the largest disk's lane
   */
  public static Scene of(SanView san, String poolId, double width, Order order) {
    List<Lane> lanes = new ArrayList<>();
    long largest = 1;
    for (Disk d : poolId.isEmpty() ? san.disks() : san.disksOfPool(poolId)) {
      List<SanView.DiskUse> uses = new ArrayList<>(san.uses(d.getId()));
      uses.sort(Comparator.comparingLong(u -> u.extent().getOffsetBytes()));
      lanes.add(new Lane(d, uses, uses.stream().mapToLong(u -> u.extent().getLengthBytes()).sum()));
      largest = Math.max(largest, d.getCapacityBytes());
    }
    Comparator<Lane> inGroup = switch (order) {
      case NAME -> Comparator.comparing(l -> l.disk.getName());
      case SIZE -> Comparator.comparingLong((Lane l) -> l.disk.getCapacityBytes()).reversed();
      case FILL -> Comparator.comparingDouble((Lane l) -> (double) l.used / Math.max(1, l.disk.getCapacityBytes())).reversed();
    };
    lanes.sort(Comparator.comparing((Lane l) -> group(san, l.disk)).thenComparing(inGroup));
    List<Item> items = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    double y = 0;
    String group = null;
    for (Lane l : lanes) {
      String own = group(san, l.disk);
      if (group != null && !own.equals(group)) y += GROUP;
      group = own;
      lane(san, l, y, width / largest, items, rows);
      y += LANE + GAP;
    }
    return new Scene(width, y, items, List.of(), new Table(List.of("Disk", "Pool", "Domain", "State", "From", "Length", "What"), rows));
  }

  private static String group(SanView san, Disk d) {
    return san.name(d.getPoolId()) + " " + d.getDomain();
  }

  private static void lane(SanView san, Lane l, double y, double scale, List<Item> items, List<List<String>> rows) {
    Disk d = l.disk;
    ObjectKey key = new ObjectKey(ObjectKey.Kind.DISK, d.getId());
    Health health = Healths.disk(san, d);
    items.add(new Item(Item.Kind.LANE, 0, y, d.getCapacityBytes() * scale, LANE, key, d.getName(), health, -1, -1));
    piece(san, d, health, Item.Kind.METADATA, 0, d.getDataStartBytes(), y, scale, key, "labels and metadata", -1, items, rows);
    long at = d.getDataStartBytes();
    Item.Kind rest = d.getSpare() ? Item.Kind.SPARE : Item.Kind.FREE;
    for (SanView.DiskUse u : l.uses) {
      Extent e = u.extent();
      if (e.getOffsetBytes() > at) piece(san, d, health, rest, at, e.getOffsetBytes() - at, y, scale, key, d.getSpare() ? "spare" : "free", -1, items, rows);
      String what = "volume " + u.volume().getName() + ", copy " + (u.leg() + 1) + (u.intents() ? ", write intents" : u.volume().getStripes() > 1 ? ", column " + (u.column() + 1) : "");
      piece(san, d, health, u.intents() ? Item.Kind.INTENTS : Item.Kind.EXTENT, e.getOffsetBytes(), e.getLengthBytes(), y, scale,
          new ObjectKey(ObjectKey.Kind.VOLUME, u.volume().getId()), what, Hues.of(u.volume().getId()), items, rows);
      at = Math.max(at, e.getOffsetBytes() + e.getLengthBytes());
    }
    if (d.getDataEndBytes() > at) piece(san, d, health, rest, at, d.getDataEndBytes() - at, y, scale, key, d.getSpare() ? "spare" : "free", -1, items, rows);
    piece(san, d, health, Item.Kind.METADATA, d.getDataEndBytes(), d.getCapacityBytes() - d.getDataEndBytes(), y, scale, key, "metadata", -1, items, rows);
  }

  private static void piece(SanView san, Disk d, Health health, Item.Kind kind, long from, long length, double y, double scale, ObjectKey about, String what, int hue,
      List<Item> items, List<List<String>> rows) {
    if (length <= 0) return;
    String text = what + ": " + new ByteSize(length) + " at " + new ByteSize(from) + " of disk " + d.getName();
    items.add(new Item(kind, from * scale, y, length * scale, LANE, about, text, health, hue, rows.size()));
    rows.add(List.of(d.getName(), d.getPoolId().isEmpty() ? "" : san.name(d.getPoolId()), d.getDomain(), health.getName().toLowerCase(java.util.Locale.ROOT), String.valueOf(from), String.valueOf(length), what));
  }
}
