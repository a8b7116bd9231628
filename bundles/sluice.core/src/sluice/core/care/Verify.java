package sluice.core.care;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.core.care.CareEffects.Difference;
import sluice.core.care.CareEffects.DirtyRange;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DifferentRange;
import sluice.protocol.v1.NoteVerified;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;

/**
 * Compares the legs of a volume from its start to its end, window by window, as its task in the catalog wants it. A window is announced and
 * answered as a recovery's is (invariant 5), so nobody writes there meanwhile. Everything else goes before: what has to be reconciled or
 * recovered, and any change of the layout. It keeps its place then, and goes on from what was noted after a restart.
 */
final class Verify {
  /** Smaller than a recovery's: hosts go through the server for as long as one takes, and nobody is waiting for this. */
  private static final int PARTS_OF_WINDOW = 4;
  private static final int NOTED = 64;

  private enum Step {
    IDLE,
    OPENING,
    COMPARING
  }

  private final Ward ward;
  private final Pace pace;
  private Step step = Step.IDLE;
  private String taskId = "";
  private long place;
  private long end;
  private long noted;
  private long noteAt;
  private long noteRetryAt;
  private boolean noting;
  private long retryAt;
  private long reportAt;
  private String problem = "";
  private TaskStatus reported = TaskStatus.getDefaultInstance();
  /** Found and not noted yet, by where it starts; what a window that was begun anew finds again is the same. */
  private final TreeMap<Long, Difference> found = new TreeMap<>();

  Verify(Ward ward, Pace pace) {
    this.ward = ward;
    this.pace = pace;
    retryAt = ward.now();
    noteAt = ward.now();
    noteRetryAt = ward.now();
    reportAt = ward.now();
  }

  /** The one that has not ended; null: there is none. */
  private Task task() {
    for (Task t : ward.tasks) {
      boolean open = t.getState() == Task.State.RUNNING || t.getState() == Task.State.PAUSED;
      if (t.getKind() == Task.Kind.VERIFY && open) return t;
    }
    return null;
  }

  /** Has it a window of its own? */
  boolean atWork() {
    return step != Step.IDLE;
  }

  boolean running() {
    return task() != null;
  }

  /** Does the one next thing; the layout stands, nobody is recalled, nothing is to be reconciled or filled. */
  void advance() {
    Task task = task();
    if (task == null) {
      stop();
      taskId = "";
      return;
    }
    if (!task.getId().equals(taskId)) begin(task);
    // The volume may be smaller than it was.
    place = Math.min(place, ward.size());
    noted = Math.min(Math.max(noted, task.getVerification().getVerifiedBytes()), ward.size());
    if (task.getState() == Task.State.PAUSED || !blocked(task).isEmpty()) {
      stop();
    } else {
      pace.settings(ward.pool.getRecovery(), task.getMaxBytesPerSecond());
      pace.tick(ward.copier, ward.now());
      go(task);
    }
    note();
  }

  private void begin(Task task) {
    stop();
    taskId = task.getId();
    place = Math.min(task.getVerification().getVerifiedBytes(), ward.size());
    noted = place;
    noting = false;
    problem = "";
    found.clear();
  }

  private String blocked(Task task) {
    List<Leg> inSync = ward.legs.inSync();
    if (inSync.size() < 2) return "only one copy of the volume is up to date";
    for (Leg leg : inSync) if (!ward.legs.well(leg)) return ward.legs.lostWords(leg).isEmpty() ? ward.legs.doubt(leg) : ward.legs.lostWords(leg);
    String from = task.getVerification().getRepairFromLegId();
    if (!from.isEmpty() && inSync.stream().noneMatch(l -> l.id().equals(from))) return "the copy to be repaired from is not up to date";
    return "";
  }

  private void go(Task task) {
    if (step == Step.IDLE && place < ward.size() && ward.due(retryAt) && !ward.copier.underWay()) {
      end = Math.min(ward.size(), place + Math.max(1 << 20, ward.times.windowBytes() / PARTS_OF_WINDOW));
      step = Step.OPENING;
      ward.window.set(place, end);
      ward.look();
    } else if (step == Step.OPENING && ward.holders.allAnswered() && !ward.copier.underWay()) compare(task);
  }

  private void compare(Task task) {
    step = Step.COMPARING;
    List<String> legs = ward.legs.inSync().stream().map(Leg::id).toList();
    String from = task.getVerification().getRepairFromLegId();
    ward.copier.compare(List.of(new DirtyRange(place, end)), legs, task.getVerification().getRepair(), from, this::different, failure -> {
      step = Step.IDLE;
      problem = failure.isEmpty() ? "" : "comparing has failed: " + failure;
      if (failure.isEmpty()) place = end;
      else retryAt = ward.now() + ward.times.retry();
      ward.look();
    });
  }

  private void different(Difference d) {
    Difference before = found.get(d.start());
    if (before == null || d.repaired() && !before.repaired()) found.put(d.start(), d);
  }

