package sluice.core.catalog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import sluice.core.layout.LayoutRules;
import sluice.core.space.DiskExtent;
import sluice.protocol.v1.AddLeg;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.DropLeg;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
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

  static void replace(Transaction t, ReplaceLeg replace) {
    LegChange c = LegChange.of(t, replace.getVolumeId(), replace.getLegId(), "cannot be replaced");
    c.checkEpoch(replace.getEpoch());
    if (c.info().getState() != LegInfo.State.STALE) {
      throw c.conflict(c.info().getState() == LegInfo.State.IN_SYNC ? "it is in sync" : "it is being brought up to date", "mark it as stale first");
    }
    Volume old = c.volume();
    checkNewId(old, replace.getNewLegId());
    MirrorSpace.Room room = space(t, old, replace.getAvoidList()).replace(old, c.index());
    t.considered(room.candidates());
    LegInfo now = empty(replace.getNewLegId(), room.intents().get(0), "nothing has been copied to its new place yet", t.timeMs()).build();
    Layout layout = old.getLayout().toBuilder().setEpoch(old.getLayout().getEpoch() + 1).clearSegments().addAllSegments(room.segments())
        .setLegs(c.index(), now).build();
    Volume volume = old.toBuilder().setLayout(layout).build();
    t.put(volume);
    String to = LegChange.disks(t, volume, c.index());
    RecoveryTasks.move(t, replace.getLegId(), replace.getNewLegId(), "the leg lies on " + to + " now");
    t.event(Severity.WARNING, "leg-replaced", c.words() + " is given up; all of it will be copied to " + to, c.objects());
  }

  private static void checkNewId(Volume volume, String id) {
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
    int legs = Legs.count(old);
    if (legs == CatalogLimits.LEGS) {
      throw Refusal.conflict(what, "it has " + legs + ", and a volume has at most " + CatalogLimits.LEGS, "drop one first", old.getId());
    }
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
        .addLegs(empty(add.getNewLegId(), room.intents().get(0), "nothing has been copied to it yet", t.timeMs()));
    Volume volume = withSlots(now.build(), what);
    t.put(volume);
    t.info("leg-added", "leg " + (legs + 1) + " of volume " + old.getName() + " added on " + LegChange.disks(t, volume, legs), old.getId());
  }

  /** Hosts that hold it for writing keep their slots; those of a volume that had no write intents get one. */
  private static Volume withSlots(Volume volume, String what) {
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
    Layout.Builder layout = old.getLayout().toBuilder().setEpoch(old.getLayout().getEpoch() + 1).clearSegments().removeLegs(c.index());
    List<List<Alignment.Piece>> pieces = new ArrayList<>();
    for (int l = 0; l < Legs.count(old); l++) if (l != c.index()) pieces.add(Alignment.pieces(old.getLayout().getSegmentsList(), l));
    layout.addAllSegments(Alignment.segments(pieces));
    RecoveryTasks.end(t, drop.getLegId(), Task.State.CANCELLED, "the leg was dropped by " + t.actorWords());
    t.put(old.toBuilder().setLegs(layout.getLegsCount()).setLayout(layout).build());
    t.info("leg-dropped", c.words() + " dropped", c.objects());
  }
}
