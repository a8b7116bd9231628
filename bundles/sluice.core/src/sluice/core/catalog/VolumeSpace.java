package sluice.core.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;
import sluice.core.placement.PlacedSegment;
import sluice.core.placement.Placement;
import sluice.core.placement.PlacementDisk;
import sluice.core.placement.PlacementRequest;
import sluice.core.placement.Placer;
import sluice.core.space.DiskExtent;
import sluice.core.space.DiskSpace;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Segment;

/** Finds room for a volume of one leg, or for its growth: first behind where it ends, then anywhere in its pool. Changes nothing. */
final class VolumeSpace {
  /** Segments of a volume that is large enough now, and what was thought of each disk. */
  record Room(List<Segment> segments, Supplier<List<Candidate>> candidates) {}

  private final Inventory inventory;
  private final Pool pool;
  private final String volume;
  private final VolumeShape shape;
  private final Map<String, String> avoid = new HashMap<>();

  VolumeSpace(Inventory inventory, Pool pool, String volume, VolumeShape shape, List<AvoidDisk> avoid) {
    this.inventory = inventory;
    this.pool = pool;
    this.volume = volume;
    this.shape = shape;
    for (Disk disk : inventory.disksOfPool(pool.getId())) if (disk.getClosed()) this.avoid.put(disk.getId(), Avoidance.CLOSED);
    for (AvoidDisk a : avoid) this.avoid.put(a.getDiskId(), Words.cut(a.getReason(), CatalogLimits.TEXT_CHARS));
  }

  /** @throws Refusal NO_SPACE with a candidate for each disk of the pool */
  Room grow(List<Segment> present, long sizeBytes) {
    long have = end(present);
    if (sizeBytes <= have) return new Room(present, List::of);
    long need = shape.columnBytes(volume, sizeBytes - have);
    if (need * shape.columns() > Long.MAX_VALUE - have) throw VolumeShape.tooLarge(volume);

    long inPlace = present.isEmpty() ? 0 : freeBehind(present.get(present.size() - 1), need);
    if (inPlace == need) return new Room(extended(present, inPlace), List::of);
    if (inPlace > 0) {
      Placement rest = place(extendedExtents(present, inPlace), need - inPlace, present.size());
      if (rest.placed()) return new Room(appended(extended(present, inPlace), rest), rest::candidates);
    }
    Placement all = place(List.of(), need, present.size());
    if (all.placed()) return new Room(appended(present, all), all::candidates);
    throw Refusal.of(Problem.Code.NO_SPACE, "Pool " + pool.getName() + " has no room for volume " + volume, all.whyNot(),
        shape.columns() == 1 ? "add disks to the pool, or choose a smaller size" : "add disks to the pool, or choose a smaller size or fewer stripes",
        pool.getId()).withCandidates(all.candidates());
  }

  private static long end(List<Segment> segments) {
    if (segments.isEmpty()) return 0;
    Segment last = segments.get(segments.size() - 1);
    return last.getStartBytes() + last.getLengthBytes();
  }

  /** By how many bytes every column of the segment can become longer where it is. */
  private long freeBehind(Segment last, long need) {
    long free = need;
    for (Extent e : last.getLegs(0).getColumnsList()) {
      if (avoid.containsKey(e.getDiskId()) || inventory.disks.get(e.getDiskId()).getSpare()) return 0;
      DiskSpace disk = inventory.space(pool.getId()).disks().get(e.getDiskId());
      free = Math.min(free, disk.freeFrom(e.getOffsetBytes() + e.getLengthBytes()));
    }
    return free / shape.granule() * shape.granule();
  }

  private List<DiskExtent> extendedExtents(List<Segment> present, long by) {
    List<DiskExtent> extents = new ArrayList<>();
    for (Extent e : present.get(present.size() - 1).getLegs(0).getColumnsList()) {
      extents.add(new DiskExtent(e.getDiskId(), e.getOffsetBytes() + e.getLengthBytes(), by));
    }
    return extents;
  }

  private List<Segment> extended(List<Segment> present, long by) {
    List<Segment> segments = new ArrayList<>(present);
    Segment last = segments.remove(segments.size() - 1);
    Leg.Builder leg = Leg.newBuilder();
    for (Extent e : last.getLegs(0).getColumnsList()) leg.addColumns(e.toBuilder().setLengthBytes(e.getLengthBytes() + by));
    segments.add(last.toBuilder().setLengthBytes(last.getLengthBytes() + by * shape.columns()).clearLegs().addLegs(leg).build());
    return segments;
  }

  /** @param planned extents that are as good as taken */
  private Placement place(List<DiskExtent> planned, long columnBytes, int segments) {
    SortedMap<String, DiskSpace> spaces = inventory.space(pool.getId()).disks();
    Map<String, DiskSpace> copies = new HashMap<>();
    for (DiskExtent e : planned) copies.computeIfAbsent(e.diskId(), id -> spaces.get(id).copy()).allocate(e.offset(), e.length());
    List<PlacementDisk> disks = new ArrayList<>();
    for (Map.Entry<String, DiskSpace> space : spaces.entrySet()) {
      Disk disk = inventory.disks.get(space.getKey());
      if (disk.getSpare()) avoid.putIfAbsent(disk.getId(), Avoidance.SPARE);
      disks.add(new PlacementDisk(disk.getId(), disk.getName(), disk.getDomain(), copies.getOrDefault(disk.getId(), space.getValue())));
    }
    return Placer.place(disks,
        new PlacementRequest(shape.columns(), columnBytes, shape.granule(), CatalogLimits.SEGMENTS - segments, avoid));
  }

  private List<Segment> appended(List<Segment> present, Placement placement) {
    List<Segment> segments = new ArrayList<>(present);
    for (PlacedSegment placed : placement.segments()) {
      Leg.Builder leg = Leg.newBuilder();
      for (DiskExtent e : placed.columns()) {
        leg.addColumns(Extent.newBuilder().setDiskId(e.diskId()).setOffsetBytes(e.offset()).setLengthBytes(e.length()));
      }
      segments.add(Segment.newBuilder().setStartBytes(end(segments)).setLengthBytes(placed.bytes())
          .setStripeUnitBytes(shape.stripeUnitBytes()).addLegs(leg).build());
    }
    return segments;
  }
}
