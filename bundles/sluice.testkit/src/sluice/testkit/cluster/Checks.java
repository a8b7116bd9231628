package sluice.testkit.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import sluice.api.layout.Extent;
import sluice.api.layout.LegRole;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.core.layout.LayoutMapping;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Volume;
import sluice.testkit.check.History;
import sluice.testkit.disk.Platter;
import sluice.testkit.disk.SimDisk;

/** The invariants that can be seen from outside, looked at whenever something happens that one of them is about. */
public final class Checks {

  private static final long POLL_NANOS = 50_000_000L;
  /** What is wrong with a disk is noticed within this time. */
  private static final long NOTICED_NANOS = 2_500_000_000L;
  /** By then what is to be given up is given up, or the doubt is gone. */
  private static final long FORGOTTEN_NANOS = 8_000_000_000L;

  private final Rig rig;
  private final Map<String, Volume> volumes = new HashMap<>();
  private final Map<String, VolumeLayout> layouts = new HashMap<>();
  /** Legs that may have lost what was not flushed and that the catalog still takes for good: volume and leg id. */
  private final Set<String> tainted = new HashSet<>();
  /** Legs that the server may doubt, for it has lost one of their disks for a moment. */
  private final Set<String> suspected = new HashSet<>();
  /** Legs that the server has seen fail for itself since they were stale. */
  private final Set<String> reasons = new HashSet<>();
  private final Map<String, List<Copying>> copying = new HashMap<>();
  private final Map<String, List<Direct>> direct = new HashMap<>();
  private final List<Settling> settling = new ArrayList<>();

  /** A chunk of a copy. */
  public static final class Copying {
    private final long start;
    private final long end;
    private final Set<String> disks;

    private Copying(long start, long end, Set<String> disks) {
      this.start = start;
      this.end = end;
      this.disks = disks;
    }
  }

  /** A host's change that a disk has or gets. */
  public static final class Direct {
    private final String host;
    private final String disk;
    private final long start;
    private final long end;

    private Direct(String host, String disk, long start, long end) {
      this.host = host;
      this.disk = disk;
      this.start = start;
      this.end = end;
    }
  }

  private record Settling(String volume, int slot, List<History.Writing> writes, BooleanSupplier served) {}

  Checks(Rig rig) {
    this.rig = rig;
    for (Volume v : rig.catalog().view().volumes()) put(v);
    rig.catalog().follow(this::changed);
  }

  private void put(Volume v) {
    volumes.put(v.getId(), v);
    layouts.put(v.getId(), LayoutMapping.layout(v));
    // A leg whose place another has taken is nobody's concern any more.
    for (Set<String> known : List.of(tainted, suspected, reasons)) {
      known.removeIf(k -> k.startsWith(v.getId()) && v.getLayout().getLegsList().stream().noneMatch(l -> k.equals(v.getId() + l.getId())));
    }
    for (LegInfo leg : v.getLayout().getLegsList()) {
      if (leg.getState() != LegInfo.State.STALE) continue;
      tainted.remove(v.getId() + leg.getId());
      suspected.remove(v.getId() + leg.getId());
      reasons.remove(v.getId() + leg.getId());
    }
  }

  private void changed(CatalogDelta delta) {
    for (ObjectChange change : delta.getChangesList()) {
      if (!change.hasVolume()) continue;
      Volume now = change.getVolume();
      Volume before = volumes.get(now.getId());
      if (before == null) {
        put(now);
        continue;
      }
      blamed(before, now);
      onlyForward(before, now);
      put(now);
      if (now.getSnapshotsCount() > before.getSnapshotsCount()) picture(now);
      for (int slot : before.getUnreconciledSlotsList()) {
        if (!now.getUnreconciledSlotsList().contains(slot)) reconciled(now.getId(), slot);
      }
    }
  }

  /** A snapshot has been taken: this is what it shows from now on. */
  private void picture(Volume v) {
    VolumeLayout layout = layouts.get(v.getId());
    History history = rig.history(v.getId());
    long number = v.getSnapshots(v.getSnapshotsCount() - 1).getNumber();
    for (long page : history.pagesTouched()) {
      long[][] seen = new long[1][];
      for (int leg = 0; leg < layout.legs().size() && seen[0] == null; leg++) {
        if (layout.legs().get(leg).state() != LegRole.State.IN_SYNC || v.getLayout().getLegsCount() > 0 && !whole(v, leg)) continue;
        layout.pieces(leg, page, Platter.PAGE, (disk, diskOffset, volumeOffset, length) -> seen[0] = stamps(layout, disk, diskOffset));
      }
      rig.pictures().taken(v.getId(), number, page, history.determined(page) ? seen[0] : null);
    }
  }

