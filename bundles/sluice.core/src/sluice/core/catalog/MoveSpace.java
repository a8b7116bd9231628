package sluice.core.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sluice.core.placement.PlacedSegment;
import sluice.core.placement.Placement;
import sluice.core.placement.PlacementDisk;
import sluice.core.placement.PlacementRequest;
import sluice.core.placement.Placer;
import sluice.core.space.DiskExtent;
import sluice.core.space.DiskSpace;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Volume;

/** Finds room for what is moved of one leg: away from the other legs, in another failure domain than they where there is one. Changes nothing. */
final class MoveSpace {
  /**
   * Where the leg lies afterwards.
   *
   * @param pieces all of it, with what stays where it is
   * @param taken extents that are new, those of the write intents included
   */
  record Room(List<Alignment.Piece> pieces, DiskExtent intents, List<DiskExtent> taken) {}

  private final Inventory inventory;
  private final Pool pool;
  private final Volume volume;
  private final int leg;
  private final Avoidance avoid;

  /** @param leg from 0 on */
  MoveSpace(Inventory inventory, Volume volume, int leg, Avoidance avoid) {
    this.inventory = inventory;
    this.volume = volume;
    this.leg = leg;
    pool = inventory.pools.get(volume.getPoolId());
    this.avoid = avoid.copy();
  }

  /**
   * What lies on one disk, to others.
   *
   * @param to empty: to any but spares
   * @param maxBytes of it; 0: all
   * @param strict the failure domains are kept apart also if there is no other way
   * @throws Refusal NO_SPACE, with what was thought of each disk
   */
  Room off(String from, String to, long maxBytes, boolean strict) {
    Avoidance base = avoid.copy();
    if (!to.isEmpty()) {
      String only = "everything goes to disk " + inventory.disks.get(to).getName();
      for (Disk disk : avoid.disks()) if (!disk.getId().equals(to)) base.disk(disk.getId(), only);
    }
    base.disk(from, "what lies on it is to be moved").spares();
    // A leg that is striped in another way than the first one has nothing in common with its successor: all of it moves.
    if (LegExtents.own(volume.getLayout(), leg)) {
      return whole(base, LegExtents.stripes(volume.getLayout(), leg), LegExtents.stripeUnit(volume.getLayout(), leg));
    }
    Columns failed = null;
    for (boolean domains : strict ? new boolean[] {true} : new boolean[] {true, false}) {
      for (boolean reserving : new boolean[] {false, true}) {
        Columns columns = new Columns(others(base, domains), from, maxBytes, reserving);
        if (columns.place()) return new Room(columns.pieces, columns.intents, columns.taken);
        failed = columns;
      }
    }
    throw failed.noSpace();
  }

  /** All of it, striped in another way; it may lie on the disks on which the leg lies now. @throws Refusal NO_SPACE */
  Room restriped(int stripes, long stripeUnitBytes) {
    return whole(avoid.copy().spares(), stripes, stripeUnitBytes);
  }

  private Room whole(Avoidance base, int stripes, long stripeUnitBytes) {
    VolumeShape shape = VolumeShape.of(pool, volume.getName(), stripes, stripeUnitBytes);
    LegPlacer placer = new LegPlacer(inventory, pool, shape);
    long column = shape.columnBytes(volume.getName(), volume.getSizeBytes());
    LegPlacer.Placed placed = placer.withIntents(column, others(base, true));
    if (!placed.ok()) placed = placer.withIntents(column, others(base, false));
    if (!placed.ok()) {
      throw refusal(placed.placement(), "add disks to the pool" + (stripes > 1 ? ", or choose fewer stripes" : ""));
    }
    List<DiskExtent> taken = new ArrayList<>();
    for (PlacedSegment s : placed.placement().segments()) taken.addAll(s.columns());
    taken.add(placed.intents());
    return new Room(Alignment.pieces(placed.placement().segments(), shape.stripeUnitBytes()), placed.intents(), taken);
  }

  private Avoidance others(Avoidance base, boolean domains) {
    Avoidance others = base.copy();
    for (int l = 0; l < Legs.count(volume); l++) if (l != leg) others.leg(l, Legs.disks(volume, l));
    for (int l = 0; domains && l < Legs.count(volume); l++) if (l != leg) others.domainsOf(l, Legs.disks(volume, l));
    return others;
  }

  private Refusal refusal(Placement placement, String correction) {
    return Refusal.of(Problem.Code.NO_SPACE, "There is no room for leg " + (leg + 1) + " of volume " + volume.getName(), placement.whyNot(),
        correction, volume.getId()).withCandidates(placement.candidates());
  }

