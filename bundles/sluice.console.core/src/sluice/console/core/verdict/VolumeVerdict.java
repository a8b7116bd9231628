package sluice.console.core.verdict;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** The verdict of one volume: of its copies first, for they are the data; then of its hosts' ways. Pure. */
final class VolumeVerdict {
  private final SanView san;
  private final ZoneId zone;
  private final Volume v;
  private final ObjectKey key;
  private final int legs;
  private int usable;
  private String badDisk = "";
  private long badSince;
  private int stale = -1;
  private int filling = -1;

  VolumeVerdict(SanView san, ZoneId zone, Volume v) {
    this.san = san;
    this.zone = zone;
    this.v = v;
    this.key = new ObjectKey(ObjectKey.Kind.VOLUME, v.getId());
    this.legs = Healths.legCount(v);
    for (int i = 0; i < legs; i++) look(i);
  }

  private void look(int leg) {
    LegInfo.State state = Healths.legState(v, leg);
    if (state == LegInfo.State.FILLING) filling = leg;
    else if (state != LegInfo.State.IN_SYNC) stale = leg;
    else if (Healths.onGoodDisks(san, v, leg)) usable++;
    if (badDisk.isEmpty()) badDisk(leg);
  }

  private void badDisk(int leg) {
    for (Segment s : v.getLayout().getSegmentsList()) {
      if (leg >= s.getLegsCount()) continue;
      for (Extent e : s.getLegs(leg).getColumnsList()) {
        if (!Healths.bad(san, e.getDiskId())) continue;
        badDisk = san.name(e.getDiskId());
        badSince = san.diskStatus(e.getDiskId()).getSinceMs();
        return;
      }
    }
  }

  Verdict verdict() {
    Health copies = Healths.legs(san, v);
    if (copies == Health.FAILED) return failed();
    if (stale >= 0 || filling >= 0) return healing(copies);
    if (copies == Health.DEGRADED) return lacking();
    return routes().orElseGet(this::inOrder);
  }

  private Verdict failed() {
    String why = badDisk.isEmpty() ? "no copy is in sync" : "disk " + badDisk + " cannot be reached";
    return new Verdict(key, Health.FAILED, "failed", "Volume " + v.getName() + " cannot be used: " + why + ".",
        "Nothing that was acknowledged is lost as long as a disk with a copy in sync comes back; I/O waits until then.", badSince,
        List.of(Action.RECHECK_DISKS));
  }

  private Verdict healing(Health copies) {
    int leg = filling >= 0 ? filling : stale;
    LegInfo info = v.getLayout().getLegs(leg);
    Optional<Task> found = san.taskAtWork(v.getId(), info.getId());
    String which = legs == 2 ? "One of two copies" : "Copy " + (leg + 1) + " of " + legs;
    if (found.isEmpty()) {
      return new Verdict(key, Health.DEGRADED, "degraded", which + " of volume " + v.getName() + " is not up to date" + because(info.getReason()) + ".",
          safety("") + " Nothing heals it at the moment.", info.getSinceMs(), List.of(Action.RECOVER, Action.ADD_LEG));
    }
    Task t = found.get();
    TaskStatus s = san.taskStatus(t.getId());
    String percent = Words.percent(t, s).map(Words::percentWord).orElse("");
    if (t.getState() == Task.State.PAUSED) {
      return new Verdict(key, Health.DEGRADED, "degraded", which + " of volume " + v.getName() + " is not up to date, and its recovery is paused" + because(t.getReason()) + ".",
          safety(""), info.getSinceMs(), List.of(Action.RESUME_TASK));
    }
    if (!s.getWaitsFor().isEmpty()) {
      return new Verdict(key, Health.DEGRADED, "degraded", which + " of volume " + v.getName() + " is not up to date; its recovery waits: " + s.getWaitsFor() + ".",
          safety(""), info.getSinceMs(), List.of(Action.RECHECK_DISKS, Action.ADD_POOL_DISKS));
    }
    String until = Estimate.of(s).map(e -> " until about " + Words.moment(san.timeMs() + (e.soonestMs() + e.latestMs()) / 2, san.timeMs(), zone)).orElse("");
    return new Verdict(key, copies == Health.SYNCING ? Health.SYNCING : Health.DEGRADED, ("syncing " + percent).strip(),
        which + " of volume " + v.getName() + " is being rebuilt" + (percent.isEmpty() ? "" : ", " + percent + " done") + ".", safety(until), info.getSinceMs(),
        List.of(Action.PAUSE_TASK, Action.THROTTLE_TASK));
  }