  private static LegInfo leg(Volume v, String id) {
    for (LegInfo leg : v.getLayout().getLegsList()) if (leg.getId().equals(id)) return leg;
    return null;
  }

  /** Invariant 10: a leg fails only when the server cannot reach its disk either. */
  private void blamed(Volume before, Volume now) {
    for (int i = 0; i < now.getLayout().getLegsCount(); i++) {
      LegInfo leg = now.getLayout().getLegs(i);
      // What is to take another's place is given up also for what becomes of that other.
      if (!leg.getReplacesLegId().isEmpty()) continue;
      LegInfo was = leg(before, leg.getId());
      if (was == null || was.getState() == leg.getState() || leg.getState() != LegInfo.State.STALE) continue;
      if (!reasons.contains(now.getId() + leg.getId())) {
        rig.world().broke("path trouble is not disk trouble (invariant 10)",
            "leg " + (i + 1) + " of " + now.getName() + " was given up though the server reaches its disks: " + leg.getReason());
      }
    }
  }

  private void onlyForward(Volume before, Volume now) {
    if (now.getLayout().getLegsCount() > 0 && now.getLayout().getLegsList().stream().noneMatch(l -> l.getState() == LegInfo.State.IN_SYNC)) {
      rig.world().broke("the last good copy is never taken away", now.getName());
    }
    copiesStay(before, now);
    if (now.getLayout().getEpoch() < before.getLayout().getEpoch()) rig.world().broke("epochs grow (invariant 2)", now.getName());
  }

  /** A move never leaves fewer good copies than there were (decision 13); only a leg that fails does. */
  private void copiesStay(Volume before, Volume now) {
    boolean moves = LegExtents.replacing(before.getLayout()) >= 0 && LegExtents.replacing(now.getLayout()) < 0;
    int then = before.getLayout().getLegsCount() == 0 ? 1 : LegExtents.good(before);
    int left = now.getLayout().getLegsCount() == 0 ? 1 : LegExtents.good(now);
    if (moves && left < then) rig.world().broke("redundancy never becomes less by a move", now.getName() + ": " + left + " good copies after " + then);
  }

  /** Ids of the disks of a leg, with that of its intents. */
  public static Set<String> disksOf(Volume v, int leg) {
    return LegExtents.disks(v.getLayout(), leg);
  }

  public Volume volume(String id) {
    return volumes.get(id);
  }

  public Iterable<Volume> volumes() {
    return List.copyOf(volumes.values().stream().sorted(java.util.Comparator.comparing(Volume::getId)).toList());
  }

  // ---- power cuts

  /** Whether every volume has another leg in sync that has lost nothing, if this disk loses what was not flushed. */
  public boolean mayLose(String disk) {
    for (Volume v : volumes()) {
      boolean on = false;
      boolean other = false;
      int legs = Math.max(1, v.getLayout().getLegsCount());
      for (int i = 0; i < legs; i++) {
        boolean here = disksOf(v, i).contains(disk);
        on |= here;
        boolean inSync = legs > 1 && v.getLayout().getLegs(i).getState() == LegInfo.State.IN_SYNC;
        other |= !here && inSync && trusted(v, i);
      }
      if (on && !other) return false;
    }
    return true;
  }

  private boolean whole(Volume v, int leg) {
    if (tainted.contains(v.getId() + v.getLayout().getLegs(leg).getId())) return false;
    for (String d : disksOf(v, leg)) if (!rig.disk(d).powered()) return false;
    return true;
  }

  /** Nothing is to be said against the leg, nor will be of what has happened. */
  private boolean trusted(Volume v, int leg) {
    if (!whole(v, leg) || suspected.contains(v.getId() + v.getLayout().getLegs(leg).getId())) return false;
    for (String d : disksOf(v, leg)) {
      long last = Math.max(rig.disk(d).lastTrouble(), rig.serverToDisk(d).lastTrouble());
      if (rig.world().now() - last < NOTICED_NANOS) return false;
    }
    return true;
  }

