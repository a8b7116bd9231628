package sluice.core.care;

import java.util.List;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** What the parts of one volume's care share: the volume as it is known, and the way to be looked at again. */
final class Ward {
  private static final long NEVER = Long.MAX_VALUE;

  final CareEffects effects;
  final CareTimes times;
  final Legs legs;
  final Holders holders;
  final Copier copier;
  final Window window;
  final Lines lines;
  private final Runnable look;
  /** Of the server. */
  final long run;
  /** What is to be moved of the volume, without new id and epoch; null: nothing. */
  MoveLeg move;
  /** Null: the catalog has not told yet. */
  Volume volume;
  Pool pool = Pool.getDefaultInstance();
  List<Task> tasks = List.of();
  private long wake = NEVER;

  /** @param look at everything anew, soon; @param publish the holders' orders, now */
  Ward(CareEffects effects, long run, CareTimes times, Runnable look, Runnable publish) {
    this.effects = effects;
    this.run = run;
    this.times = times;
    this.look = look;
    legs = new Legs(effects::nowMs);
    holders = new Holders(effects, run);
    copier = new Copier(this);
    lines = new Lines(this, run);
    window = new Window(effects, publish);
  }

  long now() {
    return effects.now();
  }

  long epoch() {
    return volume.getLayout().getEpoch();
  }

  long size() {
    return volume.getSizeBytes();
  }

  /** Something has changed that others may wait for. */
  void look() {
    look.run();
  }

  /** True once the time has come; until then the care is woken for it. */
  boolean due(long at) {
    if (now() - at >= 0) return true;
    wakeAt(at);
    return false;
  }

  void wakeAt(long at) {
    if (wake == NEVER || at - wake < 0) wake = at;
  }

  /** Hands the earliest wish to the world. */
  void scheduleWake() {
    if (wake != NEVER) effects.wakeAt(wake);
    wake = NEVER;
  }

  long inMs(long ms) {
    return now() + ms * 1_000_000;
  }

  /**
   * The newest recovery of a leg that has not ended, or the newest of all; of a leg that is to replace another the task on whose
   * behalf; null: there never was one, or it is forgotten.
   */
  Task task(String legId) {
    Task found = null;
    Leg leg = legs.leg(legId);
    if (leg != null && leg.replaces()) {
      for (Task t : tasks) if (t.getId().equals(leg.info().getTaskId())) found = t;
      return found;
    }
    for (Task t : tasks) {
      if (t.getKind() != Task.Kind.RECOVERY || !t.getLegId().equals(legId)) continue;
      if (found == null || t.getCreatedMs() >= found.getCreatedMs()) found = t;
    }
    return found;
  }

  Task.State taskState(String legId) {
    Task task = task(legId);
    return task == null ? Task.State.STATE_UNSPECIFIED : task.getState();
  }
}
