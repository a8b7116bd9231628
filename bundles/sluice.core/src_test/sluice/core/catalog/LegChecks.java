package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.*;

/** What must hold of legs, slots and tasks after each command, found out in another way than the catalog does. */
final class LegChecks {
  /** Slots by volume that somebody left unfinished and nobody has reconciled since. */
  private final Map<String, Set<Integer>> unfinished = new TreeMap<>();

  void check(CatalogState before, Command command, boolean applied, CatalogView view, String where) {
    for (Volume volume : view.volumes()) {
      Volume old = before.getVolumesList().stream().filter(v -> v.getId().equals(volume.getId())).findFirst().orElse(null);
      checkLegs(volume, where);
      if (old != null) {
        checkBlocksStay(old, volume, command, where);
        checkCopiesStay(old, volume, command, where);
        // What is freed past the volume's end was nobody's under this epoch already.
        if (!command.getChange().hasFreeTail() && !old.getLayout().getSegmentsList().equals(volume.getLayout().getSegmentsList())) {
          assertTrue(old.getLayout().getEpoch() < volume.getLayout().getEpoch(), where + ": another layout in the same epoch");
        }
      }
    }
    if (applied) checkEpoch(before, command, view, where);
    followSlots(before, command, applied, view);
    for (Volume volume : view.volumes()) {
      Set<Integer> held = new HashSet<>();
      for (Attachment a : volume.getAttachmentsList()) {
        if (a.getSlot() == 0) continue;
        assertTrue(held.add(a.getSlot()), where + ": two hosts write one slot");
        assertFalse(unfinished.getOrDefault(volume.getId(), Set.of()).contains(a.getSlot()), where + ": a slot is given away before it is reconciled");
      }
    }
    checkTasks(view, where);
  }

  private static void checkLegs(Volume volume, String where) {
    Layout layout = volume.getLayout();
    Map<String, Integer> legOf = new HashMap<>();
    int moving = LegExtents.replacing(layout);
    for (int l = 0; l < Legs.count(volume); l++) {
      int copy = l == moving ? LegExtents.replaced(layout, l) : l;
      for (Extent e : LegExtents.of(layout, l)) {
        Integer other = legOf.put(e.getDiskId(), copy);
        assertTrue(other == null || other == copy, where + ": two legs on one disk");
      }
    }
    if (layout.getLegsCount() == 0) return;
    assertTrue(layout.getLegsList().stream().anyMatch(l -> l.getState() == LegInfo.State.IN_SYNC), where + ": the last good copy is gone");
    assertTrue((volume.getSizeBytes() + layout.getRegionBytes() - 1) / layout.getRegionBytes() <= 32_000, where);
    for (int l = 0; l < layout.getLegsCount(); l++) {
      Integer on = legOf.get(layout.getLegs(l).getIntents().getDiskId());
      // What was freed past the end of a smaller volume may have been all that the leg had on that disk.
      assertTrue(on == null || on == (l == moving ? LegExtents.replaced(layout, l) : l), where + ": write intents beside another leg");
    }
  }

  /** A leg that keeps its id keeps every block where it was, however the segments were cut. */
  private static void checkBlocksStay(Volume old, Volume now, Command command, String where) {
    if (old.getLayout().equals(now.getLayout())) return;
    int moving = LegExtents.replacing(old.getLayout());
    int only = moving >= 0 && command.getChange().hasFinishLeg() ? moving : 0;
    for (int l = 0; l < Legs.count(now); l++) {
      int before = now.getLayout().getLegsCount() == 0 || old.getLayout().getLegsCount() == 0 ? (l == 0 ? only : -1)
          : Legs.index(old, now.getLayout().getLegs(l).getId());
      if (before < 0) continue;
      for (long at = 0; at < old.getSizeBytes(); at += 1_111_111) {
        assertEquals(place(old, before, at), place(now, l, at), where + ": a block of a leg that stays lies elsewhere");
      }
    }
  }

  /** A move takes no good copy away, neither when it begins nor when it ends nor when it is given up. */
  private static void checkCopiesStay(Volume old, Volume now, Command command, String where) {
    Change c = command.getChange();
    boolean moves = LegExtents.replacing(old.getLayout()) >= 0 || LegExtents.replacing(now.getLayout()) >= 0;
    if (!moves || c.hasMarkLegStale()) return;
    boolean dropsCopy = c.hasDropLeg() && Legs.index(old, c.getDropLeg().getLegId()) != LegExtents.replacing(old.getLayout());
    if (dropsCopy) return;
    int before = old.getLayout().getLegsCount() == 0 ? 1 : LegExtents.good(old);
    int after = now.getLayout().getLegsCount() == 0 ? 1 : LegExtents.good(now);
    assertTrue(after >= before, where + ": a good copy less");
  }

