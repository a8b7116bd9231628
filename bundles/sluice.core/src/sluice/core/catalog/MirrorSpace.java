package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import sluice.core.space.DiskExtent;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Volume;

/** Finds room for the legs of a mirrored volume: for all of a new one, for their growth, for one more, for one elsewhere. */
final class MirrorSpace {
  /**
   * Segments of all legs, and what was thought of each disk.
   *
   * @param intents extents of the legs that are new, in order
   * @param legs each leg's pieces, for {@link Alignment#put}; empty of a volume's creation and growth
   */
  record Room(List<Segment> segments, List<DiskExtent> intents, Supplier<List<Candidate>> candidates, List<List<Alignment.Piece>> legs) {
    Room(List<Segment> segments, List<DiskExtent> intents, Supplier<List<Candidate>> candidates) {
      this(segments, intents, candidates, List.of());
    }
  }

  private final Inventory inventory;
  private final Pool pool;
  private final String volume;
  private final VolumeShape shape;
  private final LegPlacer placer;
  private final Avoidance avoid;

  MirrorSpace(Inventory inventory, Pool pool, String volume, VolumeShape shape, List<AvoidDisk> avoid) {
    this.inventory = inventory;
    this.pool = pool;
    this.volume = volume;
    this.shape = shape;
    placer = new LegPlacer(inventory, pool, shape);
    this.avoid = Avoidance.of(inventory, pool.getId(), avoid);
  }

  /** @throws Refusal NO_SPACE with a candidate for each disk of the pool */
  Room create(int legs, long sizeBytes) {
    long column = shape.columnBytes(volume, sizeBytes);
    LegSpread.Result spread = LegSpread.spread(placer, avoid.copy().spares(), column, legs);
    if (spread.legs().isEmpty()) {
      throw noSpace("for " + legs + " legs of volume " + volume, spread.whyNot(),
          "add disks to the pool, or choose a smaller size" + (shape.columns() > 1 ? ", fewer stripes" : "") + " or fewer legs", spread.candidates());
    }
    List<List<Alignment.Piece>> pieces = new ArrayList<>();
    List<DiskExtent> intents = new ArrayList<>();
    for (LegPlacer.Placed leg : spread.legs()) {
      pieces.add(Alignment.pieces(leg.placement().segments(), shape.stripeUnitBytes()));
      intents.add(leg.intents());
    }
    return new Room(aligned(pieces), intents, spread::candidates);
  }

  /** Every leg by the same; behind where it ends as far as all of them can. @throws Refusal NO_SPACE, with candidates */
  Room grow(Volume old, long sizeBytes) {
    List<Segment> present = old.getLayout().getSegmentsList();
    Segment last = present.get(present.size() - 1);
    long have = last.getStartBytes() + last.getLengthBytes();
    if (sizeBytes <= have) return new Room(present, List.of(), List::of);
    long need = shape.columnBytes(volume, sizeBytes - have);
    if (need * shape.columns() > Long.MAX_VALUE - have) throw VolumeShape.tooLarge(volume);
    Avoidance base = avoid.copy().spares();
    long behind = freeBehind(old, need, base);
    Growth growth = new Growth(old, base, need, behind);
    if (!growth.done && behind > 0) growth = new Growth(old, base, need, 0);
    if (!growth.done) {
      throw noSpace("for volume " + volume, "for leg " + (growth.failedLeg + 1) + ": " + growth.failed.placement().whyNot(),
          "add disks to the pool, or choose a smaller size", growth.failed.placement().candidates());
    }
    List<Candidate> none = List.of();
    return new Room(aligned(growth.pieces), List.of(), () -> none);
  }

  private long freeBehind(Volume old, long need, Avoidance base) {
    long free = need;
    Segment last = old.getLayout().getSegments(old.getLayout().getSegmentsCount() - 1);
    for (int l = 0; l < Legs.count(old); l++) {
      for (DiskExtent e : Legs.extents(List.of(last), l)) {
        if (base.reasons().containsKey(e.diskId())) return 0;
        free = Math.min(free, placer.space(e.diskId()).freeFrom(e.offset() + e.length()));
      }
    }
    return free / shape.granule() * shape.granule();
  }

  /** Every leg longer, a part of it in place and the rest wherever that leg may lie. */
  private final class Growth {
    final List<List<Alignment.Piece>> pieces = new ArrayList<>();
    boolean done;
    LegPlacer.Placed failed;
    int failedLeg;

    Growth(Volume old, Avoidance base, long need, long behind) {
      List<Segment> present = old.getLayout().getSegmentsList();
      List<Set<String>> disks = new ArrayList<>();
      for (int l = 0; l < Legs.count(old); l++) disks.add(Legs.disks(old, l));
      for (int l = 0; l < disks.size(); l++) {
        List<Alignment.Piece> leg = new ArrayList<>(Alignment.pieces(present, l));
        List<DiskExtent> planned = new ArrayList<>();
        Alignment.Piece last = leg.get(leg.size() - 1);
        if (behind > 0) {
          for (DiskExtent e : last.columns()) planned.add(new DiskExtent(e.diskId(), e.offset() + e.length(), behind));
          leg.add(new Alignment.Piece(last.stripeUnitBytes(), planned));
        }
        pieces.add(leg);
        if (behind == need) continue;
        final List<DiskExtent> taken = planned;
        LegPlacer.Placed placed = apart(base, disks, l, a -> placer.without(need - behind, a, taken));
        if (!placed.ok()) {
          failed = placed;
          failedLeg = l;
          return;
        }
        disks.get(l).addAll(placed.disks());
        leg.addAll(Alignment.pieces(placed.placement().segments(), shape.stripeUnitBytes()));
      }
      done = true;
    }
  }