  /** One try to give the columns on a disk other places. */
  private final class Columns {
    final List<Alignment.Piece> pieces = new ArrayList<>();
    final List<DiskExtent> taken = new ArrayList<>();
    DiskExtent intents;
    private final Avoidance where;
    private final String from;
    private final boolean reserving;
    private final Map<String, DiskSpace> spaces = new TreeMap<>();
    private final Map<String, DiskExtent> reserved = new TreeMap<>();
    private long left;
    private Placement failed;

    Columns(Avoidance where, String from, long maxBytes, boolean reserving) {
      this.where = where.copy();
      this.from = from;
      this.reserving = reserving;
      left = maxBytes == 0 ? Long.MAX_VALUE : maxBytes;
      inventory.space(pool.getId()).disks().forEach((id, space) -> spaces.put(id, space.copy()));
    }

    boolean place() {
      if (reserving) reserve();
      for (Alignment.Piece piece : Alignment.pieces(volume.getLayout(), leg)) if (!place(piece)) return false;
      intents = reserving ? reserved() : beside();
      if (intents != null) taken.add(intents);
      return intents != null;
    }

    /** Every disk that may get something keeps room for the write intents. */
    private void reserve() {
      for (Disk disk : where.disks()) {
        if (where.reasons().containsKey(disk.getId())) continue;
        DiskExtent e = LegPlacer.shortest(disk.getId(), spaces.get(disk.getId()), LegPlacer.intentsBytes(pool));
        if (e == null) where.disk(disk.getId(), "no room for write intents of " + FieldRules.bytes(LegPlacer.intentsBytes(pool)));
        else take(e);
        if (e != null) reserved.put(disk.getId(), e);
      }
    }

    private void take(DiskExtent e) {
      spaces.get(e.diskId()).allocate(e.offset(), e.length());
    }

    private boolean place(Alignment.Piece piece) {
      int column = -1;
      for (int c = 0; c < piece.columns().size(); c++) if (piece.columns().get(c).diskId().equals(from)) column = c;
      long granule = piece.columns().size() == 1 ? pool.getUnitBytes() : Math.max(pool.getUnitBytes(), piece.stripeUnitBytes());
      long bytes = Math.min(piece.columnBytes(), left > piece.columnBytes() ? piece.columnBytes() : (left + granule - 1) / granule * granule);
      if (column < 0 || bytes == 0) {
        pieces.add(piece);
        return true;
      }
      Avoidance here = where.copy();
      for (DiskExtent other : piece.columns()) here.disk(other.diskId(), "another column lies on it");
      List<PlacementDisk> disks = new ArrayList<>();
      for (Disk disk : where.disks()) disks.add(new PlacementDisk(disk.getId(), disk.getName(), disk.getDomain(), spaces.get(disk.getId())));
      Placement placement = Placer.place(disks, new PlacementRequest(1, bytes, granule, CatalogLimits.SEGMENTS, here.reasons()));
      if (!placement.placed()) {
        failed = placement;
        return false;
      }
      long at = 0;
      for (PlacedSegment placed : placement.segments()) {
        DiskExtent e = placed.columns().get(0);
        List<DiskExtent> columns = new ArrayList<>(piece.cut(at, e.length()).columns());
        columns.set(column, e);
        pieces.add(new Alignment.Piece(piece.stripeUnitBytes(), columns));
        taken.add(e);
        at += e.length();
      }
      // Only now: what was thought of the disks is told by how they were.
      for (PlacedSegment placed : placement.segments()) take(placed.columns().get(0));
      if (at < piece.columnBytes()) pieces.add(piece.cut(at, piece.columnBytes() - at));
      left -= Math.min(left, bytes);
      return true;
    }

    /** On a disk of the leg as it will be, on one that is new to it first. */
    private DiskExtent beside() {
      Set<String> disks = new LinkedHashSet<>();
      for (DiskExtent e : taken) disks.add(e.diskId());
      for (Alignment.Piece piece : pieces) for (DiskExtent e : piece.columns()) disks.add(e.diskId());
      for (String id : disks) {
        // One that is avoided by name is on its way out; one where only another column lies is as good as any.
        if (id.equals(from) || inventory.disks.get(id).getClosed()) continue;
        DiskExtent e = LegPlacer.shortest(id, spaces.get(id), LegPlacer.intentsBytes(pool));
        if (e != null) return e;
      }
      return null;
    }

    private DiskExtent reserved() {
      for (DiskExtent e : taken) if (reserved.containsKey(e.diskId())) return reserved.get(e.diskId());
      return null;
    }

    Refusal noSpace() {
      if (failed != null) return refusal(failed, "add disks to the pool");
      return Refusal.of(Problem.Code.NO_SPACE, "There is no room for leg " + (leg + 1) + " of volume " + volume.getName(),
          "no disk has room for its write intents of " + FieldRules.bytes(LegPlacer.intentsBytes(pool)), "add disks to the pool", volume.getId());
    }
  }
}
