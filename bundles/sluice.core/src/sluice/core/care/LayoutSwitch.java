package sluice.core.care;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Problem;

/**
 * One change of the layout from the recall to the new layout (invariants 2 and 3): everybody stands still, the catalog
 * commits, the server takes the new layout up, everybody goes on. Up to the commit it can be given up, and the hosts go on
 * under the layout that there is.
 */
final class LayoutSwitch {
  private enum Step {
    NONE,
    /**
     * The server has just started: until every holder has said how its disks have been, nobody knows which copy has forgotten something,
     * so the server's own I/O waits.
     */
    START,
    RECALL,
    SUBMIT,
    /** It may have been committed or not: the same is put again, which the epoch makes harmless. */
    RESUBMIT,
    ADOPT
  }

  private final Ward ward;
  private Step step = Step.NONE;
  private LegChange change;
  private long started;
  private long retryAt;
  /** The epoch under which the server's own I/O runs; -1: not known yet. */
  private long adopted = -1;
  private boolean held;
  private String holdProblem = "";
  private Set<String> holdAsked = new TreeSet<>();
  /** Counts what was asked of the world; an answer to an older question is void. */
  private int question;
  private Change built;
  private CommandResult result;
  private String refused = "";
  private long notBefore;
  private long replaceNotBefore;
  private long mustNotBefore;
  private String noSpace = "";
  private boolean heard;

  LayoutSwitch(Ward ward) {
    this.ward = ward;
    tryNow();
  }

  boolean idle() {
    return step == Step.NONE;
  }

  /** Is it yet to be heard what happened before this run of the server? */
  boolean starting() {
    return step == Step.START;
  }

  /** Shall the holders do nothing? */
  boolean standStill() {
    return step != Step.NONE && step != Step.START;
  }

  /** What is being done can still be given up or exchanged for something more urgent. */
  boolean open() {
    return step == Step.NONE || step == Step.START || step == Step.RECALL;
  }

  /** A change that may wait is to be tried now. */
  boolean mayTry() {
    return ward.due(notBefore);
  }

  /** Why the newest try to replace a leg was refused, until it is to be tried again; empty: it may be tried. */
  String noSpace() {
    return noSpace.isEmpty() || ward.due(replaceNotBefore) ? "" : noSpace;
  }

  /** A change that may not wait has been refused, which it should not be: it is not tried again at once. */
  boolean mustWait() {
    return !ward.due(mustNotBefore);
  }

  /** What has failed is worth another try. */
  void tryNow() {
    notBefore = ward.now();
    replaceNotBefore = ward.now();
    mustNotBefore = ward.now();
  }

  /** Does the one next thing. @param wanted what is to be changed now; null: nothing */
  void advance(LegChange wanted) {
    if (adopted < 0) start();
    // Somebody else has changed the layout, or a commit was heard of late: it is in force, so it is taken up.
    if (open() && adopted != ward.epoch()) {
      change = null;
      adopt();
    } else if (wanted != null && (step == Step.NONE || step == Step.START)) begin(wanted);
    else if (step == Step.START && heard()) adopt();
    else if (step == Step.RECALL) recall(wanted);
    else if (step == Step.RESUBMIT && ward.due(retryAt)) submit();
    else if (step == Step.ADOPT && !held && ward.due(retryAt)) adopt();
  }

  private void start() {
    adopted = ward.epoch();
    if (heard()) return;
    step = Step.START;
    ward.effects.hold(List.of(), problem -> {});
  }

  /** Whether all that happened before this run of the server is known. Once it is, it stays so. */
  private boolean heard() {
    heard = heard || !ward.legs.mirrored() || ward.holders.allHeard(ward.lines::unconfirmed);
    return heard;
  }

  private void begin(LegChange wanted) {
    step = Step.RECALL;
    change = wanted;
    started = ward.now();
    hold();
    ward.look();
  }

  private void hold() {
    held = false;
    holdProblem = "";
    holdAsked = new HashSet<>(change.doomedIds());
    int asked = ++question;
    ward.effects.hold(change.doomedIds(), problem -> {
      if (asked != question || step != Step.RECALL) return;
      held = problem.isEmpty();
      holdProblem = problem;
      retryAt = ward.now() + ward.times.retry();
      ward.look();
    });
  }

