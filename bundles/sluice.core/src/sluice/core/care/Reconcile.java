package sluice.core.care;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import sluice.core.care.CareEffects.DirtyRange;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.SlotReconciled;

/**
 * Makes the legs equal again where somebody who has died may have written some of them and not the others (invariant 4):
 * the slots of hosts that are gone, of earlier runs of an agent, and the server's own after its start. By windows; begins
 * anew when the layout changes under it.
 */
final class Reconcile {
  private enum Step {
    IDLE,
    READING,
    OPENING,
    COPYING,
    FLUSHING,
    CLEARING
  }

  private final Ward ward;
  private final Recovery recovery;
  private Step step = Step.IDLE;
  /** Counts the questions; an answer to an older one is void. */
  private int question;
  private boolean ownPending = true;
  private List<Integer> slots = List.of();
  private Deque<List<DirtyRange>> batches = new ArrayDeque<>();
  private Deque<String> toFlush = new ArrayDeque<>();
  private Deque<Integer> toClear = new ArrayDeque<>();
  private long retryAt;
  private String problem = "";

  Reconcile(Ward ward, Recovery recovery) {
    this.ward = ward;
    this.recovery = recovery;
    retryAt = ward.now();
  }

  /** Is anything to be reconciled? */
  boolean pending() {
    return !pendingSlots().isEmpty();
  }

  private TreeSet<Integer> pendingSlots() {
    TreeSet<Integer> pending = new TreeSet<>(ward.volume.getUnreconciledSlotsList());
    if (!ward.legs.mirrored()) return pending;
    if (ownPending) pending.add(0);
    for (Holder h : ward.holders.all()) if (h.slot == Holder.Slot.OLD) pending.add(h.attachment.getSlot());
    return pending;
  }

  /** Must not use the volume yet: its own slot is not known to be its own, or others have left something behind. */
  boolean withheld(Holder h) {
    if (!ward.legs.mirrored()) return false;
    if (h.letIn) return h.slot == Holder.Slot.OLD;
    return h.slot != Holder.Slot.OWN || pending();
  }

  /** Finds out whose the holders' slots are. Needs a leg to read them from. */
  void askForSlots() {
    if (!ward.legs.mirrored() || ward.legs.source() == null) return;
    for (Holder h : ward.holders.all()) {
      if (h.slot != Holder.Slot.UNKNOWN || h.incarnation == 0) continue;
      if (h.attachment.getSlot() == 0) h.slot = Holder.Slot.OWN;
      else if (ward.due(h.askAgainAt == 0 ? ward.now() : h.askAgainAt)) askForSlot(h);
    }
  }

  private void askForSlot(Holder h) {
    h.slot = Holder.Slot.ASKED;
    int asked = ++h.question;
    ward.effects.slotIncarnation(h.attachment.getSlot(), writer -> {
      if (asked != h.question || h.slot != Holder.Slot.ASKED) return;
      if (writer < 0) {
        h.slot = Holder.Slot.UNKNOWN;
        h.askAgainAt = ward.now() + ward.times.retry();
      } else if (writer == 0) h.slot = Holder.Slot.OWN;
      else {
        h.slot = writer == h.incarnation ? Holder.Slot.OWN : Holder.Slot.OLD;
        // It has been at work all the time, under an earlier run of the server.
        if (h.slot == Holder.Slot.OWN) h.letIn = true;
      }
      ward.look();
    });
  }

  boolean active() {
    return step != Step.IDLE;
  }

  /** Does the one next thing; the layout stands, and nobody is recalled. */
  void advance() {
    if (step == Step.IDLE) {
      if (pending() && ward.due(retryAt) && blocked().isEmpty()) begin();
    } else if (step == Step.OPENING && ward.holders.allAnswered() && !ward.copier.underWay()) copy();
  }

  /** What has to be otherwise before it can begin, for people. */
  private String blocked() {
    if (ward.copier.underWay()) return "a copy is coming to its end";
    for (Leg leg : ward.legs.all()) {
      if (!leg.stale() && ward.legs.reach(leg) != Legs.Reach.REACHED) return ward.legs.lostWords(leg);
    }
    return ward.legs.mirrored() && ward.legs.source() == null ? "no copy that is up to date can be reached" : "";
  }

