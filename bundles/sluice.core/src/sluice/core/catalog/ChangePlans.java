package sluice.core.catalog;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import sluice.core.plan.Moves;
import sluice.core.plan.Redundancies;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ChangePlan;
import sluice.protocol.v1.PlannedMove;
import sluice.protocol.v1.PlannedVolume;
import sluice.protocol.v1.Redundancy;
import sluice.protocol.v1.Volume;

/**
 * What changes of volumes would come to: they are made one after the other by the very code that would make them, and all
 * of it is taken back. Between the steps the volumes are compared with what they were.
 */
final class ChangePlans {
  private final Inventory inventory;
  private final Transaction t;
  private final Map<String, Volume> before = new LinkedHashMap<>();
  private final Map<String, Redundancy> least = new HashMap<>();
  private int step;

  private ChangePlans(Inventory inventory, Actor actor) {
    this.inventory = inventory;
    // the steps are the server's; a host is asked first whether it may
    t = new Transaction(inventory, actor, 0);
  }

  static ChangePlan plan(Inventory inventory, long revision, List<Change> steps, Actor actor) {
    ChangePlans plans = new ChangePlans(inventory, actor);
    ChangePlan.Builder plan = ChangePlan.newBuilder().setRevision(revision);
    Transaction t = plans.t;
    try {
      for (Change change : steps) plans.make(change);
    } catch (Refusal refusal) {
      plan.setProblem(HostRights.visible(t, refusal.problem().toBuilder().clearCandidates().build()));
      if (!t.byHost()) plan.addAllCandidates(refusal.problem().getCandidatesList());
    } finally {
      plans.describe(plan);
      t.rollback();
    }
    return plan.build();
  }

  private void make(Change asked) {
    Change change = completed(asked);
    String id = volumeOf(change);
    Volume volume = inventory.volumes.get(id);
    if (volume != null && before.putIfAbsent(id, volume) == null) least.put(id, Redundancies.now(volume.getLayout(), this::domain));
    HostRights.check(t, change);
    Changes.plan(t, change);
    Volume now = inventory.volumes.get(id);
    if (now != null && before.containsKey(id)) least.merge(id, Redundancies.now(now.getLayout(), this::domain), Redundancies::lesser);
  }

  private void describe(ChangePlan.Builder plan) {
    long copied = 0;
    for (Volume old : before.values()) {
      Volume now = inventory.volumes.get(old.getId());
      if (now == null || now.getLayout().equals(old.getLayout()) && now.getSizeBytes() == old.getSizeBytes()) continue;
      PlannedVolume.Builder volume = PlannedVolume.newBuilder().setVolumeId(old.getId()).setVolumeName(old.getName())
          .setSizeBeforeBytes(old.getSizeBytes()).setSizeAfterBytes(now.getSizeBytes());
      List<PlannedMove> moves = Moves.between(old, now, this::diskName);
      long bytes = moves.stream().mapToLong(PlannedMove::getCopiedBytes).sum();
      copied += bytes;
      if (now.getSizeBytes() < old.getSizeBytes()) plan.addNotes(lost(now));
      // where its bytes lie is not a host's business
      if (!t.byHost()) volume.addAllMoves(moves);
      plan.addVolumes(volume.setCopiedBytes(bytes).setBefore(Redundancies.now(old.getLayout(), this::domain)).setDuring(least.get(old.getId()))
          .setAfter(Redundancies.whenFilled(now.getLayout(), this::domain)));
    }
    plan.setCopiedBytes(copied);
    if (!t.byHost() && !plan.hasProblem()) plan.addAllCandidates(t.considered());
  }

  private String lost(Volume now) {
    String note = "what lies past " + FieldRules.bytes(now.getSizeBytes()) + " of volume " + now.getName() + " is lost";
    return now.getAttachmentsCount() == 0 ? note : note + "; before that, whoever holds it has to agree: " + HostRights.holders(t, now);
  }

  private String domain(String disk) {
    return inventory.disks.has(disk) ? inventory.disks.get(disk).getDomain() : "";
  }

  private String diskName(String disk) {
    return inventory.disks.has(disk) ? inventory.disks.get(disk).getName() : disk;
  }

  /** Epochs and ids that a step does not name are those of the moment, and some that nobody has. */
  private Change completed(Change change) {
    Change.Builder c = change.toBuilder();
    String newId = UUID.nameUUIDFromBytes(new byte[] {'p', 'l', 'a', 'n', (byte) (step >> 16), (byte) (step >> 8), (byte) step++}).toString();
    long epoch = epoch(volumeOf(change));
    switch (c.getBodyCase()) {
      case ADD_LEG -> {
        if (c.getAddLeg().getEpoch() == 0) c.getAddLegBuilder().setEpoch(epoch);
        if (c.getAddLeg().getNewLegId().isEmpty()) c.getAddLegBuilder().setNewLegId(newId);
      }
      case REPLACE_LEG -> {
        if (c.getReplaceLeg().getEpoch() == 0) c.getReplaceLegBuilder().setEpoch(epoch);
        if (c.getReplaceLeg().getNewLegId().isEmpty()) c.getReplaceLegBuilder().setNewLegId(newId);
      }
      case FILL_LEG -> {
        if (c.getFillLeg().getEpoch() == 0) c.getFillLegBuilder().setEpoch(epoch);
        if (c.getFillLeg().getTaskId().isEmpty()) c.getFillLegBuilder().setTaskId(newId);
      }
      case DROP_LEG -> {
        if (c.getDropLeg().getEpoch() == 0) c.getDropLegBuilder().setEpoch(epoch);
      }
      case MARK_LEG_STALE -> {
        if (c.getMarkLegStale().getEpoch() == 0) c.getMarkLegStaleBuilder().setEpoch(epoch);
      }
      case RESIZE_VOLUME -> {
        if (c.getResizeVolume().getEpoch() == 0) c.getResizeVolumeBuilder().setEpoch(epoch);
      }
      case FINISH_LEG -> {
        if (c.getFinishLeg().getEpoch() == 0) c.getFinishLegBuilder().setEpoch(epoch);
      }
      default -> {
        // names no epoch
      }
    }
    return c.build();
  }

  private long epoch(String volumeId) {
    Volume volume = inventory.volumes.get(volumeId);
    return volume == null ? 0 : volume.getLayout().getEpoch();
  }

  /** Empty: the change is of no volume that is there. */
  private static String volumeOf(Change change) {
    return switch (change.getBodyCase()) {
      case ADD_LEG -> change.getAddLeg().getVolumeId();
      case DROP_LEG -> change.getDropLeg().getVolumeId();
      case REPLACE_LEG -> change.getReplaceLeg().getVolumeId();
      case MARK_LEG_STALE -> change.getMarkLegStale().getVolumeId();
      case FILL_LEG -> change.getFillLeg().getVolumeId();
      case FINISH_LEG -> change.getFinishLeg().getVolumeId();
      case RESIZE_VOLUME -> change.getResizeVolume().getVolumeId();
      default -> "";
    };
  }
}
