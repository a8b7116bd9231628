package sluice.core.care;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import sluice.core.care.LegChange.Kind;
import sluice.protocol.v1.Task;

/** Which change of the legs is to be made next, and why none if none is. Looks at what is, remembers next to nothing. */
final class Decision {
  private static final long DEFAULT_WAIT_MS = 60_000;
  /** Filling a leg that fails as often as this though its disk is there: the disk is failing, another one is better. */
  private static final int FAILURES = 3;
  private static final long MAX_BACKOFF_DOUBLINGS = 5;

  private final Ward ward;
  private final LegRequests requests;
  private final LayoutSwitch layoutSwitch;
  private final Recovery recovery;
  private final Reconcile reconcile;
  private final Tail tail;
  /** Legs that an administrator wants to be recovered though their task was cancelled. */
  private final Set<String> wanted = new TreeSet<>();
  private String waits = "";
  private String noSpare = "";
  /** What the catalog thinks of a replacement, as of the newest question. */
  private String refusal = "";
  private long askSpaceAt;
  /** By the leg whose filling failed, when it may be tried again. */
  private final Map<String, Retry> retries = new TreeMap<>();

  /** A leg whose filling has failed so often. */
  private record Retry(int failures, long at) {}

  Decision(Ward ward, LegRequests requests, LayoutSwitch layoutSwitch, Recovery recovery, Reconcile reconcile, Tail tail) {
    this.ward = ward;
    this.requests = requests;
    this.layoutSwitch = layoutSwitch;
    this.recovery = recovery;
    this.reconcile = reconcile;
    this.tail = tail;
    askSpaceAt = ward.now();
  }

  String waitsFor() {
    return waits;
  }

  String noSpare() {
    return noSpare;
  }

  /** Also what was cancelled. */
  void recoverAll() {
    for (Leg leg : ward.legs.all()) if (leg.stale()) wanted.add(leg.id());
  }

  /** Null: nothing is to be changed now. */
  LegChange next() {
    waits = "";
    wanted.removeIf(id -> ward.legs.leg(id) == null || !ward.legs.leg(id).stale());
    retries.keySet().removeIf(id -> ward.legs.leg(id) == null);
    List<Leg> doomed = ward.legs.doomed();
    if (!doomed.isEmpty() && layoutSwitch.mustWait()) {
      waits = layoutSwitch.refused();
      return null;
    }
    if (!doomed.isEmpty()) {
      Leg first = doomed.get(0);
      return new LegChange(Kind.STALE, first.id(), doomed, ward.legs.doubt(first), false, null);
    }
    if (ward.legs.mirrored() && ward.legs.source() == null) {
      waits = "no copy that is up to date can be reached: " + ward.legs.lostWords(ward.legs.inSync().get(0));
      return null;
    }
    LegChange change = able();
    return change != null && may(change) ? change : null;
  }

  /** Changes that the hosts are not kept waiting for are tried when everybody can answer. */
  private boolean may(LegChange change) {
    List<Holder> absent = ward.holders.absent();
    String unheard = change.kind() == Kind.RESIZE && change.request().sizeBytes < ward.size() ? ward.holders.unheard() : null;
    if (unheard != null) waits = "host " + unheard + " has not reported yet";
    else if (!absent.isEmpty()) waits = ward.holders.absentWords(absent.get(0));
    else if (ward.copier.underWay()) waits = "a copy is coming to its end";
    else if (change.request() != null || layoutSwitch.mayTry()) return true;
    else waits = layoutSwitch.refused();
    return false;
  }

