package sluice.core.care;

import java.util.ArrayList;
import java.util.List;
import sluice.core.care.CareEffects.Dirty;
import sluice.core.care.CareEffects.DirtyRange;
import sluice.protocol.v1.LegInfo;

/**
 * Fills one leg by windows, from the volume's start to its end (invariant 5). What lies below its place is on the leg, and
 * stays so, since changes there go to all legs. Each start begins at 0 with what the write intents show below what was
 * noted as filled, since hosts may have written there while nobody led them.
 */
final class RecoveryRun {
  private enum Step {
    PLAN,
    IDLE,
    OPENING,
    READING,
    COPYING,
    FLUSHING,
    COMPLETE
  }

  private final Ward ward;
  private final String legId;
  private final boolean whole;
  /** From here on everything is to be copied, below only what is dirty. */
  private final long from;
  private final long size;
  private final Pace pace;
  /** Elsewhere nothing has to be copied, because the leg has it from the one that it is to replace. */
  private final List<DirtyRange> copied;
  private final Progress progress = new Progress();
  private Step step = Step.PLAN;
  private int question;
  private boolean asked;
  private List<DirtyRange> needed = List.of();
  private long place;
  private long end;
  private long retryAt;
  private String problem = "";

  RecoveryRun(Ward ward, Leg filling, Pace pace) {
    this.ward = ward;
    this.pace = pace;
    LegInfo leg = filling.info();
    copied = Ranges.within(filling.copied(), 0, ward.size());
    legId = leg.getId();
    size = ward.size();
    whole = leg.getWhole();
    from = whole ? Math.min(leg.getFilledBytes(), ward.size()) : ward.size();
    retryAt = ward.now();
  }

  String legId() {
    return legId;
  }

  /** Of the volume that it was begun for. */
  long size() {
    return size;
  }

  boolean whole() {
    return whole;
  }

  long place() {
    return place;
  }

  boolean complete() {
    return step == Step.COMPLETE;
  }

  /** Has it a window of its own? */
  boolean atWork() {
    return step == Step.OPENING || step == Step.READING || step == Step.COPYING;
  }

  /** Is it known how much there is to do? */
  boolean measured() {
    return step != Step.PLAN;
  }

  Progress progress() {
    return progress;
  }

  Pace pace() {
    return pace;
  }

  void advance() {
    pace.tick(ward.copier, ward.now());
    if (!blocked().isEmpty() || !ward.due(retryAt)) return;
    switch (step) {
      case PLAN -> {
        if (!asked) readIntents();
      }
      case IDLE -> open();
      case OPENING -> {
        if (!ward.holders.allAnswered()) return;
        if (place >= from) copy(Ranges.within(copied, place, end));
        else {
          step = Step.READING;
          readIntents();
        }
      }
      default -> {}
    }
  }

  private String blocked() {
    if (ward.copier.underWay()) return step == Step.COPYING ? "" : "a copy is coming to its end";
    Leg leg = ward.legs.leg(legId);
    return ward.legs.reach(leg) == Legs.Reach.REACHED ? "" : ward.legs.lostWords(leg);
  }

  private void open() {
    if (place == ward.size()) {
      ward.window.set(place, place);
      flush();
      return;
    }
    end = Ranges.windowEnd(needed, place, ward.times.windowBytes(), ward.size());
    step = Step.OPENING;
    ward.window.set(place, end);
    ward.look();
  }

  private void readIntents() {
    asked = true;
    int q = ++question;
    ward.effects.dirty(List.of(), dirty -> {
      if (q != question) return;
      asked = false;
      if (dirty.problem().isEmpty()) read(dirty);
      else retry("the write intents cannot be read: " + dirty.problem());
      ward.look();
    });
  }

  private void read(Dirty dirty) {
    needed = new ArrayList<>(Ranges.within(dirty.ranges(), 0, from));
    if (from < ward.size()) needed.add(new DirtyRange(from, ward.size()));
    needed = Ranges.common(needed, copied);
    if (step == Step.PLAN) {
      progress.begin(whole ? Ranges.bytes(copied) : Ranges.bytes(needed), needed);
      step = Step.IDLE;
    } else copy(Ranges.within(needed, place, end));
  }

  private void copy(List<DirtyRange> ranges) {
    Leg source = ward.legs.source();
    if (source == null) {
      stop();
      return;
    }
    step = Step.COPYING;
    problem = "";
    if (ranges.isEmpty()) ended("");
    else ward.copier.start(ranges, source.id(), List.of(legId), this::ended);
  }

  private void ended(String failure) {
    if (failure.isEmpty()) {
      place = end;
      progress.reached(place);
      step = Step.IDLE;
      ward.look();
    } else retry("copying has failed: " + failure);
  }

  private void flush() {
    step = Step.FLUSHING;
    int q = ++question;
    ward.effects.flush(legId, failure -> {
      if (q != question) return;
      if (failure.isEmpty()) {
        step = Step.COMPLETE;
        progress.end();
      } else {
        ward.legs.failed(legId, "flushing failed: " + failure);
        retry("flushing has failed: " + failure);
      }
      ward.look();
    });
  }

  private void retry(String why) {
    problem = why;
    retryAt = ward.now() + ward.times.retry();
    stop();
  }

  /** It keeps its place; what it was doing in its window is done anew. */
  void stop() {
    if (step == Step.COMPLETE || step == Step.IDLE) return;
    if (step == Step.COPYING) ward.copier.stop();
    question++;
    asked = false;
    if (step != Step.PLAN) step = Step.IDLE;
  }

  String waitsFor() {
    if (!problem.isEmpty()) return problem;
    return step == Step.OPENING ? ward.holders.owing(null) : blocked();
  }

  /** Of its window at the moment, bytes. */
  long windowEnd() {
    return atWork() ? end : place;
  }
}