  private void recall(LegChange wanted) {
    if (wanted == null) {
      adopt();
      return;
    }
    if (!wanted.sameAs(change)) started = ward.now();
    change = wanted;
    if (!holdAsked.equals(new HashSet<>(change.doomedIds()))) hold();
    else if (!holdProblem.isEmpty() && ward.due(retryAt)) hold();
    if (held && copyIsOut() && ward.holders.allStand(change.givenUpDisks(ward.legs))) {
      built = change.build(ward.volume.getId(), ward.epoch(), ward.effects.newId(), ward.legs, ward.holders, ward.effects);
      submit();
    } else if (change.mayWait() && ward.due(started + ward.times.recall())) {
      refused = change.words() + " was given up: " + waitsForRecall();
      notBefore = ward.now() + ward.times.recallRetry();
      if (change.request() != null) result = LegRequest.refused(Problem.Code.UNAVAILABLE, "the volume could not be recalled from its hosts",
          waitsForRecall(), "try again when that is over", ward.volume.getId());
      adopt();
    }
  }

  /** A copy that hangs on a leg that is given up is not waited for; every other one ends soon, since it was stopped. */
  private boolean copyIsOut() {
    if (!ward.copier.underWay()) return true;
    if (change.mayWait()) return false;
    return change.doomed().stream().anyMatch(l -> ward.copier.touches(l.id()));
  }

  private void submit() {
    step = Step.SUBMIT;
    int asked = ++question;
    ward.effects.submit(built, r -> {
      if (asked != question) return;
      committed(r);
      ward.look();
    });
  }

  private void committed(CommandResult r) {
    if (uncertain(r) && adopted == ward.epoch()) {
      step = Step.RESUBMIT;
      retryAt = ward.now() + ward.times.retry();
      return;
    }
    // Refused though the epoch has moved: an earlier try may be the one that took effect; the newest state decides anew.
    result = happened() ? LegRequest.applied() : r;
    boolean replace = change.kind() == LegChange.Kind.REPLACE;
    if (replace) noSpace = "";
    refused = "";
    if (result.hasProblem() && replace) {
      noSpace = r.getProblem().getWhat() + ": " + r.getProblem().getWhy();
      replaceNotBefore = ward.now() + ward.times.space();
    } else if (result.hasProblem()) {
      refused = change.words() + " was refused: " + r.getProblem().getWhat() + ": " + r.getProblem().getWhy();
      notBefore = ward.now() + ward.times.retry();
      if (!change.mayWait()) mustNotBefore = notBefore;
    }
    adopt();
  }

  private boolean happened() {
    return switch (change.kind()) {
      case ADD -> ward.legs.leg(change.legId()) != null;
      case DROP, REPLACE -> ward.legs.leg(change.legId()) == null;
      case RESIZE -> ward.size() == change.request().sizeBytes;
      default -> false;
    };
  }

  private static boolean uncertain(CommandResult r) {
    if (!r.hasProblem()) return false;
    Problem.Code code = r.getProblem().getCode();
    return code == Problem.Code.UNAVAILABLE || code == Problem.Code.TIMEOUT || code == Problem.Code.INTERNAL;
  }

  private void adopt() {
    if (!heard() && adopted == ward.epoch()) {
      answerRequest();
      step = Step.START;
      return;
    }
    step = Step.ADOPT;
    held = true;
    long epoch = ward.epoch();
    int asked = ++question;
    ward.effects.adopt(ward.volume, problem -> {
      if (asked != question) return;
      if (problem.isEmpty()) adopted = epoch;
      holdProblem = problem;
      if (problem.isEmpty() && epoch == ward.epoch()) end();
      else {
        held = false;
        retryAt = ward.now() + (problem.isEmpty() ? 0 : ward.times.retry());
      }
      ward.look();
    });
  }

  private void end() {
    step = Step.NONE;
    answerRequest();
  }

  private void answerRequest() {
    LegChange ended = change;
    CommandResult r = result;
    change = null;
    result = null;
    if (ended != null && ended.request() != null && r != null) ended.request().answer(r);
  }

  /** Why it does not go on, for people; empty: nothing is to be switched, or it goes on. */
  String waitsFor() {
    return switch (step) {
      case NONE -> "";
      case START -> ward.holders.silent(ward.lines::unconfirmed);
      case RECALL -> change.words() + ": " + waitsForRecall();
      case SUBMIT -> "the catalog";
      case RESUBMIT -> "the catalog, which has not answered";
      case ADOPT -> holdProblem.isEmpty() ? "the server's own I/O" : holdProblem;
    };
  }

  private String waitsForRecall() {
    String owing = ward.holders.owing(change.givenUpDisks(ward.legs));
    if (!owing.isEmpty()) return owing;
    if (!held) return holdProblem.isEmpty() ? "the server has I/O of its own under way" : holdProblem;
    return copyIsOut() ? "" : "a copy is under way";
  }

  /** Why the newest try of something that may wait came to nothing; empty: it did not. */
  String refused() {
    return refused;
  }

  /** Is this what is in progress, beyond the point where it could be refused? */
  boolean serves(LegRequest request) {
    return step != Step.NONE && change != null && change.request() == request;
  }
}
