package sluice.core.catalog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import sluice.core.layout.LayoutRules;
import sluice.core.space.DiskExtent;
import sluice.protocol.LegExtents;
import sluice.protocol.NewLegs;
import sluice.protocol.v1.AddLeg;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.DropLeg;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.ReplaceLeg;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** Changes of how many legs a volume has, and where they lie. */
final class LegPlaces {
  private LegPlaces() {}

  /** A leg's id, where none comes with the command: made of what the leg is, so that it is the same everywhere. */
  static String id(String volumeId, long epoch, int leg) {
    return UUID.nameUUIDFromBytes(("leg " + volumeId + " " + epoch + " " + leg).getBytes(StandardCharsets.UTF_8)).toString();
  }

  static LegInfo inSync(String id, DiskExtent intents, long sinceMs) {
    return LegInfo.newBuilder().setId(id).setState(LegInfo.State.IN_SYNC).setSinceMs(sinceMs).setIntents(Alignment.extent(intents)).build();
  }

  private static LegInfo.Builder empty(String id, DiskExtent intents, String reason, long sinceMs) {
    return LegInfo.newBuilder().setId(id).setState(LegInfo.State.STALE).setReason(reason).setSinceMs(sinceMs).setWhole(true)
        .setIntents(Alignment.extent(intents));
  }

  static MirrorSpace space(Transaction t, Volume volume, List<AvoidDisk> avoid) {
    VolumeShape shape = VolumeShape.of(t.pool(volume.getPoolId()), volume.getName(), volume.getStripes(),
        volume.getLayout().getSegments(0).getStripeUnitBytes());
    return new MirrorSpace(t.inventory, t.pool(volume.getPoolId()), volume.getName(), shape, avoid);
  }

  /** Whether a volume without write intents could have some beside its leg. @param planned extents that are as good as taken */
  static boolean hasRoomForIntents(Inventory inventory, Volume volume, List<DiskExtent> planned) {
    Pool pool = inventory.pools.get(volume.getPoolId());
    LegPlacer placer = new LegPlacer(inventory, pool, new VolumeShape(1, CatalogLimits.DEFAULT_STRIPE_UNIT_BYTES, pool.getUnitBytes()));
    for (String disk : Legs.disks(volume, 0)) if (placer.intentsOn(disk, planned) != null) return true;
    return false;
  }

  static void replace(Transaction t, ReplaceLeg replace) {
    LegChange c = LegChange.of(t, replace.getVolumeId(), replace.getLegId(), "cannot be replaced");
    c.checkEpoch(replace.getEpoch());
    if (c.info().getState() != LegInfo.State.STALE) {
      throw c.conflict(c.info().getState() == LegInfo.State.IN_SYNC ? "it is in sync" : "it is being brought up to date", "mark it as stale first");
    }
    if (!c.info().getReplacesLegId().isEmpty()) throw c.conflict("it is to replace another leg itself", "drop it, and move the other one anew");
    Volume old = LegMoves.without(c.volume());
    checkNewId(old, replace.getNewLegId());
    int leg = Legs.index(old, replace.getLegId());
    MirrorSpace.Room room = space(t, old, replace.getAvoidList()).replace(old, leg);
    t.considered(room.candidates());
    LegInfo now = empty(replace.getNewLegId(), room.intents().get(0), "nothing has been copied to its new place yet", t.timeMs()).build();
    Layout.Builder layout = old.getLayout().toBuilder().setEpoch(c.volume().getLayout().getEpoch() + 1).setLegs(leg, now);
    Alignment.put(layout, room.legs());
    Volume volume = old.toBuilder().setLayout(layout).build();
    t.put(volume);
    String to = LegChange.disks(t, volume, leg);
    RecoveryTasks.move(t, replace.getLegId(), replace.getNewLegId(), "the leg lies on " + to + " now");
    VerifyTasks.legGone(t, volume, replace.getLegId());
    t.event(Severity.WARNING, "leg-replaced", c.words() + " is given up; all of it will be copied to " + to, c.objects());
  }

  static void checkNewId(Volume volume, String id) {
    if (!FieldRules.isId(id)) {
      throw Refusal.invalid("'" + Words.cut(id, CatalogLimits.NAME_CHARS) + "' cannot be the id of a leg", "an id is a UUID in lower case",
          "leave the making of ids to the server", volume.getId());
    }
    if (Legs.index(volume, id) >= 0) throw usedId(volume);
  }

