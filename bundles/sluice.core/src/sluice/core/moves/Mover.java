package sluice.core.moves;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import sluice.core.catalog.CatalogView;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.EndMoves;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/**
 * Carries out the tasks that move extents: one leg at a time for each task, and others beside one that waits for somebody. To be
 * ticked about once a second, and may be at any time. One owner, who also calls back the effects.
 */
public final class Mover {
  /** A volume that does not go on for so long does not keep the others waiting. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
  /** Legs that are on their way at a time though they wait, of one task. */
  private static final int MOST_STUCK = 8;

  private final MoverEffects effects;
  private final Map<String, Work> works = new TreeMap<>();

  /** What is remembered of a task: nothing that could not be found out again. */
  private static final class Work {
    final MoveStatus status;
    /** What its volume's care has been told to move; null: nothing. */
    MoveLeg told;
    /** Since when volumes wait. */
    final Map<String, Long> waiting = new TreeMap<>();
    /** Volumes that others are tried before. */
    final Set<String> passed = new TreeSet<>();
    boolean ending;

    Work(String taskId) {
      status = new MoveStatus(taskId);
    }
  }

  /** A task, the volumes of which a leg is on its way, and what is left. */
  private record Look(Task task, List<Volume> active, long left) {}

  public Mover(MoverEffects effects) {
    this.effects = effects;
  }

  /** Looks at all tasks, and does the next thing for each. */
  public void tick() {
    List<Look> looks = effects.read(Mover::looks);
    Map<String, Look> open = new LinkedHashMap<>();
    for (Look l : looks) open.put(l.task.getId(), l);
    for (String id : List.copyOf(works.keySet())) {
      if (open.containsKey(id)) continue;
      tell(works.remove(id), null);
    }
    for (Look l : looks) go(l, works.computeIfAbsent(l.task.getId(), Work::new));
  }

  private static List<Look> looks(CatalogView view) {
    List<Look> looks = new ArrayList<>();
    for (Task t : view.tasks()) {
      if (!t.hasMove() || t.getState() != Task.State.RUNNING && t.getState() != Task.State.PAUSED) continue;
      List<Volume> active = new ArrayList<>();
      for (Volume v : view.volumesOfPool(t.getMove().getPoolId())) {
        int leg = LegExtents.replacing(v.getLayout());
        if (leg >= 0 && v.getLayout().getLegs(leg).getTaskId().equals(t.getId())) active.add(v);
      }
      looks.add(new Look(t, active, view.bytesToMove(t.getId())));
    }
    return looks;
  }

  private void go(Look look, Work work) {
    String waits = "";
    if (work.ending) waits = "its end";
    else if (look.task.getState() == Task.State.PAUSED) tell(work, null);
    else waits = next(look, work);
    effects.status(work.status.of(look.task, look.active, look.left, waits, effects::filled));
  }

  /** @return why it does not go on; empty: it does */
  private String next(Look look, Work work) {
    String why = "";
    int busy = 0;
    Set<String> skip = new TreeSet<>(work.passed);
    for (Volume v : look.active) {
      String waits = effects.waitsFor(v.getId());
      if (!stuck(work, v.getId(), waits)) busy++;
      else if (why.isEmpty()) why = "volume " + v.getName() + ": " + waits;
      skip.add(v.getId());
    }
    work.waiting.keySet().removeIf(id -> look.active.stream().noneMatch(v -> v.getId().equals(id)) && (work.told == null || !work.told.getVolumeId().equals(id)));
    if (busy > 0 || look.active.size() >= MOST_STUCK) {
      tell(work, null);
      return busy > 0 ? "" : why;
    }
    List<AvoidDisk> avoid = effects.avoid();
    MoveLeg move = effects.read(v -> v.nextMove(look.task.getId(), skip, avoid)).orElse(null);
    if (move == null && !work.passed.isEmpty()) {
      work.passed.clear();
      return why.isEmpty() ? "what waits is tried again" : why;
    }
    if (move == null) {
      tell(work, null);
      if (!look.active.isEmpty()) return why;
      if (look.left > 0) return why.isEmpty() ? "a copy that is to be moved is not in sync" : why;
      return end(look.task, work);
    }
    String volume = effects.read(v -> v.volume(move.getVolumeId())).map(Volume::getName).orElse(move.getVolumeId());
    String lost = effects.unreachable(move.getVolumeId());
    String waits = lost;
    if (lost.isEmpty()) {
      tell(work, move);
      waits = effects.waitsFor(move.getVolumeId());
    } else tell(work, null);
    if (!stuck(work, move.getVolumeId(), waits.isEmpty() && work.told == null ? "it" : waits)) return "";
    if (stuckLong(work, move.getVolumeId())) {
      work.passed.add(move.getVolumeId());
      tell(work, null);
    }
    return "volume " + volume + ": " + waits;
  }

  /** Notes since when it waits. @return whether it does */
  private boolean stuck(Work work, String volumeId, String waits) {
    if (waits.isEmpty()) {
      work.waiting.remove(volumeId);
      return false;
    }
    work.waiting.putIfAbsent(volumeId, effects.now());
    return stuckLong(work, volumeId) || work.told != null && work.told.getVolumeId().equals(volumeId);
  }

  private boolean stuckLong(Work work, String volumeId) {
    Long since = work.waiting.get(volumeId);
    return since != null && effects.now() - since >= PATIENCE;
  }

  private void tell(Work work, MoveLeg move) {
    MoveLeg before = work.told;
    work.told = move;
    if (before != null && (move == null || !move.getVolumeId().equals(before.getVolumeId()))) effects.move(before.getVolumeId(), null);
    if (move != null) effects.move(move.getVolumeId(), move);
  }

  private String end(Task task, Work work) {
    String to = task.getMove().getToDiskId();
    String old = task.getMove().getDiskId();
    boolean replaces = task.getKind() == Task.Kind.REPLACE_DISK;
    if (replaces && effects.read(v -> v.disk(old)).isPresent()) {
      work.ending = true;
      effects.remove(old, problem -> {
        work.ending = false;
        if (problem.isEmpty()) tick();
      });
      return "the old disk is being taken out";
    }
    String failure = replaces && effects.read(v -> v.disk(to)).isEmpty() ? "the disk that was to take everything is not there any more" : "";
    work.ending = true;
    effects.submit(Change.newBuilder().setEndMoves(EndMoves.newBuilder().setTaskId(task.getId()).setFailure(failure)).build(), result -> {
      // Refused, it looks again; not answered, it is asked again, which does no harm.
      work.ending = false;
      if (!result.hasProblem() || result.getProblem().getCode() == Problem.Code.CONFLICT) tick();
    });
    return "its end";
  }
}
