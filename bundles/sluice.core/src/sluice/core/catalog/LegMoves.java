package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import sluice.core.layout.LayoutRules;
import sluice.core.layout.LayoutTail;
import sluice.protocol.LegExtents;
import sluice.protocol.NewLegs;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/**
 * A leg that takes the place of another: it comes beside it, is filled, and is in sync in the same commit in which the other
 * one goes, so there are never fewer good copies (decision 13). A volume of one leg has write intents for that time only.
 */
final class LegMoves {
  /** @param leg from 0 on; @param place of the leg that is to come */
  private record Planned(Volume volume, int leg, MoveSpace.Room place) {}

  private LegMoves() {}

  static void move(Transaction t, MoveLeg move) {
    Task task = t.task(move.getTaskId());
    t.about(move.getVolumeId(), task.getId());
    if (!MoveTasks.moves(task) || TaskTable.isEnded(task)) {
      throw Refusal.conflict("The leg cannot be moved", "its task has ended, or is not one that moves legs", "begin a new one", task.getId());
    }
    Planned planned = plan(t, move, task);
    t.put(begun(t, move, planned));
  }

  private static Planned plan(Transaction t, MoveLeg move, Task task) {
    Volume old = t.volume(move.getVolumeId());
    String what = "Volume " + old.getName() + " cannot be moved";
    LegChange.checkEpoch(old, move.getEpoch(), what);
    if (LegExtents.replacing(old.getLayout()) >= 0) {
      throw Refusal.conflict(what, "a leg of it is being moved already", "wait until it is", old.getId());
    }
    if (LayoutTail.has(old, t.pool(old.getPoolId()).getUnitBytes())) {
      throw Refusal.conflict(what, "it has become smaller, and not every host has gone over to that yet", "wait until they have", old.getId());
    }
    LegPlaces.checkNewId(old, move.getNewLegId());
    boolean plain = old.getLayout().getLegsCount() == 0;
    int leg = plain ? 0 : Legs.index(old, move.getLegId());
    if (leg < 0) throw Refusal.conflict(what, "the leg is not there any more", "look again, and decide anew", old.getId());
    if (!plain && !Legs.inSync(old, leg)) {
      throw Refusal.conflict(what, "leg " + (leg + 1) + " is not in sync", "wait until it is", old.getId());
    }
    MoveSpace.Room place = place(t, old, leg, move, task);
    boolean intents = !plain && old.getLayout().getLegs(leg).getIntents().getDiskId().equals(move.getFromDiskId());
    if (place.taken().size() == 1 && !intents) throw Refusal.conflict(what, "nothing of it is to be moved any more", "look again, and decide anew", old.getId());
    return new Planned(old, leg, place);
  }

  private static MoveSpace.Room place(Transaction t, Volume old, int leg, MoveLeg move, Task task) {
    MoveSpace space = new MoveSpace(t.inventory, old, leg, Avoidance.of(t.inventory, old.getPoolId(), move.getAvoidList()));
    if (task.getKind() == Task.Kind.RELAYOUT) return space.restriped(task.getMove().getStripes(), task.getMove().getStripeUnitBytes());
    t.disk(move.getFromDiskId());
    if (!move.getToDiskId().isEmpty()) t.disk(move.getToDiskId());
    if (move.getMaxBytes() < 0) {
      throw Refusal.invalid("Volume " + old.getName() + " cannot be moved", "so many bytes cannot be of a disk", "name fewer, or none for all", old.getId());
    }
    boolean strict = task.getKind() == Task.Kind.REBALANCE;
    return space.off(move.getFromDiskId(), move.getToDiskId(), move.getMaxBytes(), strict);
  }