  /** The server has lost the disk for a moment: it will doubt the legs on it. */
  public void suspect(String disk) {
    for (Volume v : volumes()) {
      for (int i = 0; i < v.getLayout().getLegsCount(); i++) {
        String leg = v.getId() + v.getLayout().getLegs(i).getId();
        if (!disksOf(v, i).contains(disk)) continue;
        reasons.add(leg);
        if (suspected.add(leg)) rig.world().after(FORGOTTEN_NANOS, () -> suspected.remove(leg));
      }
    }
  }

  /** Whether some leg that the catalog takes for good has lost what was not flushed. */
  public boolean anyLost() {
    return !tainted.isEmpty();
  }

  /** The server could not copy from or to the leg, or not flush it. */
  public void failed(String volumeId, String leg) {
    reasons.add(volumeId + leg);
  }

  /** The disk has lost what was not flushed. */
  public void lost(String disk) {
    for (Volume v : volumes()) {
      for (int i = 0; i < v.getLayout().getLegsCount(); i++) {
        if (v.getLayout().getLegs(i).getState() != LegInfo.State.STALE && disksOf(v, i).contains(disk)) {
          tainted.add(v.getId() + v.getLayout().getLegs(i).getId());
        }
      }
    }
  }

  // ---- invariant 1

  /** A write has been acknowledged: every leg in sync has it, or a newer one. */
  public void acknowledged(String volumeId, History.Writing w, String who) {
    Volume v = volumes.get(volumeId);
    VolumeLayout layout = layouts.get(volumeId);
    for (int leg = 0; leg < layout.legs().size(); leg++) {
      if (layout.legs().get(leg).state() != LegRole.State.IN_SYNC) continue;
      if (v.getLayout().getLegsCount() > 0 && !whole(v, leg)) continue;
      int l = leg;
      layout.pieces(leg, w.offset(), w.length(), (disk, diskOffset, volumeOffset, length) -> {
        for (long at = 0; at < length; at += Platter.PAGE) {
          long page = volumeOffset + at;
          long[] seen = stamps(layout, disk, diskOffset + at);
          if (!rig.history(volumeId).holds(page, seen)) {
            rig.world().broke("a write is on every leg in sync before it is acknowledged (invariant 1)",
                who + " wrote " + w + " of " + v.getName() + ", leg " + (l + 1) + " has " + Long.toHexString(seen[0]) + " at page "
                    + page / Platter.PAGE + ", may have " + rig.history(volumeId).of(page));
          }
        }
      });
    }
  }

  private long[] stamps(VolumeLayout layout, int disk, long offset) {
    return stamps(rig.disk(layout.disks().get(disk)), offset);
  }

  private static long[] stamps(SimDisk disk, long offset) {
    long[] stamps = new long[Platter.PAGE / Platter.SECTOR];
    for (int s = 0; s < stamps.length; s++) stamps[s] = disk.platter().stamp(offset + (long) s * Platter.SECTOR);
    return stamps;
  }

  // ---- invariant 2

  /** A host sends something of a volume to a disk under this epoch. */
  public void direct(String host, String volumeId, long epoch, String what) {
    long now = volumes.get(volumeId).getLayout().getEpoch();
    if (epoch < now) {
      rig.world().broke("no direct I/O under a superseded layout (invariant 2)",
          rig.hostName(host) + " sends " + what + " of " + volumes.get(volumeId).getName() + " under epoch " + epoch + ", it is " + now);
    }
  }

  // ---- invariant 5

  /** A host's change has been sent to a disk: which bytes of the volume it is of, by the layout that the host has. */
  public List<Direct> changing(String host, String volumeId, VolumeLayout layout, String disk, long offset, long length) {
    List<Direct> all = new ArrayList<>();
    for (int l = 0; l < layout.legs().size(); l++) {
      for (Segment segment : layout.segments(l)) {
        List<Extent> leg = segment.legs().get(layout.legs().get(l).own().isEmpty() ? l : 0);
        for (int c = 0; c < leg.size(); c++) {
          Extent e = leg.get(c);
          if (e.disk().equals(disk) && offset >= e.offset() && offset + length <= e.end()) {
            pieces(segment, c, offset - e.offset(), length, (from, to) -> all.add(new Direct(host, disk, from, to)));
          }
        }
      }
    }
    direct.computeIfAbsent(volumeId, v -> new ArrayList<>()).addAll(all);
    for (Direct d : all) for (Copying c : copying.getOrDefault(volumeId, List.of())) meet(volumeId, d, c);
    return all;
  }

  private interface Piece {
    void is(long from, long to);
  }