  private Verdict lacking() {
    String why = badDisk.isEmpty() ? Words.count(legs, "copy", "copies") + " of " + Healths.wanted(v) + " that are wanted" : "disk " + badDisk + " with one copy cannot be reached";
    return new Verdict(key, Health.DEGRADED, "degraded", "Volume " + v.getName() + " has fewer copies than it should: " + why + ".", safety(""), badSince,
        badDisk.isEmpty() ? List.of(Action.ADD_LEG) : List.of(Action.RECHECK_DISKS, Action.ADD_LEG));
  }

  /** What may fail next. */
  private String safety(String until) {
    int spare = Math.max(0, usable - 1);
    return "Safe against " + spare + " further disk " + (spare == 1 ? "failure" : "failures") + until + ".";
  }

  private Optional<Verdict> routes() {
    List<String> rerouted = new ArrayList<>();
    List<String> waiting = new ArrayList<>();
    List<String> changing = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    String reason = "";
    long since = 0;
    for (Attachment a : v.getAttachmentsList()) {
      VolumeStatus s = san.volumeStatus(v.getId(), a.getHostId());
      String host = san.name(a.getHostId());
      boolean trouble = s.getHeld() && !s.getQuiesced() && (s.getRoute() == VolumeStatus.Route.SERVER || s.getRoute() == VolumeStatus.Route.WAITING);
      if (san.hostStatus(a.getHostId()).getState() == sluice.protocol.v1.HostStatus.State.OFFLINE) silent.add(host);
      else if (a.getDetaching() || !s.getHeld() || s.getQuiesced()) changing.add(host);
      else if (s.getRoute() == VolumeStatus.Route.WAITING) waiting.add(host);
      else if (s.getRoute() == VolumeStatus.Route.SERVER) rerouted.add(host);
      if (trouble) {
        since = since == 0 ? s.getSinceMs() : Math.min(since, s.getSinceMs());
        if (reason.isEmpty()) reason = s.getReason();
      }
    }
    if (!waiting.isEmpty()) {
      return Optional.of(new Verdict(key, Health.FAILED, "waiting", "On " + Words.list(waiting) + " volume " + v.getName() + " is reached neither directly nor through the server" + because(reason) + ".",
          "Its I/O there waits; nothing is lost.", since, List.of(Action.RECHECK_DISKS)));
    }
    if (!rerouted.isEmpty()) {
      return Optional.of(new Verdict(key, Health.DEGRADED, "rerouted", Words.list(rerouted) + (rerouted.size() == 1 ? " reaches" : " reach") + " volume " + v.getName() + " through the server only" + because(reason) + ".",
          "The data is safe; I/O there is slower.", since, List.of()));
    }
    if (!silent.isEmpty()) {
      return Optional.of(new Verdict(key, Health.UNKNOWN, "unknown", "Volume " + v.getName() + " is held by " + Words.list(silent) + ", which does not answer.",
          "The copies are in order; what the host does with it is not known.", 0, List.of(Action.DECLARE_DEAD)));
    }
    if (!changing.isEmpty()) {
      return Optional.of(new Verdict(key, Health.CHANGING, "changing", "Volume " + v.getName() + " is being changed on " + Words.list(changing) + ".", "", 0, List.of()));
    }
    return Optional.empty();
  }

  private Verdict inOrder() {
    if (Healths.wanted(v) == 1) {
      return new Verdict(key, Health.HEALTHY, "healthy", "Volume " + v.getName() + " is in order; it has one copy.",
          "It is not safe against a disk failure.", 0, List.of(Action.ADD_LEG));
    }
    return new Verdict(key, Health.HEALTHY, "healthy", "Volume " + v.getName() + " is in order: " + usable + " of " + legs + " copies are in sync.", safety(""), 0, List.of());
  }

  private static String because(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }
}