  private static Volume begun(Transaction t, MoveLeg move, Planned planned) {
    Volume old = planned.volume;
    Volume.Builder now = old.toBuilder();
    Layout.Builder layout = now.getLayoutBuilder();
    boolean plain = layout.getLegsCount() == 0;
    List<List<Alignment.Piece>> pieces = pieces(old);
    if (plain) {
      String first = LegPlaces.id(old.getId(), layout.getEpoch(), 0);
      layout.addLegs(LegPlaces.inSync(first, LegPlaces.space(t, old, List.of()).intentsBeside(old, 0, planned.place.taken()), t.timeMs()))
          .setRegionBytes(LayoutRules.regionBytes(old.getSizeBytes()));
    }
    layout.setEpoch(layout.getEpoch() + 1).addLegs(LegInfo.newBuilder().setId(move.getNewLegId()).setState(LegInfo.State.STALE)
        .setReason(NewLegs.REASON).setSinceMs(t.timeMs()).setWhole(true).setIntents(Alignment.extent(planned.place.intents()))
        .setReplacesLegId(layout.getLegs(planned.leg).getId()).setTaskId(move.getTaskId()).setPlain(plain));
    pieces.add(planned.place.pieces());
    Alignment.put(layout, pieces);
    if (layout.getSegmentsCount() > CatalogLimits.SEGMENTS) {
      throw Refusal.of(Problem.Code.NO_SPACE, "Volume " + old.getName() + " cannot be moved", "the free space lies in too many small pieces",
          "add disks to the pool", old.getPoolId());
    }
    return LegPlaces.withSlots(now.build(), "Volume " + old.getName() + " cannot be moved");
  }

  private static List<List<Alignment.Piece>> pieces(Volume volume) {
    List<List<Alignment.Piece>> pieces = new ArrayList<>();
    for (int l = 0; l < Legs.count(volume); l++) pieces.add(Alignment.pieces(volume.getLayout(), l));
    return pieces;
  }

  /** Its task is at work. */
  static Task checkFills(Transaction t, LegChange c) {
    Task task = t.inventory.tasks.get(c.info().getTaskId());
    if (task == null || TaskTable.isEnded(task)) throw c.conflict("the task that it belongs to has ended", "drop it");
    int source = LegExtents.replaced(c.volume().getLayout(), c.index());
    if (!Legs.inSync(c.volume(), source)) throw c.conflict("the leg that it is to replace is not in sync", "wait until it is");
    return task;
  }

  /** FILLING becomes IN_SYNC, in the place of the one that goes. */
  static void finish(Transaction t, LegChange c) {
    Volume old = c.volume();
    int source = LegExtents.replaced(old.getLayout(), c.index());
    if (!Legs.inSync(old, source)) throw c.conflict("the leg that it is to replace is not in sync", "wait until it is");
    if (c.info().getPlain() && old.getUnreconciledSlotsCount() > 0) {
      throw c.conflict("what a host left unfinished has not been reconciled", "reconcile it first");
    }
    String from = LegChange.disks(t, old, source);
    List<List<Alignment.Piece>> pieces = pieces(old);
    pieces.set(source, pieces.get(c.index()));
    pieces.remove(c.index());
    LegInfo now = c.info().toBuilder().setState(LegInfo.State.IN_SYNC).clearReason().setSinceMs(t.timeMs()).clearWhole().clearFilledBytes()
        .clearReplacesLegId().clearTaskId().clearPlain().build();
    Layout.Builder layout = old.getLayout().toBuilder().setEpoch(old.getLayout().getEpoch() + 1).setLegs(source, now).removeLegs(c.index());
    Alignment.put(layout, pieces);
    Volume moved = old.toBuilder().setLayout(layout).setStripes(LegExtents.stripes(layout.build(), 0)).build();
    if (c.info().getPlain()) moved = plain(moved);
    long bytes = LegExtents.bytes(LegExtents.moved(old.getLayout(), c.index()));
    t.put(moved);
    VerifyTasks.legGone(t, moved, old.getLayout().getLegs(source).getId());
    MoveTasks.moved(t, c.info().getTaskId(), bytes, "moved " + FieldRules.bytes(bytes) + " of leg " + (source + 1) + " of volume " + old.getName());
    t.event(sluice.protocol.v1.Severity.INFO, "leg-moved", "leg " + (source + 1) + " of volume " + old.getName() + " moved from " + from + " to "
        + LegChange.disks(t, moved, source), c.objects());
  }