  private LegChange able() {
    LegRequest request = requests.first();
    if (request != null && request.kind == Kind.RESIZE && request.sizeBytes > ward.size() && tail.there()) {
      waits = tail.waitsFor();
      return null;
    }
    if (request != null && request.kind == Kind.SNAPSHOT && (reconcile.pending() || reconcile.active())) {
      // Until then two readers may see different things where a host that is gone was writing.
      waits = "what a host left unfinished is being reconciled";
      return null;
    }
    if (request != null) return new LegChange(request.kind, request.legId, List.of(), "", true, request);
    Leg replacing = ward.legs.replacing();
    if (replacing != null && isVoid(replacing)) return new LegChange(Kind.DROP, replacing.id(), List.of(), "", true, null);
    if (reconcile.pending()) return null;
    Leg filling = ward.legs.filling();
    if (filling != null && filling == replacing) {
      LegChange first = healing();
      if (first != null) return new LegChange(Kind.STALE, filling.id(), List.of(), "another copy is brought up to date first", true, null);
      waits = "";
      return recovery.complete(filling.id()) ? new LegChange(Kind.FINISH, filling.id(), List.of(), "", true, null) : null;
    }
    if (filling != null) {
      if (ward.taskState(filling.id()) == Task.State.CANCELLED) {
        return new LegChange(Kind.STALE, filling.id(), List.of(), "the recovery was cancelled", true, null);
      }
      return recovery.complete(filling.id()) ? new LegChange(Kind.FINISH, filling.id(), List.of(), "", true, null) : null;
    }
    LegChange next = healing();
    if (next != null) return next;
    String why = waits;
    next = replacing != null ? fill(replacing) : move();
    if (next == null && waits.isEmpty()) waits = why;
    return next;
  }

  /** Of copies in their own right. */
  private LegChange healing() {
    noSpare = "";
    LegChange next = null;
    String why = "";
    for (Leg leg : ward.legs.all()) {
      if (next != null || !leg.stale() || leg.replaces()) continue;
      next = heal(leg);
      if (why.isEmpty()) why = waits;
    }
    waits = next == null ? why : "";
    return next;
  }

  // ---- a leg that is to replace another

  /** Its task has ended, or it has no future where it is: it goes, and the task finds another place. */
  private boolean isVoid(Leg leg) {
    Task task = ward.task(leg.id());
    if (task == null || task.getState() != Task.State.RUNNING && task.getState() != Task.State.PAUSED) return true;
    if (!leg.stale()) return false;
    Leg source = ward.legs.leg(leg.info().getReplacesLegId());
    if (source == null || source.stale() || ward.legs.failures(leg) >= FAILURES) return true;
    return ward.legs.reach(leg) == Legs.Reach.LOST && leftMs(leg) <= 0;
  }

  private LegChange fill(Leg leg) {
    waits = "";
    if (!leg.stale()) return null;
    if (ward.taskState(leg.id()) == Task.State.PAUSED) waits = "it is paused";
    else if (ward.legs.reach(leg) == Legs.Reach.LOST) {
      ward.wakeAt(ward.inMs(leftMs(leg)));
      waits = ward.legs.lostWords(leg);
    } else if (ward.legs.reach(leg) == Legs.Reach.UNKNOWN) waits = ward.legs.lostWords(leg);
    else if (!ward.legs.sourceIsWell(leg)) waits = "the copy that is moved cannot be reached";
    else if (backsOff(leg)) waits = "filling " + leg.words() + " has failed: " + leg.info().getReason();
    else if (doubtful(leg)) waits = "a host has writes in doubt on " + leg.words();
    else return new LegChange(Kind.FILL, leg.id(), List.of(), "", true, null);
    return null;
  }

  private boolean doubtful(Leg leg) {
    return ward.holders.doubtfulDisks().stream().anyMatch(leg.places()::contains);
  }

  /** What the catalog would refuse is not begun: the hosts would stand still for nothing. */
  private LegChange move() {
    waits = "";
    if (ward.move == null) return null;
    LegChange change = new LegChange(Kind.MOVE, ward.move.getLegId(), List.of(), "", true, null, ward.move);
    if (ward.due(askSpaceAt)) {
      askSpaceAt = ward.now() + ward.times.space();
      // Only the form of the new id matters here.
      refusal = ward.effects.refusal(change.build(ward.volume.getId(), ward.epoch(), ward.effects.newId(), ward.legs, ward.holders, ward.effects));
    }
    waits = refusal;
    return refusal.isEmpty() ? change : null;
  }