  private void begin() {
    problem = "";
    slots = List.copyOf(pendingSlots());
    if (!ward.legs.mirrored()) {
      toClear = new ArrayDeque<>(slots);
      clearNext();
      return;
    }
    step = Step.READING;
    int asked = ++question;
    ward.effects.dirty(slots, dirty -> {
      if (asked != question) return;
      if (!dirty.problem().isEmpty()) retry("the write intents cannot be read: " + dirty.problem());
      else {
        batches = targets().isEmpty() ? new ArrayDeque<>() : new ArrayDeque<>(Ranges.batches(dirty.ranges(), ward.times.windowBytes()));
        toFlush = new ArrayDeque<>();
        if (!batches.isEmpty()) for (Leg leg : ward.legs.all()) if (!leg.stale()) toFlush.add(leg.id());
        toClear = new ArrayDeque<>(slots);
        openNext();
      }
      ward.look();
    });
  }

  private List<String> targets() {
    Leg source = ward.legs.source();
    List<String> to = new ArrayList<>();
    for (Leg leg : ward.legs.all()) if (leg != source && !leg.stale()) to.add(leg.id());
    return to;
  }

  private void openNext() {
    List<DirtyRange> batch = batches.peek();
    if (batch == null) {
      flushNext();
      return;
    }
    step = Step.OPENING;
    // Below the recovery's place the filling legs get every change; so that they go on to, the window reaches up to there.
    long start = batch.get(0).start();
    long end = batch.get(batch.size() - 1).end();
    long place = recovery.place();
    if (place > 0) {
      start = Math.min(start, place);
      end = Math.max(end, place);
    }
    ward.window.set(start, end);
    ward.look();
  }

  private void copy() {
    Leg source = ward.legs.source();
    if (source == null) return;
    step = Step.COPYING;
    // Somebody is kept out meanwhile: as fast as the disks.
    ward.copier.rate(0);
    ward.copier.start(batches.peek(), source.id(), targets(), failure -> {
      if (failure.isEmpty()) {
        batches.remove();
        openNext();
      } else retry("copying has failed: " + failure);
    });
  }

  private void flushNext() {
    String leg = toFlush.poll();
    if (leg == null) {
      clearNext();
      return;
    }
    step = Step.FLUSHING;
    int asked = ++question;
    ward.effects.flush(leg, failure -> {
      if (asked != question) return;
      if (failure.isEmpty()) flushNext();
      else {
        ward.legs.failed(leg, "flushing failed: " + failure);
        retry("flushing has failed: " + failure);
      }
      ward.look();
    });
  }

  /** What a leg that is not in sync has missed must not be forgotten: the server takes it over. */
  private void clearNext() {
    Integer slot = toClear.poll();
    if (slot == null) {
      step = Step.IDLE;
      return;
    }
    step = Step.CLEARING;
    int asked = ++question;
    CareEffects.Outcome cleared = failure -> {
      if (asked != question) return;
      if (failure.isEmpty()) reconciled(slot);
      else retry("the write intents of slot " + slot + " cannot be cleared: " + failure);
      ward.look();
    };
    if (!ward.legs.mirrored()) reconciled(slot);
    else if (slot == 0 || ward.legs.allInSync()) ward.effects.clear(slot, cleared);
    else ward.effects.inherit(slot, cleared);
  }

  private void reconciled(int slot) {
    if (slot == 0) ownPending = false;
    for (Holder h : ward.holders.all()) {
      if (h.attachment.getSlot() == slot && h.slot == Holder.Slot.OLD) h.slot = Holder.Slot.OWN;
    }
    if (!ward.volume.getUnreconciledSlotsList().contains(slot)) {
      clearNext();
      return;
    }
    int asked = ++question;
    SlotReconciled done = SlotReconciled.newBuilder().setVolumeId(ward.volume.getId()).setSlot(slot).build();
    ward.effects.submit(Change.newBuilder().setSlotReconciled(done).build(), result -> {
      if (asked != question) return;
      if (result.hasProblem()) retry("the catalog does not note that slot " + slot + " is clean: " + result.getProblem().getWhat());
      else clearNext();
      ward.look();
    });
  }

  private void retry(String why) {
    problem = why;
    retryAt = ward.now() + ward.times.retry();
    stop();
  }

  /** The layout is about to change, or has: what is known of the slots holds no more. */
  void stop() {
    if (step == Step.IDLE) return;
    question++;
    if (step == Step.COPYING) ward.copier.stop();
    step = Step.IDLE;
    batches.clear();
  }

  String waitsFor() {
    if (!problem.isEmpty()) return problem;
    if (step == Step.IDLE) return pending() ? blocked() : "";
    if (step == Step.OPENING) return ward.holders.owing(null);
    return "";
  }
}