  /** Now and then how far it is; and when it is done, whatever it has found first. Only what is stable counts as repaired. */
  private void note() {
    if (noting || !ward.due(noteRetryAt)) return;
    boolean done = place == ward.size() && step == Step.IDLE;
    boolean news = place > noted || !found.isEmpty();
    if (!done && (!news || found.size() < NOTED && !ward.due(noteAt))) return;
    noting = true;
    noteAt = ward.now() + ward.times.checkpoint();
    List<Difference> some = new ArrayList<>();
    for (Map.Entry<Long, Difference> e : found.entrySet()) if (some.size() < NOTED && e.getKey() < place) some.add(e.getValue());
    boolean all = some.size() == found.headMap(place).size();
    long upTo = all ? place : some.get(some.size() - 1).end();
    boolean repaired = some.stream().anyMatch(Difference::repaired);
    if (repaired) flush(ward.legs.inSync().stream().map(Leg::id).toList(), 0, taskId, some, upTo, all && done);
    else submit(some, upTo, all && done);
  }

  /** @param of the task for which this was found: it may have been cancelled meanwhile, and another begun that knows nothing of it */
  private void flush(List<String> legs, int next, String of, List<Difference> some, long upTo, boolean ended) {
    if (!of.equals(taskId)) return;
    if (next == legs.size()) {
      submit(some, upTo, ended);
      return;
    }
    ward.effects.flush(legs.get(next), failure -> {
      if (failure.isEmpty()) flush(legs, next + 1, of, some, upTo, ended);
      else {
        if (of.equals(taskId)) noting = false;
        ward.legs.failed(legs.get(next), "flushing failed: " + failure);
        ward.look();
      }
    });
  }

  private void submit(List<Difference> some, long upTo, boolean ended) {
    String of = taskId;
    NoteVerified.Builder note = NoteVerified.newBuilder().setTaskId(of).setVerifiedBytes(upTo).setEnded(ended);
    for (Difference d : some) note.addRanges(DifferentRange.newBuilder().setStartBytes(d.start()).setEndBytes(d.end()).setRepaired(d.repaired()).setText(words(d)));
    ward.effects.submit(Change.newBuilder().setNoteVerified(note).build(), result -> {
      if (!of.equals(taskId)) return;
      noting = false;
      // Refused or lost, it is noted again.
      if (!result.hasProblem()) {
        for (Difference d : some) found.remove(d.start());
        noted = Math.max(noted, upTo);
      } else {
        noteRetryAt = ward.now() + ward.times.retry();
      }
      ward.look();
    });
  }

  private String words(Difference d) {
    StringBuilder s = new StringBuilder();
    for (String leg : d.unreadable()) s.append(s.length() == 0 ? "" : ", ").append(number(leg)).append(" cannot be read");
    if (s.length() > 0) s.append("; ");
    if (d.from().isEmpty()) s.append("it is not known which leg is right");
    else s.append(number(d.from())).append(d.repaired() ? " was taken for right" : " is right by what the legs say");
    return s.toString();
  }

  private String number(String legId) {
    Leg leg = ward.legs.leg(legId);
    return leg == null ? "a leg that is gone" : "leg " + leg.number();
  }

  /** Something more urgent, or somebody, wants it to stand; what it did in its window is done anew. */
  void stop() {
    if (step == Step.COMPARING) ward.copier.stop();
    step = Step.IDLE;
  }

  String waitsFor(String others) {
    Task task = task();
    if (task == null) return "";
    if (task.getState() == Task.State.PAUSED) return "the verification is paused";
    if (!others.isEmpty()) return others;
    if (!problem.isEmpty()) return problem;
    String why = blocked(task);
    return why.isEmpty() && step == Step.OPENING ? ward.holders.owing(null) : why;
  }

  /** @param others why nothing goes on at the moment, if it is not the verification's own affair */
  void report(String others) {
    Task task = task();
    if (task == null) return;
    if (!task.getId().equals(taskId)) begin(task);
    if (place > ward.size()) {
      // The volume is being made smaller: that is told when it is.
      if (!others.isEmpty()) return;
      place = ward.size();
    }
    long left = ward.size() - place;
    TaskStatus status = TaskStatus.newBuilder().setTaskId(taskId).setDoneBytes(place).setTotalBytes(ward.size())
        .setBytesPerSecond(step == Step.IDLE ? 0 : pace.bytesPerSecond()).setLeftMs(left == 0 || step == Step.IDLE ? 0 : pace.leftMs(left))
        .setWaitsFor(waitsFor(others)).setWindowStartBytes(place).setWindowEndBytes(atWork() ? end : place).build();
    boolean atOnce = !reported.getTaskId().equals(taskId) || !reported.getWaitsFor().equals(status.getWaitsFor()) || left == 0;
    ward.wakeAt(ward.now() + ward.times.report());
    if (status.equals(reported) || !atOnce && ward.now() - reportAt < 0) return;
    reported = status;
    reportAt = ward.now() + ward.times.report();
    ward.effects.status(status);
  }
}