  private static void pieces(Segment segment, int column, long at, long length, Piece piece) {
    long unit = segment.columns() == 1 ? segment.length() : segment.stripeUnit();
    for (long done = 0; done < length; ) {
      long in = at + done;
      long step = Math.min(unit - in % unit, length - done);
      long from = segment.start() + (in / unit * segment.columns() + column) * unit + in % unit;
      piece.is(from, from + step);
      done += step;
    }
  }

  public void changed(String volumeId, List<Direct> settled) {
    direct.get(volumeId).removeAll(settled);
  }

  /** A range is being copied from or to these legs; what hangs on the disk of a leg that was given up harms nobody. */
  public Copying copying(String volumeId, long start, long end, Set<String> legs) {
    Volume v = volumes.get(volumeId);
    Set<String> disks = new HashSet<>();
    for (int i = 0; i < v.getLayout().getLegsCount(); i++) if (legs.contains(v.getLayout().getLegs(i).getId())) disks.addAll(disksOf(v, i));
    Copying copy = new Copying(start, end, disks);
    copying.computeIfAbsent(volumeId, x -> new ArrayList<>()).add(copy);
    for (Direct d : direct.getOrDefault(volumeId, List.of())) meet(volumeId, d, copy);
    return copy;
  }

  public void copied(String volumeId, Copying copy) {
    copying.get(volumeId).remove(copy);
  }

  /** The server has crashed: what it copied is over. */
  public void serverGone() {
    copying.clear();
  }

  /** The host has crashed. */
  public void hostGone(String host) {
    direct.values().forEach(l -> l.removeIf(d -> d.host.equals(host)));
  }

  private void meet(String volumeId, Direct d, Copying copy) {
    if (d.start >= copy.end || copy.start >= d.end || !copy.disks.contains(d.disk)) return;
    rig.world().broke("copier and writer never meet (invariant 5)", rig.hostName(d.host) + " writes " + d.start / Platter.PAGE + " to "
        + d.end / Platter.PAGE + " of " + volumes.get(volumeId).getName() + " while " + copy.start / Platter.PAGE + " to "
        + copy.end / Platter.PAGE + " is being copied");
  }

  // ---- invariant 4

  /**
   * What a host that died had under way is the same for all once its slot is reconciled, and the server has ended what it had of
   * the host.
   */
  public void settleWith(String volumeId, int slot, List<History.Writing> writes, BooleanSupplier served) {
    settling.add(new Settling(volumeId, slot, writes, served));
  }

  /** Nobody sees anything else any more of what the slot's host left unfinished. */
  public void reconciled(String volumeId, int slot) {
    for (Settling s : List.copyOf(settling)) {
      if (!s.volume.equals(volumeId) || s.slot != slot) continue;
      settling.remove(s);
      settle(s);
    }
  }

  private void settle(Settling s) {
    if (s.served.getAsBoolean()) s.writes.forEach(History.Writing::settled);
    else rig.world().after(POLL_NANOS, () -> settle(s));
  }

  // ---- at the end

  /** Every leg in sync holds the same, and it is what may be read. */
  public void equalLegs() {
    for (Volume v : volumes()) {
      VolumeLayout layout = layouts.get(v.getId());
      History history = rig.history(v.getId());
      for (long page : history.pagesTouched()) {
        long[] first = null;
        for (int leg = 0; leg < layout.legs().size(); leg++) {
          if (layout.legs().get(leg).state() != LegRole.State.IN_SYNC) continue;
          long[][] seen = new long[1][];
          layout.pieces(leg, page, Platter.PAGE, (disk, diskOffset, volumeOffset, length) -> seen[0] = stamps(layout, disk, diskOffset));
          if (!history.holds(page, seen[0])) {
            rig.world().broke("every leg in sync is up to date in the end", "leg " + (leg + 1) + " of " + v.getName() + " has "
                + Long.toHexString(seen[0][0]) + " at page " + page / Platter.PAGE + ", may have " + history.of(page));
          }
          if (first == null) first = seen[0];
          else if (!java.util.Arrays.equals(first, seen[0]) && history.determined(page)) {
            rig.world().broke("all legs in sync hold the same in the end", v.getName() + " page " + page / Platter.PAGE + ": "
                + Long.toHexString(first[0]) + " and, on leg " + (leg + 1) + ", " + Long.toHexString(seen[0][0]) + "; may be " + history.of(page));
          }
        }
      }
    }
  }
}
