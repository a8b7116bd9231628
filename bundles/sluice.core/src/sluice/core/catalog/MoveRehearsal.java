package sluice.core.catalog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import sluice.core.space.SpaceConflict;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** What a task that moves extents would come to, by doing all of it in the inventory and taking it back. */
final class MoveRehearsal {
  /** More than can be of use: each moves a leg. */
  private static final int MOST_STEPS = 100_000;

  /**
   * One leg's move.
   *
   * @param leg from 1 on
   * @param to ids of the disks that get something
   */
  record Step(Volume volume, int leg, long bytes, String from, Set<String> to) {}

  private final List<Step> steps = new ArrayList<>();
  /** By the volume's id. */
  private final Map<String, Refusal> refused = new LinkedHashMap<>();
  private final Inventory inventory;
  private long bytes;

  private MoveRehearsal(Inventory inventory) {
    this.inventory = inventory;
  }

  static MoveRehearsal of(Transaction t, Task task, List<AvoidDisk> avoid) {
    MoveRehearsal rehearsal = new MoveRehearsal(t.inventory);
    Transaction trial = new Transaction(t.inventory, Actor.newBuilder().setKind(Actor.Kind.SERVER).build(), t.timeMs());
    try {
      rehearsal.run(trial, task, avoid);
    } finally {
      trial.rollback();
    }
    return rehearsal;
  }

  private void run(Transaction trial, Task task, List<AvoidDisk> avoid) {
    Set<String> skip = new TreeSet<>();
    MoveChoice choice = new MoveChoice(inventory, task, avoid);
    while (steps.size() < MOST_STEPS) {
      MoveLeg move = choice.next(skip);
      if (move == null) break;
      Volume volume = inventory.volumes.get(move.getVolumeId());
      try {
        step(trial, task, avoid, move, volume);
      } catch (Refusal refusal) {
        skip.add(volume.getId());
        refused.put(volume.getId(), refusal);
      }
    }
    if (task.getKind() == Task.Kind.EVACUATE || task.getKind() == Task.Kind.REPLACE_DISK) heal(trial, task, avoid);
  }

  private void step(Transaction trial, Task task, List<AvoidDisk> avoid, MoveLeg move, Volume volume) {
    String id = UUID.nameUUIDFromBytes(("rehearsal " + steps.size() + task.getId()).getBytes(StandardCharsets.UTF_8)).toString();
    MoveLeg full = move.toBuilder().setNewLegId(id).setEpoch(volume.getLayout().getEpoch()).addAllAvoid(avoid).build();
    int leg = volume.getLayout().getLegsCount() == 0 ? 0 : Legs.index(volume, move.getLegId());
    long moved;
    try {
      moved = LegMoves.rehearse(trial, full, task);
    } catch (SpaceConflict conflict) {
      throw Refusal.of(Problem.Code.NO_SPACE, "There is no room for volume " + volume.getName(), conflict.getMessage(), "", volume.getId());
    }
    Set<String> to = Legs.disks(inventory.volumes.get(volume.getId()), leg);
    if (task.getKind() != Task.Kind.RELAYOUT) to.removeAll(Legs.disks(volume, leg));
    steps.add(new Step(volume, leg + 1, moved, move.getFromDiskId(), to));
    bytes += moved;
  }

  /** Legs on the disk that are not in sync are rebuilt elsewhere. */
  private void heal(Transaction trial, Task task, List<AvoidDisk> avoid) {
    String disk = task.getMove().getDiskId();
    for (Volume v : List.copyOf(inventory.volumes(inventory.volumesBy.onDisk.of(disk)))) {
      for (int l = 0; l < v.getLayout().getLegsCount(); l++) {
        Volume now = inventory.volumes.get(v.getId());
        if (Legs.inSync(now, l) || !Legs.disks(now, l).contains(disk)) continue;
        try {
          MirrorSpace.Room room = LegPlaces.space(trial, now, avoid).replace(now, l);
          Layout.Builder layout = now.getLayout().toBuilder().setEpoch(now.getLayout().getEpoch() + 1);
          LegInfo info = layout.getLegs(l).toBuilder().setIntents(Alignment.extent(room.intents().get(0))).build();
          Alignment.put(layout.setLegs(l, info), room.legs());
          Volume healed = now.toBuilder().setLayout(layout).build();
          trial.put(healed);
          long moved = LegExtents.bytes(LegExtents.of(healed.getLayout(), l));
          steps.add(new Step(now, l + 1, moved, disk, Legs.disks(healed, l)));
        } catch (Refusal refusal) {
          refused.put(v.getId(), refusal);
        }
      }
    }
  }

  List<Step> steps() {
    return steps;
  }

  /** Of all legs that are moved. */
  long bytes() {
    return bytes;
  }

  /** All or nothing. @param what what is refused */
  void check(String what) {
    if (refused.isEmpty()) return;
    List<String> why = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    Problem first = null;
    for (Map.Entry<String, Refusal> e : refused.entrySet()) {
      Problem p = e.getValue().problem();
      if (first == null) first = p;
      String volume = inventory.volumes.get(e.getKey()).getName();
      why.add("volume " + volume + ": " + (p.getWhy().isEmpty() ? p.getWhat() : p.getWhy()));
      for (Candidate c : p.getCandidatesList()) {
        if (candidates.size() < CatalogLimits.OBJECTS * 4) candidates.add(c.toBuilder().setReason("volume " + volume + ": " + (c.getTaken() ? "could be taken" : c.getReason())).build());
      }
    }
    throw Refusal.of(first.getCode(), what, Words.list(why), first.getCorrection(), refused.keySet().toArray(String[]::new)).withCandidates(candidates);
  }

  /** Why nothing is moved. */
  String why(String otherwise) {
    return refused.isEmpty() ? otherwise : refused.values().iterator().next().problem().getWhy();
  }
}
