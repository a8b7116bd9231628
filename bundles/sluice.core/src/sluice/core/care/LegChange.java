package sluice.core.care;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import sluice.protocol.v1.AddLeg;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DropLeg;
import sluice.protocol.v1.FillLeg;
import sluice.protocol.v1.FinishLeg;
import sluice.protocol.v1.MarkLegStale;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.ReplaceLeg;
import sluice.protocol.v1.ResizeVolume;
import sluice.protocol.v1.SnapshotMember;
import sluice.protocol.v1.TakeSnapshot;

/**
 * A change of the layout that needs a recall (invariant 3).
 *
 * @param legId whose leg; of ADD the new one's, of RESIZE empty, of SNAPSHOT the group's id
 * @param doomed all legs that are to be given up now or soon: what hangs there is not waited for
 * @param reason why, for the catalog
 * @param mayWait the hosts are not kept waiting for it: it is given up after a while and tried again
 * @param request who asked for it; null: the care itself
 * @param move of kind MOVE: what is to be moved, without new id and epoch
 */
record LegChange(Kind kind, String legId, List<Leg> doomed, String reason, boolean mayWait, LegRequest request, MoveLeg move) {
  /** Of any kind but MOVE. */
  LegChange(Kind kind, String legId, List<Leg> doomed, String reason, boolean mayWait, LegRequest request) {
    this(kind, legId, doomed, reason, mayWait, request, null);
  }

  enum Kind {
    STALE,
    FILL,
    FINISH,
    REPLACE,
    ADD,
    DROP,
    /** Of the volume, not of a leg: all legs get longer or shorter. */
    RESIZE,
    /** A leg comes that is to replace another. */
    MOVE,
    /** No change of a leg, but made in the same way: the volume as it is at that moment is kept (invariant 6). */
    SNAPSHOT
  }

  /** The same thing to do, though perhaps with more legs given up on the way. */
  boolean sameAs(LegChange other) {
    return other != null && kind == other.kind && legId.equals(other.legId) && request == other.request;
  }

  List<String> doomedIds() {
    return doomed.stream().map(Leg::id).toList();
  }

  /** Disks on which writes of a host may still be under way: nothing reads them afterwards (invariant 8). */
  Set<String> givenUpDisks(Legs legs) {
    Set<String> disks = new HashSet<>(legs.disksOf(doomed));
    for (Leg leg : legs.all()) {
      if (!leg.stale()) continue;
      // With a leg that is replaced goes one that was to take another's place.
      boolean own = leg.id().equals(legId) || kind == Kind.REPLACE && leg.replaces();
      // What is to be filled must not be written behind the copier's back, and space that is given away not at all: unless
      // the disk is lost, and then nothing is put there as long as a host says that it is in doubt (CareFacts).
      if (own && (kind == Kind.FILL || legs.reach(leg) != Legs.Reach.LOST)) continue;
      disks.addAll(leg.disks());
    }
    return disks;
  }

  /** The change for the catalog. */
  Change build(String volumeId, long epoch, String newId, Legs legs, Holders holders, CareEffects effects) {
    Change.Builder c = Change.newBuilder();
    switch (kind) {
      case STALE -> c.setMarkLegStale(MarkLegStale.newBuilder().setVolumeId(volumeId).setLegId(legId).setReason(reason).setEpoch(epoch));
      case FILL -> c.setFillLeg(FillLeg.newBuilder().setVolumeId(volumeId).setLegId(legId).setTaskId(newId).setEpoch(epoch));
      case FINISH -> c.setFinishLeg(FinishLeg.newBuilder().setVolumeId(volumeId).setLegId(legId).setEpoch(epoch));
      case REPLACE -> c.setReplaceLeg(ReplaceLeg.newBuilder().setVolumeId(volumeId).setLegId(legId).setNewLegId(newId).setEpoch(epoch)
          .addAllAvoid(avoid(legs, holders, effects)));
      case ADD -> c.setAddLeg(AddLeg.newBuilder().setVolumeId(volumeId).setNewLegId(legId).setEpoch(epoch)
          .addAllAvoid(avoid(legs, holders, effects)));
      case RESIZE -> c.setResizeVolume(ResizeVolume.newBuilder().setVolumeId(volumeId).setSizeBytes(request.sizeBytes).setEpoch(epoch)
          .setConfirmName(request.confirmName).addAllAvoid(avoid(legs, holders, effects)));
      case MOVE -> c.setMoveLeg(move.toBuilder().setNewLegId(newId).setEpoch(epoch).addAllAvoid(avoid(legs, holders, effects)));
      case SNAPSHOT -> c.setTakeSnapshot(TakeSnapshot.newBuilder().setGroupId(legId)
          .addMembers(SnapshotMember.newBuilder().setVolumeId(volumeId).setEpoch(epoch).addAllAvoid(avoid(legs, holders, effects))));
      case DROP -> c.setDropLeg(DropLeg.newBuilder().setVolumeId(volumeId).setLegId(legId).setEpoch(epoch));
    }
    return c.build();
  }

  /** What the server knows, and what this volume has seen of its own disks. */
  private Set<AvoidDisk> avoid(Legs legs, Holders holders, CareEffects effects) {
    Set<String> named = new HashSet<>();
    Set<AvoidDisk> avoid = new LinkedHashSet<>();
    for (AvoidDisk a : effects.avoid()) if (named.add(a.getDiskId())) avoid.add(a);
    for (Leg leg : legs.all()) {
      boolean failing = leg.id().equals(legId) && kind == Kind.REPLACE;
      if (!failing && legs.reach(leg) != Legs.Reach.LOST) continue;
      String why = legs.reach(leg) == Legs.Reach.LOST ? legs.lostWords(leg) : "filling a copy there has failed";
      for (String disk : leg.disks()) if (named.add(disk)) avoid.add(AvoidDisk.newBuilder().setDiskId(disk).setReason(why).build());
    }
    for (String disk : holders.doubtfulDisks()) {
      if (named.add(disk)) avoid.add(AvoidDisk.newBuilder().setDiskId(disk).setReason("a host has writes in doubt there").build());
    }
    return avoid;
  }

  /** What happens, for people. */
  String words() {
    return switch (kind) {
      case STALE -> "giving up a copy";
      case FILL -> "beginning a recovery";
      case FINISH -> "ending a recovery";
      case REPLACE -> "taking replacement space";
      case ADD -> "adding a copy";
      case DROP -> "dropping a copy";
      case RESIZE -> "resizing the volume";
      case MOVE -> "beginning a move";
      case SNAPSHOT -> "taking a snapshot";
    };
  }
}
