package sluice.core.care;

import java.util.List;
import java.util.function.Consumer;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/**
 * The care of one volume: gives up legs that have failed, reconciles what dead hosts left, fills and replaces legs, and
 * changes their number, with the hosts out of the way where they must be (invariants 1 to 5). It looks at what is after each
 * input and does the one next thing: first what has failed, then what administrators want, then what others have left
 * unfinished, then the recovery.
 *
 * <p>One owner, who also calls back the effects; inputs may be repeated, late and in any order. Volumes of one leg need no
 * care but to get a second one or another size; they may have one.
 */
public final class VolumeCare {
  private final Ward ward;
  private final Pace pace = new Pace();
  private final TaskReports reports;
  private final Recovery recovery;
  private final Reconcile reconcile;
  private final LegRequests requests;
  private final LayoutSwitch layoutSwitch;
  private final Decision decision;
  private final Tail tail;
  private boolean looking;
  private boolean again;
  private boolean deleted;
  private boolean unavailable;
  private boolean sentOrders;

  /** @param run of the server: another one after each of its starts, greater than 0 */
  public VolumeCare(CareEffects effects, long run, CareTimes times) {
    ward = new Ward(effects, run, times, this::look, this::publish);
    reports = new TaskReports(effects, times);
    recovery = new Recovery(ward, pace, reports);
    reconcile = new Reconcile(ward, recovery);
    requests = new LegRequests(ward);
    layoutSwitch = new LayoutSwitch(ward);
    tail = new Tail(ward);
    decision = new Decision(ward, requests, layoutSwitch, recovery, reconcile, tail);
  }

  /** The catalog's newest; the first one begins the care. To be called before {@link CareEffects#submit} is answered. @param tasks of this volume */
  public void changed(Volume volume, Pool pool, List<Task> tasks) {
    boolean moved = ward.volume != null && ward.epoch() != volume.getLayout().getEpoch();
    ward.volume = volume;
    ward.pool = pool;
    ward.tasks = List.copyOf(tasks);
    ward.legs.changed(volume);
    ward.holders.changed(volume);
    if (ward.legs.replacing() != null) ward.move = null;
    if (moved) {
      reconcile.stop();
      recovery.stop();
    }
    recovery.changed();
    look();
  }

  /** The volume has been deleted: what runs is stopped, who waits hears NOT_FOUND. Nothing may be put in afterwards. */
  public void deleted() {
    deleted = true;
    reconcile.stop();
    recovery.stop();
    ward.copier.stop();
    requests.deleted();
  }

  /**
   * Whether the server reaches a disk. Every loss of its connection is to be told, however short: what it had written and
   * not flushed may be gone. Disks that it has not looked for yet are not told; after a
   * first try that failed they are.
   */
  public void disk(String diskId, boolean online, String reason) {
    ward.legs.disk(diskId, online, reason);
    look();
  }

  /** The server's engine could not change this leg, and holds a request because of it. */
  public void legFailed(String legId, String reason) {
    ward.legs.failed(legId, reason);
    unavailable = false;
    look();
  }

  /** What a host says of the volume, with each of its heartbeats. */
  public void heard(String hostId, long incarnation, VolumeStatus status) {
    ward.holders.heard(hostId, incarnation, status);
    // It stands still for a change that an earlier run had begun: it is told to go on, though the volume may need no orders now.
    if (status.getQuiesced() && status.getOrderRun() != 0 && status.getOrderRun() != ward.run) sentOrders = true;
    look();
  }

  /** A host has a session, with this run of its agent. */
  public void hostOnline(String hostId, long incarnation) {
    ward.holders.online(hostId, incarnation);
    look();
  }

  /** A host has lost its last session. */
  public void hostOffline(String hostId) {
    ward.holders.offline(hostId);
    look();
  }

  /** The host's lease and the margin have run out. Matters if the volume is shared (invariant 2). */
  public void leaseOver(String hostId) {
    ward.holders.leaseOver(hostId);
    look();
  }

  /**
   * Whether the server may renew the host's lease: not after {@link #leaseOver}, until the host has answered the newest
   * order, for it might go on under a layout that has been superseded meanwhile.
   */
  public boolean renews(String hostId) {
    return ward.holders.renews(hostId);
  }

  /** How many bytes a second hosts read and write of this volume at the moment; the recovery yields to that. */
  public void foreground(long bytesPerSecond) {
    pace.foreground(bytesPerSecond);
  }

  /** Space has become free in the pool, or a disk has come: replacement is tried again at once. */
  public void spaceChanged() {
    decision.spaceChanged();
    look();
  }

  /**
   * Asked before a host's attachment is released, when it does no more I/O. The catalog lists its slot then, and what that
   * shows is reconciled, or taken over by the server, before anyone else gets it. @param answer empty: it may be released
   */
  public void release(String hostId, CareEffects.Outcome answer) {
    answer.accept("");
  }

