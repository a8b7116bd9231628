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

  Decision(Ward ward, LegRequests requests, LayoutSwitch layoutSwitch, Recovery recovery, Reconcile reconcile) {
    this.ward = ward;
    this.requests = requests;
    this.layoutSwitch = layoutSwitch;
    this.recovery = recovery;
    this.reconcile = reconcile;
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
    if (!absent.isEmpty()) waits = ward.holders.absentWords(absent.get(0));
    else if (ward.copier.underWay()) waits = "a copy is coming to its end";
    else if (change.request() != null || layoutSwitch.mayTry()) return true;
    else waits = layoutSwitch.refused();
    return false;
  }

  private LegChange able() {
    LegRequest request = requests.first();
    if (request != null && request.kind == Kind.SNAPSHOT && (reconcile.pending() || reconcile.active())) {
      // Until then two readers may see different things where a host that is gone was writing.
      waits = "what a host left unfinished is being reconciled";
      return null;
    }
    if (request != null) return new LegChange(request.kind, request.legId, List.of(), "", true, request);
    if (reconcile.pending()) return null;
    Leg filling = ward.legs.filling();
    if (filling != null) {
      if (ward.taskState(filling.id()) == Task.State.CANCELLED) {
        return new LegChange(Kind.STALE, filling.id(), List.of(), "the recovery was cancelled", true, null);
      }
      return recovery.complete(filling.id()) ? new LegChange(Kind.FINISH, filling.id(), List.of(), "", true, null) : null;
    }
    noSpare = "";
    LegChange next = null;
    String why = "";
    for (Leg leg : ward.legs.all()) {
      if (next != null || !leg.stale()) continue;
      next = heal(leg);
      if (why.isEmpty()) why = waits;
    }
    waits = next == null ? why : "";
    return next;
  }

  /** What a stale leg needs. */
  private LegChange heal(Leg leg) {
    waits = "";
    Task.State task = ward.taskState(leg.id());
    if (task == Task.State.PAUSED) waits = "the recovery of " + leg.words() + " is paused";
    else if (task == Task.State.CANCELLED && !wanted.contains(leg.id())) waits = "the recovery of " + leg.words() + " was cancelled";
    else if (ward.legs.reach(leg) == Legs.Reach.UNKNOWN) waits = ward.legs.lostWords(leg);
    else if (ward.legs.reach(leg) == Legs.Reach.LOST) return replaceWhenLong(leg);
    else if (ward.legs.failures(leg) >= FAILURES) return replaceFailing(leg);
    else if (backsOff(leg)) waits = "filling " + leg.words() + " has failed: " + leg.info().getReason();
    else if (ward.holders.doubtfulDisks().stream().anyMatch(leg.disks()::contains)) waits = "a host has writes in doubt on " + leg.words();
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
    long waitMs = ward.pool.getRecovery().getWaitMs();
    if (waitMs == 0) waitMs = DEFAULT_WAIT_MS;
    long left = ward.legs.lostSinceMs(leg) + waitMs - ward.effects.nowMs();
    if (left <= 0) return replace(leg, ward.legs.lostWords(leg));
    ward.wakeAt(ward.inMs(left));
    waits = ward.legs.lostWords(leg) + "; it is replaced if it is not back in " + (left + 999) / 1000 + " s";
    return null;
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