  /** What a stale leg needs. */
  private LegChange heal(Leg leg) {
    waits = "";
    Task.State task = ward.taskState(leg.id());
    if (task == Task.State.PAUSED) waits = "the recovery of " + leg.words() + " is paused";
    else if (task == Task.State.CANCELLED && !wanted.contains(leg.id())) waits = "the recovery of " + leg.words() + " was cancelled";
    else if (ward.legs.reach(leg) == Legs.Reach.UNKNOWN) waits = ward.legs.lostWords(leg);
    else return healKnown(leg);
    return null;
  }

  private LegChange healKnown(Leg leg) {
    boolean lost = ward.legs.reach(leg) == Legs.Reach.LOST;
    if (leg.disks().stream().anyMatch(ward.effects::leaving)) {
      LegChange away = replace(leg, leg.words() + " lies on a disk that is to become empty");
      // With nowhere else to go, it is better there than not at all.
      if (away != null || lost) return away;
    }
    if (lost) return replaceWhenLong(leg);
    if (ward.legs.failures(leg) >= FAILURES) return replaceFailing(leg);
    if (backsOff(leg)) waits = "filling " + leg.words() + " has failed: " + leg.info().getReason();
    else if (doubtful(leg)) waits = "a host has writes in doubt on " + leg.words();
    else return new LegChange(Kind.FILL, leg.id(), List.of(), "", true, null);
    return null;
  }

  /** Without a replacement it is tried again and again, ever more seldom. */
  private LegChange replaceFailing(Leg leg) {
    LegChange change = replace(leg, "filling " + leg.words() + " fails again and again");
    return change != null || backsOff(leg) ? change : new LegChange(Kind.FILL, leg.id(), List.of(), "", true, null);
  }

  private boolean backsOff(Leg leg) {
    int failures = ward.legs.failures(leg);
    if (failures == 0) return false;
    Retry retry = retries.get(leg.id());
    if (retry == null || retry.failures != failures) {
      retry = new Retry(failures, ward.now() + (ward.times.retry() << Math.min(failures, MAX_BACKOFF_DOUBLINGS)));
      retries.put(leg.id(), retry);
    }
    return !ward.due(retry.at);
  }

  private LegChange replaceWhenLong(Leg leg) {
    long left = leftMs(leg);
    if (left <= 0) return replace(leg, ward.legs.lostWords(leg));
    ward.wakeAt(ward.inMs(left));
    waits = ward.legs.lostWords(leg) + "; it is replaced if it is not back in " + (left + 999) / 1000 + " s";
    return null;
  }

  /** Until a leg that is lost is waited for no more. */
  private long leftMs(Leg leg) {
    long waitMs = ward.pool.getRecovery().getWaitMs();
    return ward.legs.lostSinceMs(leg) + (waitMs == 0 ? DEFAULT_WAIT_MS : waitMs) - ward.effects.nowMs();
  }

  private LegChange replace(Leg leg, String why) {
    LegChange change = new LegChange(Kind.REPLACE, leg.id(), List.of(), why, true, null);
    if (ward.due(askSpaceAt)) {
      askSpaceAt = ward.now() + ward.times.space();
      refusal = ward.effects.refusal(change.build(ward.volume.getId(), ward.epoch(), "new", ward.legs, ward.holders, ward.effects));
    }
    noSpare = refusal.isEmpty() ? layoutSwitch.noSpace() : refusal;
    if (noSpare.isEmpty()) return change;
    waits = why + "; no replacement: " + noSpare;
    return null;
  }

  /** Space may be there now. */
  void spaceChanged() {
    askSpaceAt = ward.now();
    layoutSwitch.tryNow();
  }
}
