package sluice.console.core.verdict;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sluice.api.ByteSize;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** What there is to say of each object of a view. Pure; times of day are told in the zone that is given. */
public final class Verdicts {
  private final SanView san;
  private final ZoneId zone;

  public Verdicts(SanView san, ZoneId zone) {
    this.san = san;
    this.zone = zone;
  }

  /** Empty if there is no such object. */
  public Optional<Verdict> of(ObjectKey key) {
    return switch (key.kind()) {
      case VOLUME -> san.volume(key.id()).map(v -> new VolumeVerdict(san, zone, v).verdict());
      case DISK -> san.disk(key.id()).map(this::disk);
      case HOST -> san.host(key.id()).map(this::host);
      case POOL -> san.pool(key.id()).map(this::pool);
      case TASK -> san.task(key.id()).map(this::task);
      case ALERT -> san.alert(key.id()).map(this::alert);
      case SERVER -> key.id().equals(san.serverId()) ? Optional.of(server()) : Optional.empty();
      case CLUSTER -> Optional.of(cluster());
      case USER, TOKEN -> Optional.empty();
    };
  }

  private Verdict disk(Disk d) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.DISK, d.getId());
    DiskStatus s = san.diskStatus(d.getId());
    List<WhatIf.Impact> hit = WhatIf.disk(san, d.getId()).impacts();
    long lost = hit.stream().filter(i -> i.effect() == WhatIf.Effect.LOST && i.object().kind() == ObjectKey.Kind.VOLUME).count();
    long degraded = hit.stream().filter(i -> i.effect() == WhatIf.Effect.DEGRADED && i.object().kind() == ObjectKey.Kind.VOLUME).count();
    if (Healths.bad(san, d.getId())) {
      String what = s.getState() == DiskStatus.State.WRONG ? "What answers at disk " + d.getName() + "'s place is not this disk: " + s.getReason() + "."
          : "The server cannot reach disk " + d.getName() + ": " + s.getReason() + ".";
      String meaning = lost > 0 ? Words.count(lost, "volume has", "volumes have") + " no other copy in sync: I/O to " + (lost == 1 ? "it" : "them") + " waits."
          : degraded > 0 ? Words.count(degraded, "volume goes", "volumes go") + " on with the copies on other disks." : "No volume lies on it.";
      List<Action> actions = new ArrayList<>(List.of(Action.RECHECK_DISKS, Action.SET_DISK));
      if (hit.isEmpty()) actions.add(Action.REMOVE_DISK);
      return new Verdict(key, Health.FAILED, s.getState() == DiskStatus.State.WRONG ? "wrong disk" : "failed", what, meaning, s.getSinceMs(), actions);
    }
    if (s.getState() != DiskStatus.State.ONLINE) {
      return new Verdict(key, Health.UNKNOWN, "unknown", "The server has not looked at disk " + d.getName() + " yet.", "", s.getSinceMs(), List.of(Action.RECHECK_DISKS));
    }
    String use = d.getPoolId().isEmpty() ? "is in no pool" : d.getSpare() ? "is kept for copies that replace lost ones" : "is online";
    String meaning = lost > 0 ? "If it failed now, " + Words.count(lost, "volume", "volumes") + " would be lost." : "";
    List<Action> actions = d.getPoolId().isEmpty() ? List.of(Action.CREATE_POOL, Action.ADD_POOL_DISKS) : List.of();
    return new Verdict(key, Health.HEALTHY, d.getSpare() ? "spare" : "healthy", "Disk " + d.getName() + " " + use + ".", meaning, s.getSinceMs(), actions);
  }

  private Verdict host(Host h) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.HOST, h.getId());
    HostStatus s = san.hostStatus(h.getId());
    List<Volume> held = san.volumesOfHost(h.getId());
    String volumes = held.isEmpty() ? "It holds no volume." : "It holds " + Words.list(held.stream().map(Volume::getName).toList());
    if (s.getState() == HostStatus.State.OFFLINE) {
      boolean shares = held.stream().anyMatch(Volume::getShared);
      boolean fenced = shares && s.getLeaseLeftMs() <= 0;
      String meaning = held.isEmpty() ? volumes : volumes + (fenced ? ", and its lease has run out: it writes to shared volumes no more."
          : "; nobody else may have what it holds alone until it answers or is declared dead.");
      return new Verdict(key, Health.OFFLINE, fenced ? "fenced" : "offline", "Host " + h.getName() + " has no session with the server.", meaning, s.getSinceMs(),
          held.isEmpty() ? List.of(Action.REMOVE_HOST) : List.of(Action.DECLARE_DEAD));
    }
    if (s.getState() != HostStatus.State.ONLINE) {
      return new Verdict(key, Health.UNKNOWN, "unknown", "Host " + h.getName() + " has not been heard of since the server started.", "", 0, List.of());
    }
    List<String> rerouted = new ArrayList<>();
    String reason = "";
    long since = 0;
    for (Volume v : held) {
      VolumeStatus on = san.volumeStatus(v.getId(), h.getId());
      if (!on.getHeld() || on.getRoute() == VolumeStatus.Route.DIRECT || on.getRoute() == VolumeStatus.Route.ROUTE_UNSPECIFIED || on.getQuiesced()) continue;
      rerouted.add(v.getName());
      if (reason.isEmpty()) reason = on.getReason();
      since = since == 0 ? on.getSinceMs() : Math.min(since, on.getSinceMs());
    }
    if (!rerouted.isEmpty()) {
      return new Verdict(key, Health.DEGRADED, "rerouted", "Host " + h.getName() + " does not reach " + Words.list(rerouted) + " directly" + because(reason) + ".",
          "The data is safe; its I/O goes through the server and is slower.", since, List.of());
    }
    List<NetworkStatus> down = s.getNetworksList().stream().filter(n -> !n.getUp()).toList();
    if (!down.isEmpty()) {
      long left = s.getNetworksCount() - down.size();
      return new Verdict(key, Health.DEGRADED, "at risk", "Host " + h.getName() + " has no session over " + down.get(0).getServerAddress() + because(down.get(0).getReason()) + ".",
          left == 1 ? "One network is left: if it fails, the host is on its own." : Words.count(left, "network is", "networks are") + " left.", down.get(0).getSinceMs(), List.of());
    }
    return new Verdict(key, Health.HEALTHY, "healthy", "Host " + h.getName() + " is online.", held.isEmpty() ? volumes : volumes + ", directly.", s.getSinceMs(), List.of());
  }

  private static String because(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }

  private Verdict pool(Pool p) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.POOL, p.getId());
    PoolUsage u = san.poolUsage(p.getId());
    List<Volume> volumes = san.volumesOfPool(p.getId());
    Health worst = Health.HEALTHY;
    List<String> hit = new ArrayList<>();
    for (Volume v : volumes) {
      Health one = Healths.volume(san, v);
      worst = Healths.worse(worst, one);
      if (one.getValue() >= Health.DEGRADED.getValue()) hit.add(v.getName());
    }
    String space = new ByteSize(u.getFreeBytes()) + " of " + new ByteSize(u.getTotalBytes()) + " are free";
    Health own = Healths.pool(san, p);
    if (!hit.isEmpty()) {
      return new Verdict(key, Healths.worse(own, Health.DEGRADED), worst == Health.FAILED ? "failed below" : "degraded below",
          "In pool " + p.getName() + " something is the matter with " + Words.list(hit) + ".", capital(space) + ".", 0, List.of());
    }
    if (own == Health.DEGRADED) {
      return new Verdict(key, own, "nearly full", "Pool " + p.getName() + " is nearly full: " + space + ".",
          "Lost copies may find no space to heal on.", 0, List.of(Action.ADD_POOL_DISKS));
    }
    return new Verdict(key, own, "healthy", "Pool " + p.getName() + " is in order: " + Words.count(volumes.size(), "volume", "volumes") + " on "
        + Words.count(san.disksOfPool(p.getId()).size(), "disk", "disks") + ".", capital(space) + ".", 0, List.of());
  }

  private static String capital(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private Verdict task(Task t) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.TASK, t.getId());
    TaskStatus s = san.taskStatus(t.getId());
    String name = capital(Healths.taskName(san, t));
    String percent = Words.percent(t, s).map(Words::percentWord).orElse("");
    Health health = Healths.task(san, t);
    return switch (t.getState()) {
      case RUNNING -> {
        if (!s.getWaitsFor().isEmpty()) yield new Verdict(key, health, "waiting", name + " waits: " + s.getWaitsFor() + ".", "It goes on by itself.", t.getCreatedMs(), List.of());
        String left = Estimate.of(s).map(e -> ", " + e.words() + " left").orElse("");
        yield new Verdict(key, health, ("syncing " + percent).strip(), name + (percent.isEmpty() ? " is being prepared." : " is " + percent + " done" + left + "."), "",
            t.getCreatedMs(), List.of(Action.PAUSE_TASK, Action.THROTTLE_TASK));
      }
      case PAUSED -> new Verdict(key, health, "paused", name + " is paused" + because(t.getReason()) + ".", "Until it goes on there is a copy less.", t.getCreatedMs(), List.of(Action.RESUME_TASK));
      case DONE -> new Verdict(key, health, "done", name + " is done.", "", t.getEndedMs(), List.of());
      case FAILED -> new Verdict(key, health, "failed", name + " has failed" + because(t.getReason()) + ".", "", t.getEndedMs(), List.of(Action.RECOVER));
      case CANCELLED -> new Verdict(key, health, "cancelled", name + " was cancelled" + because(t.getReason()) + ".", "", t.getEndedMs(), List.of(Action.RECOVER));
      default -> new Verdict(key, health, "unknown", name + " is in a state that this program does not know.", "", 0, List.of());
    };
  }

  private Verdict alert(Alert a) {
    return new Verdict(new ObjectKey(ObjectKey.Kind.ALERT, a.getId()), Healths.severity(a.getSeverity()), a.getKind().replace('-', ' '), capital(a.getText()) + ".",
        capital(a.getCorrection()) + ".", a.getSinceMs(), recommended(a));
  }

  /** What helps against an alert, the best first. */
  public static List<Action> recommended(Alert a) {
    return switch (a.getKind()) {
      case "disk-offline", "disk-failing", "volume-unavailable" -> List.of(Action.RECHECK_DISKS, Action.SET_DISK);
      case "volume-degraded" -> List.of(Action.RECOVER, Action.ADD_LEG);
      case "no-spare", "pool-nearly-full" -> List.of(Action.ADD_POOL_DISKS, Action.ADD_DISKS);
      case "host-stale" -> List.of(Action.DECLARE_DEAD);
      default -> List.of();
    };
  }

  private Verdict server() {
    return new Verdict(new ObjectKey(ObjectKey.Kind.SERVER, san.serverId()), Health.HEALTHY, "healthy",
        "Server " + san.serverId() + " answers (" + san.software() + ").", "", 0, List.of());
  }

  private Verdict cluster() {
    List<String> failed = new ArrayList<>();
    List<String> degraded = new ArrayList<>();
    for (Volume v : san.volumes()) {
      Health h = Healths.volume(san, v);
      if (h == Health.FAILED) failed.add(v.getName());
      else if (h == Health.DEGRADED || h == Health.SYNCING) degraded.add(v.getName());
    }
    ObjectKey key = new ObjectKey(ObjectKey.Kind.CLUSTER, san.cluster().getId());
    String name = san.cluster().getName();
    if (!failed.isEmpty()) {
      return new Verdict(key, Health.FAILED, "failed", "In cluster " + name + " " + Words.list(failed) + " cannot be used.",
          "I/O waits until a copy in sync can be reached.", 0, List.of(Action.RECHECK_DISKS));
    }
    if (!degraded.isEmpty()) {
      return new Verdict(key, Health.DEGRADED, "at risk", "In cluster " + name + " " + Words.list(degraded) + (degraded.size() == 1 ? " is" : " are") + " not as it should be.",
          "No data is lost.", 0, List.of());
    }
    return new Verdict(key, Health.HEALTHY, "healthy", "Cluster " + name + " is in order.", "", 0, List.of());
  }
}