  private static Refusal usedId(Volume volume) {
    return Refusal.conflict("Volume " + volume.getName() + " has a leg of this id", "an id is never used again", "make another id", volume.getId());
  }

  static void add(Transaction t, AddLeg add) {
    Volume old = t.volume(add.getVolumeId());
    String what = "Volume " + old.getName() + " cannot get another leg";
    t.about(old.getId());
    LegChange.checkEpoch(old, add.getEpoch(), what);
    checkNewId(old, add.getNewLegId());
    MoveConflicts.checkVolume(t, old, "cannot get another leg");
    int legs = Legs.count(old);
    if (legs == CatalogLimits.LEGS) {
      throw Refusal.conflict(what, "it has " + legs + ", and a volume has at most " + CatalogLimits.LEGS, "drop one first", old.getId());
    }
    MoveConflicts.checkAlike(old, "cannot get another leg");
    for (Segment s : old.getLayout().getSegmentsList()) {
      if (s.getStripeUnitBytes() != old.getLayout().getSegments(0).getStripeUnitBytes()) {
        throw Refusal.conflict(what, "its stripe unit is not the same everywhere", "copy it into a new volume", old.getId());
      }
    }
    MirrorSpace space = space(t, old, add.getAvoidList());
    Volume.Builder now = old.toBuilder().setLegs(legs + 1);
    Layout.Builder layout = now.getLayoutBuilder();
    if (layout.getLegsCount() == 0) {
      String first = id(old.getId(), layout.getEpoch(), 0);
      if (first.equals(add.getNewLegId())) throw usedId(old);
      layout.addLegs(inSync(first, space.intentsBeside(old, 0), t.timeMs())).setRegionBytes(LayoutRules.regionBytes(old.getSizeBytes()));
    }
    MirrorSpace.Room room = space.add(old);
    t.considered(room.candidates());
    layout.setEpoch(layout.getEpoch() + 1).clearSegments().addAllSegments(room.segments())
        .addLegs(empty(add.getNewLegId(), room.intents().get(0), NewLegs.REASON, t.timeMs()));
    Volume volume = withSlots(now.build(), what);
    t.put(volume);
    t.info("leg-added", "leg " + (legs + 1) + " of volume " + old.getName() + " added on " + LegChange.disks(t, volume, legs), old.getId());
  }

  /** Hosts that hold it for writing keep their slots; those of a volume that had no write intents get one. */
  static Volume withSlots(Volume volume, String what) {
    Volume now = volume;
    List<Attachment> attachments = new ArrayList<>(volume.getAttachmentsList());
    for (int i = 0; i < attachments.size(); i++) {
      Attachment a = attachments.get(i);
      if (!Slots.needed(now, a.getAccess()) || a.getSlot() != 0) continue;
      int slot = Slots.lowestFree(now);
      if (slot == 0) throw Slots.noneFree(now, what);
      now = now.toBuilder().setAttachments(i, a.toBuilder().setSlot(slot)).build();
    }
    return now;
  }

  /** The write intents of the leg that stays, if it is one only, stay with it: nothing else depends on how many there are. */
  static void drop(Transaction t, DropLeg drop) {
    LegChange c = LegChange.of(t, drop.getVolumeId(), drop.getLegId(), "cannot be dropped");
    c.checkEpoch(drop.getEpoch());
    c.checkNotLast();
    Volume old = c.volume();
    if (!c.info().getReplacesLegId().isEmpty()) {
      LegMoves.abandon(t, c);
      return;
    }
    MoveConflicts.checkVolume(t, old, "cannot lose a leg");
    Layout.Builder layout = old.getLayout().toBuilder().setEpoch(old.getLayout().getEpoch() + 1).removeLegs(c.index());
    List<List<Alignment.Piece>> pieces = new ArrayList<>();
    for (int l = 0; l < Legs.count(old); l++) if (l != c.index()) pieces.add(Alignment.pieces(old.getLayout(), l));
    Alignment.put(layout, pieces);
    RecoveryTasks.end(t, drop.getLegId(), Task.State.CANCELLED, "the leg was dropped by " + t.actorWords());
    Volume volume = old.toBuilder().setLegs(layout.getLegsCount()).setStripes(LegExtents.stripes(layout.build(), 0)).setLayout(layout).build();
    t.put(volume);
    VerifyTasks.legGone(t, volume, drop.getLegId());
    t.info("leg-dropped", c.words() + " dropped", c.objects());
  }
}
