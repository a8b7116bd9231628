package sluice.core.care;

import sluice.protocol.v1.Change;
import sluice.protocol.v1.NoteLegFilled;
import sluice.protocol.v1.Task;

/** The recovery of the volume's filling leg: begins, pauses and ends its run, and notes in the catalog how far it is. */
final class Recovery {
  private final Ward ward;
  private final Pace pace;
  private final TaskReports reports;
  /** Null: no leg is filling. */
  private RecoveryRun run;
  private long noteAt;
  private boolean noting;
  private long noted;

  Recovery(Ward ward, Pace pace, TaskReports reports) {
    this.ward = ward;
    this.pace = pace;
    this.reports = reports;
  }

  /** Follows the catalog. */
  void changed() {
    Leg filling = ward.legs.filling();
    if (run != null && (filling == null || !filling.id().equals(run.legId()) || run.size() != ward.size())) {
      run.stop();
      run = null;
    }
    if (run == null && filling != null) {
      run = new RecoveryRun(ward, filling, pace);
      noteAt = ward.now() + ward.times.checkpoint();
      noted = filling.info().getFilledBytes();
    }
  }

  /** Up to where filling legs get every change; 0: nothing is known to be on them. */
  long place() {
    return run == null ? 0 : run.place();
  }

  boolean complete(String legId) {
    return run != null && run.complete() && run.legId().equals(legId);
  }

  boolean running() {
    return run != null;
  }

  /** Does the one next thing; the layout stands, nobody is recalled, nothing is to be reconciled. */
  void advance() {
    if (run == null) return;
    if (goesOn()) {
      pace.settings(ward.pool.getRecovery(), taskMax());
      run.advance();
      note();
    } else stop();
  }

  private boolean goesOn() {
    Task.State state = ward.taskState(run.legId());
    return state != Task.State.PAUSED && state != Task.State.CANCELLED && ward.legs.source() != null;
  }

  private long taskMax() {
    Task task = ward.task(run.legId());
    return task == null ? 0 : task.getMaxBytesPerSecond();
  }

  /** Something more urgent, or somebody, wants it to stand; it keeps its place. */
  void stop() {
    if (run != null) run.stop();
  }

  /** Puts the window where it belongs while nothing is being copied: below it filling legs get every change. */
  void rest() {
    if (!ward.copier.underWay() && (run == null || !run.atWork())) ward.window.set(place(), place());
  }

  /** So that a restart of the server goes on from here. Only what is stable counts. */
  private void note() {
    if (!run.whole() || noting || run.place() <= noted || !ward.due(noteAt)) return;
    noting = true;
    RecoveryRun at = run;
    long place = run.place();
    ward.effects.flush(run.legId(), failure -> {
      noting = false;
      noteAt = ward.now() + ward.times.checkpoint();
      if (run == at && failure.isEmpty()) submit(place);
      else if (run == at) ward.legs.failed(at.legId(), "flushing failed: " + failure);
      ward.look();
    });
  }

  private void submit(long place) {
    noted = place;
    NoteLegFilled note = NoteLegFilled.newBuilder().setVolumeId(ward.volume.getId()).setLegId(run.legId()).setFilledBytes(place).build();
    // Refused or lost, it is noted again a little later, a little further.
    ward.effects.submit(Change.newBuilder().setNoteLegFilled(note).build(), result -> {});
  }

  /** Whatever goes on around it; so it is heard to be done before the leg is finished. */
  void report() {
    if (run == null || !run.measured()) return;
    Task task = ward.task(run.legId());
    if (task != null) reports.report(task.getId(), run, waitsFor());
  }

  String waitsFor() {
    if (run == null) return "";
    Task.State state = ward.taskState(run.legId());
    if (state == Task.State.PAUSED) return "the recovery is paused";
    if (state == Task.State.CANCELLED) return "the recovery was cancelled";
    return run.waitsFor();
  }
}