  private static String place(Volume volume, int leg, long at) {
    for (Segment s : LegExtents.segments(volume.getLayout(), leg)) {
      if (at >= s.getStartBytes() + s.getLengthBytes()) continue;
      long within = at - s.getStartBytes();
      List<Extent> columns = LegExtents.columns(volume.getLayout(), leg, s);
      if (columns.size() == 1) return columns.get(0).getDiskId() + " " + (columns.get(0).getOffsetBytes() + within);
      long unit = s.getStripeUnitBytes();
      Extent column = columns.get((int) (within / unit % columns.size()));
      return column.getDiskId() + " " + (column.getOffsetBytes() + within / unit / columns.size() * unit + within % unit);
    }
    throw new AssertionError("byte " + at + " of " + volume);
  }

  private static void checkEpoch(CatalogState before, Command command, CatalogView view, String where) {
    Change c = command.getChange();
    Map<String, Long> named = new HashMap<>();
    switch (c.getBodyCase()) {
      case MARK_LEG_STALE -> named.put(c.getMarkLegStale().getVolumeId(), c.getMarkLegStale().getEpoch());
      case FILL_LEG -> named.put(c.getFillLeg().getVolumeId(), c.getFillLeg().getEpoch());
      case FINISH_LEG -> named.put(c.getFinishLeg().getVolumeId(), c.getFinishLeg().getEpoch());
      case REPLACE_LEG -> named.put(c.getReplaceLeg().getVolumeId(), c.getReplaceLeg().getEpoch());
      case ADD_LEG -> named.put(c.getAddLeg().getVolumeId(), c.getAddLeg().getEpoch());
      case MOVE_LEG -> named.put(c.getMoveLeg().getVolumeId(), c.getMoveLeg().getEpoch());
      case DROP_LEG -> named.put(c.getDropLeg().getVolumeId(), c.getDropLeg().getEpoch());
      default -> { /* names none */ }
    }
    for (Volume old : before.getVolumesList()) {
      if (!named.containsKey(old.getId())) continue;
      assertEquals(old.getLayout().getEpoch(), named.get(old.getId()), where + ": applied under another epoch");
      assertEquals(old.getLayout().getEpoch() + 1, view.volume(old.getId()).orElseThrow().getLayout().getEpoch(), where);
    }
  }

  private void followSlots(CatalogState before, Command command, boolean applied, CatalogView view) {
    if (!applied) return;
    Change c = command.getChange();
    unfinished.keySet().removeIf(v -> view.volume(v).isEmpty());
    if (c.hasSlotReconciled()) unfinished.getOrDefault(c.getSlotReconciled().getVolumeId(), new TreeSet<>()).remove(c.getSlotReconciled().getSlot());
    for (Volume old : before.getVolumesList()) {
      Volume now = view.volume(old.getId()).orElse(null);
      if (now == null) continue;
      if (now.getLayout().getLegsCount() == 0) unfinished.remove(now.getId());
      boolean whole = old.getLayout().getLegsList().stream().allMatch(l -> l.getState() == LegInfo.State.IN_SYNC);
      boolean clean = c.hasReleaseVolume() && !c.getReleaseVolume().getUnfinished() && whole;
      for (Attachment a : old.getAttachmentsList()) {
        boolean gone = now.getAttachmentsList().stream().noneMatch(b -> b.getHostId().equals(a.getHostId()));
        if (gone && !clean && a.getSlot() != 0) unfinished.computeIfAbsent(old.getId(), v -> new TreeSet<>()).add(a.getSlot());
      }
    }
  }

  private static void checkTasks(CatalogView view, String where) {
    Set<String> open = new HashSet<>();
    for (Task task : view.tasks()) {
      if (task.hasMove()) assertTrue(task.getMove().getMovedBytes() <= task.getMove().getTotalBytes(), where + ": more is moved than there was");
      if (task.hasMove()) continue;
      if (task.getState() != Task.State.RUNNING && task.getState() != Task.State.PAUSED) {
        assertTrue(task.getEndedMs() > 0, where);
        continue;
      }
      Volume volume = view.volume(task.getVolumeId()).orElse(null);
      assertNotNull(volume, where + ": a task of a volume that is gone");
      if (task.getKind() == Task.Kind.VERIFY) {
        assertTrue(open.add(task.getVolumeId()), where + ": two tasks compare one volume");
        assertTrue(volume.getLayout().getLegsCount() > 1, where + ": nothing is left to compare");
        continue;
      }
      assertTrue(open.add(task.getLegId()), where + ": two tasks for one leg");
      assertTrue(volume.getLayout().getLegsList().stream().anyMatch(l -> l.getId().equals(task.getLegId()) && l.getState() != LegInfo.State.IN_SYNC),
          where + ": a task for a leg that needs none");
      assertEquals(task, view.taskOfLeg(task.getLegId()).orElseThrow(), where);
    }
    for (Volume volume : view.volumes()) {
      for (LegInfo leg : volume.getLayout().getLegsList()) {
        boolean replaces = !leg.getReplacesLegId().isEmpty();
        if (leg.getState() == LegInfo.State.FILLING) assertTrue(replaces ? view.task(leg.getTaskId()).isPresent() : view.taskOfLeg(leg.getId()).isPresent(), where + ": filled without a task");
      }
    }
  }
}