  /** One more leg. @param answer when the hosts have the new layout, or why not */
  public void addLeg(String newLegId, Consumer<CommandResult> answer) {
    requests.add(LegChange.Kind.ADD, newLegId, answer);
    look();
  }

  /** One leg less, never the last that is in sync. @param answer when the hosts have the new layout, or why not */
  public void dropLeg(String legId, Consumer<CommandResult> answer) {
    requests.add(LegChange.Kind.DROP, legId, answer);
    look();
  }

  /**
   * Another size, rounded up to the pool's unit; with one leg too. Smaller only if each holder has agreed.
   *
   * @param confirmName the volume's, if it becomes smaller
   * @param answer when the hosts have the new layout, or why not
   */
  public void resize(long sizeBytes, String confirmName, Consumer<CommandResult> answer) {
    requests.resize(sizeBytes, confirmName, answer);
    look();
  }

  /**
   * Everybody stands still, then {@link CareEffects#submit} gets the volume's part of the snapshot, which may be answered when those
   * of other volumes are there too. @param answer when the hosts go on, or why it was not taken
   */
  public void snapshot(String groupId, Consumer<CommandResult> answer) {
    requests.add(LegChange.Kind.SNAPSHOT, groupId, answer);
    look();
  }

  /**
   * What is to be moved of the volume, as the catalog says it ({@code CatalogView.nextMove}); begun when nothing more urgent is to
   * be done, once. To be said again after each move. @param move null: nothing
   */
  public void move(MoveLeg move) {
    if (java.util.Objects.equals(move, ward.move)) return;
    ward.move = move;
    decision.spaceChanged();
    look();
  }

  /** Brings stale legs up to date, also those whose task was cancelled, and tries at once what has failed. */
  public void recover(Consumer<CommandResult> answer) {
    if (ward.volume == null || ward.legs.copiesInSync()) {
      answer.accept(LegRequest.refused(Problem.Code.CONFLICT, "there is nothing to recover", "every copy of the volume is in sync",
          "look at the volume's copies", ward.volume == null ? "" : ward.volume.getId()));
      return;
    }
    decision.recoverAll();
    decision.spaceChanged();
    answer.accept(LegRequest.applied());
    look();
  }

  /** It is the time that {@link CareEffects#wakeAt} has asked for. At any other time it does no harm. */
  public void tick() {
    look();
  }

  /** What to put into the host's assignment; null: it does not hold the volume, or the volume needs no orders. */
  public Order order(String hostId) {
    Holder holder = ward.holders.holder(hostId);
    return holder == null ? null : holder.order;
  }

  /** Why what is to be done does not go on, for people; empty: nothing is to be done, or it does. */
  public String waitsFor() {
    if (ward.volume == null) return "the catalog";
    for (String why : List.of(layoutSwitch.waitsFor(), decision.waitsFor(), reconcile.waitsFor(), recovery.waitsFor(), tail.waitsFor())) {
      if (!why.isEmpty()) return why;
    }
    return "";
  }

  /** How the volume is. */
  public CareFacts facts() {
    return CareFactsOf.of(ward, decision.noSpare(), layoutSwitch.idle());
  }

  // ---- looking at what is

  private void look() {
    again = true;
    if (looking || ward.volume == null || deleted) return;
    looking = true;
    try {
      while (again && !deleted) {
        again = false;
        step();
      }
    } finally {
      looking = false;
    }
    ward.scheduleWake();
  }

  private void step() {
    publish();
    giveUpIfLost();
    if (layoutSwitch.open()) {
      LegChange wanted = decision.next();
      if (wanted != null || !layoutSwitch.idle()) stopWork();
      layoutSwitch.advance(wanted);
    } else layoutSwitch.advance(null);
    requests.expire(layoutSwitch, decision.waitsFor());
    reconcile.askForSlots();
    if (layoutSwitch.idle()) {
      work();
      tail.advance();
    }
    publish();
    recovery.report();
    reports.waiting(ward, decision.waitsFor());
    if (recovery.running()) ward.wakeAt(ward.now() + ward.times.report());
  }

  private void stopWork() {
    reconcile.stop();
    recovery.stop();
  }

  private void work() {
    if (ward.legs.mirrored() && ward.legs.source() == null) stopWork();
    reconcile.advance();
    if (reconcile.active() || reconcile.pending()) recovery.stop();
    else recovery.advance();
    if (!reconcile.active()) recovery.rest();
  }

  private void publish() {
    if (!ward.legs.mirrored() && layoutSwitch.idle() && !sentOrders && !tail.there()) return;
    sentOrders = true;
    ward.holders.publish(layoutSwitch.standStill(), ward.window.start(), ward.window.end(), reconcile::withheld);
  }

  /** When no leg in sync can be reached, nothing is marked; who waits for a leg waits in vain. */
  private void giveUpIfLost() {
    boolean lost = ward.legs.mirrored() && ward.legs.inSync().stream().noneMatch(l -> ward.legs.reach(l) != Legs.Reach.LOST);
    if (lost && !unavailable) ward.effects.giveUpHeld();
    unavailable = lost;
  }
}