  /** One more leg beside those there are. @throws Refusal NO_SPACE, with candidates */
  Room add(Volume old) {
    List<Set<String>> disks = new ArrayList<>();
    for (int l = 0; l < Legs.count(old); l++) disks.add(Legs.disks(old, l));
    disks.add(new TreeSet<>());
    LegPlacer.Placed placed = apart(avoid.copy().spares(), disks, disks.size() - 1, a -> placer.withIntents(columnBytes(old), a));
    if (!placed.ok()) {
      throw noSpace("for another leg of volume " + volume, placed.placement().whyNot(), "add disks to the pool, or make a spare an ordinary disk",
          placed.placement().candidates());
    }
    return with(old, disks.size() - 1, placed);
  }

  /** Other disks for a leg: in another domain if there is one, on spares if there are some. @throws Refusal NO_SPACE */
  Room replace(Volume old, int leg) {
    List<Set<String>> disks = new ArrayList<>();
    for (int l = 0; l < Legs.count(old); l++) disks.add(Legs.disks(old, l));
    Avoidance any = avoid.copy();
    for (String id : disks.get(leg)) any.disk(id, "the leg that is to be replaced lies on it");
    Avoidance spares = any.copy().allButSpares();
    long column = columnBytes(old);
    LegPlacer.Placed placed = placer.withIntents(column, others(spares, disks, leg, true));
    if (!placed.ok()) placed = placer.withIntents(column, others(any, disks, leg, true));
    if (!placed.ok()) placed = placer.withIntents(column, others(spares, disks, leg, false));
    if (!placed.ok()) placed = placer.withIntents(column, others(any, disks, leg, false));
    if (!placed.ok()) {
      throw noSpace("for leg " + (leg + 1) + " of volume " + volume, placed.placement().whyNot(), "add disks to the pool, or a spare",
          placed.placement().candidates());
    }
    return with(old, leg, placed);
  }

  private interface Attempt {
    LegPlacer.Placed place(Avoidance avoid);
  }

  private static LegPlacer.Placed apart(Avoidance base, List<Set<String>> disks, int leg, Attempt attempt) {
    LegPlacer.Placed placed = attempt.place(others(base, disks, leg, true));
    return placed.ok() ? placed : attempt.place(others(base, disks, leg, false));
  }

  /** Where a leg may not lie because of the others. */
  private static Avoidance others(Avoidance base, List<Set<String>> disks, int leg, boolean domains) {
    Avoidance others = base.copy();
    for (int l = 0; l < disks.size(); l++) if (l != leg) others.leg(l, disks.get(l));
    for (int l = 0; domains && l < disks.size(); l++) if (l != leg) others.domainsOf(l, disks.get(l));
    return others;
  }

  private Room with(Volume old, int leg, LegPlacer.Placed placed) {
    List<List<Alignment.Piece>> pieces = new ArrayList<>();
    for (int l = 0; l < Legs.count(old); l++) pieces.add(Alignment.pieces(old.getLayout(), l));
    List<Alignment.Piece> now = Alignment.pieces(placed.placement().segments(), shape.stripeUnitBytes());
    if (leg < pieces.size()) pieces.set(leg, now);
    else pieces.add(now);
    Layout.Builder layout = Layout.newBuilder();
    Alignment.put(layout, pieces);
    checkPieces(layout.getSegmentsList());
    return new Room(layout.getSegmentsList(), List.of(placed.intents()), placed.considered()::candidates, pieces);
  }

  /** Beside a leg that has none yet. @throws Refusal NO_SPACE */
  DiskExtent intentsBeside(Volume old, int leg) {
    return intentsBeside(old, leg, List.of());
  }

  /** @param planned extents that are as good as taken */
  DiskExtent intentsBeside(Volume old, int leg, List<DiskExtent> planned) {
    List<String> names = new ArrayList<>();
    for (DiskExtent e : Legs.extents(old.getLayout().getSegmentsList(), leg)) {
      DiskExtent intents = placer.intentsOn(e.diskId(), planned);
      if (intents != null) return intents;
      Disk disk = inventory.disks.get(e.diskId());
      if (!names.contains(disk.getName())) names.add(disk.getName());
    }
    throw Refusal.of(Problem.Code.NO_SPACE, "Volume " + volume + " cannot be mirrored",
        "write intents of " + FieldRules.bytes(LegPlacer.intentsBytes(pool)) + " have to lie beside its data, and there is no room on disk "
            + Words.list(names), "move or delete something that lies there", pool.getId());
  }

  /** Of the first leg, in whose way the legs that come are striped. */
  private static long columnBytes(Volume old) {
    long bytes = 0;
    for (Segment s : old.getLayout().getSegmentsList()) bytes += s.getLegs(0).getColumns(0).getLengthBytes();
    return bytes;
  }

  private List<Segment> aligned(List<List<Alignment.Piece>> legs) {
    List<Segment> segments = Alignment.segments(legs);
    checkPieces(segments);
    return segments;
  }

  private void checkPieces(List<Segment> segments) {
    if (segments.size() > CatalogLimits.SEGMENTS) throw noSpace("for volume " + volume, "the free space lies in too many small pieces", "add disks to the pool", List.of());
  }

  private Refusal noSpace(String what, String why, String correction, List<Candidate> candidates) {
    return Refusal.of(Problem.Code.NO_SPACE, "Pool " + pool.getName() + " has no room " + what, why, correction, pool.getId())
        .withCandidates(candidates);
  }
}