  /** It goes again, whatever was copied to it; the leg that it was to replace stays. */
  static void abandon(Transaction t, LegChange c) {
    if (t.actor().getKind() != sluice.protocol.v1.Actor.Kind.SERVER) {
      throw c.conflict("it is to replace another leg", "cancel its task with: sluice task cancel " + c.info().getTaskId());
    }
    t.put(without(c.volume()));
  }

  /** The volume without a leg that is to replace another, under the next epoch; the same if it has none. */
  static Volume without(Volume volume) {
    int replacing = LegExtents.replacing(volume.getLayout());
    if (replacing < 0) return volume;
    List<List<Alignment.Piece>> pieces = pieces(volume);
    pieces.remove(replacing);
    Layout.Builder layout = volume.getLayout().toBuilder().setEpoch(volume.getLayout().getEpoch() + 1).removeLegs(replacing);
    Alignment.put(layout, pieces);
    Volume now = volume.toBuilder().setLayout(layout).build();
    return volume.getLayout().getLegs(replacing).getPlain() ? plain(now) : now;
  }

  /** One leg and no write intents: nothing is to be reconciled, since there is nothing to differ from. */
  private static Volume plain(Volume volume) {
    Volume.Builder now = volume.toBuilder().clearUnreconciledSlots();
    now.getLayoutBuilder().clearLegs().clearRegionBytes();
    for (int i = 0; i < volume.getAttachmentsCount(); i++) {
      Attachment a = volume.getAttachments(i);
      now.setAttachments(i, a.toBuilder().clearSlot());
    }
    return now.build();
  }

  /**
   * A leg that is to be replaced has missed writes. What the other has in common with it has missed them too, so nothing that
   * was copied to it counts any more.
   */
  static void sourceLost(Transaction t, String volumeId, String legId, String reason) {
    Volume volume = t.volume(volumeId);
    int replacing = LegExtents.replacing(volume.getLayout());
    if (replacing < 0) return;
    LegInfo info = volume.getLayout().getLegs(replacing);
    if (!info.getReplacesLegId().equals(legId)) return;
    t.put(volume.toBuilder().setLayout(volume.getLayout().toBuilder().setLegs(replacing, info.toBuilder().setState(LegInfo.State.STALE)
        .setReason("the leg that it is to replace has missed writes: " + reason).setSinceMs(t.timeMs()).setWhole(true).clearFilledBytes())).build());
  }

  /** Does at once what a move comes to in the end. For plans. @return bytes that are moved */
  static long rehearse(Transaction t, MoveLeg move, Task task) {
    Planned planned = plan(t, move, task);
    Volume begun = begun(t, move, planned);
    t.put(begun);
    int replacing = LegExtents.replacing(begun.getLayout());
    long bytes = LegExtents.bytes(LegExtents.moved(begun.getLayout(), replacing));
    List<List<Alignment.Piece>> pieces = pieces(begun);
    int source = LegExtents.replaced(begun.getLayout(), replacing);
    pieces.set(source, pieces.get(replacing));
    pieces.remove(replacing);
    LegInfo info = begun.getLayout().getLegs(replacing);
    Layout.Builder layout = begun.getLayout().toBuilder().setLegs(source, info.toBuilder().clearReplacesLegId().setState(LegInfo.State.IN_SYNC))
        .removeLegs(replacing);
    Alignment.put(layout, pieces);
    Volume now = begun.toBuilder().setLayout(layout).setStripes(LegExtents.stripes(layout.build(), 0)).build();
    t.put(info.getPlain() ? plain(now) : now);
    return bytes;
  }

}
