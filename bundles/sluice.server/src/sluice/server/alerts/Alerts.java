package sluice.server.alerts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.api.ByteSize;
import sluice.core.care.CareFacts;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;
import sluice.server.care.CaredVolume;

/** All that is the matter at one moment. Pure. An alert whose beginning is not known has no time: who keeps it gives it one. */
final class Alerts {
  /** From here on a pool is said to be nearly full. */
  static final int FULL_PERCENT = 85;

  private final San san;
  private final Map<String, Alert> found = new TreeMap<>();

  private Alerts(San san) {
    this.san = san;
  }

  /** By id. */
  static Map<String, Alert> of(San san) {
    Alerts all = new Alerts(san);
    all.san.disks().forEach(all::disk);
    all.san.cared().forEach(all::cared);
    all.san.volumes().forEach(all::plain);
    all.different();
    all.hosts();
    all.san.pools().forEach(all::pool);
    all.folder();
    return all.found;
  }

  private void add(String kind, String object, Severity severity, String text, String correction, long sinceMs, List<String> objects) {
    String id = kind + " " + object;
    found.put(id, Alert.newBuilder().setId(id).setKind(kind).setSeverity(severity).setText(text).setCorrection(correction)
        .setSinceMs(sinceMs).addAllObjects(objects).build());
  }

  private void disk(Disk disk) {
    DiskStatus status = san.disk(disk.getId());
    if (status == null || status.getState() == DiskStatus.State.ONLINE || status.getReason().isEmpty()) return;
    add("disk-offline", disk.getId(), Severity.ERROR, "disk " + disk.getName() + " cannot be reached: " + status.getReason(),
        "see to the disk and the way to it; what lies on it is replaced from other copies where there are any", status.getSinceMs(),
        List.of(disk.getId()));
  }

  private void cared(CaredVolume cared) {
    CareFacts facts = cared.facts();
    Volume v = cared.volume();
    if (v.getLayout().getLegsCount() == 0) return;
    String reason = facts.reason().isEmpty() ? "" : ": " + san.named(facts.reason());
    if (facts.state() == CareFacts.State.UNAVAILABLE) {
      add("volume-unavailable", v.getId(), Severity.ERROR, "volume " + v.getName() + " cannot be used through the server" + reason,
          "bring back a disk with a copy that is in sync", facts.sinceMs(), List.of(v.getId()));
    } else if (facts.state() == CareFacts.State.DEGRADED) {
      add("volume-degraded", v.getId(), Severity.WARNING, "volume " + v.getName() + " has fewer good copies than it should" + reason,
          "it heals by itself if there is a disk to heal on; see: sluice task list", facts.sinceMs(), List.of(v.getId()));
    }
    if (!facts.noSpare().isEmpty()) {
      add("no-spare", v.getId(), Severity.ERROR, "there is no space for the lost copy of volume " + v.getName() + ": " + san.named(facts.noSpare()),
          "add a disk to the pool, or bring the lost one back", 0, List.of(v.getId(), v.getPoolId()));
    }
    for (CareFacts.StaleHost h : facts.staleHosts()) {
      add("host-stale", h.hostId(), Severity.ERROR, san.named(h.text()), "start the agent on host " + san.hostName(h.hostId())
          + ", or declare the host dead if it is gone", h.sinceMs(), List.of(h.hostId(), v.getId()));
    }
  }

  /** A volume of one leg is there when its disks are. */
  private void plain(Volume v) {
    if (v.getLayout().getLegsCount() > 0) return;
    for (Segment s : v.getLayout().getSegmentsList()) {
      for (Leg leg : s.getLegsList()) {
        for (Extent e : leg.getColumnsList()) {
          DiskStatus status = san.disk(e.getDiskId());
          if (status == null || status.getState() == DiskStatus.State.ONLINE || status.getReason().isEmpty()) continue;
          add("volume-unavailable", v.getId(), Severity.ERROR, "volume " + v.getName() + " cannot be used through the server: disk "
              + san.diskName(e.getDiskId()) + ": " + status.getReason(), "bring the disk back; a volume with two legs would go on without it",
              status.getSinceMs(), List.of(v.getId(), e.getDiskId()));
          return;
        }
      }
    }
  }

  /** By each volume's newest verification: one that finds nothing, or repairs all that it finds, clears it. */
  private void different() {
    Map<String, Task> newest = new HashMap<>();
    for (Task t : san.tasks()) {
      if (t.getKind() != Task.Kind.VERIFY || t.getState() != Task.State.DONE && t.getVerification().getDifferentBytes() == 0) continue;
      newest.merge(t.getVolumeId(), t, (a, b) -> b.getCreatedMs() >= a.getCreatedMs() ? b : a);
    }
    if (newest.isEmpty()) return;
    for (Volume v : san.volumes()) different(v, newest.get(v.getId()));
  }

  private void different(Volume v, Task newest) {
    if (newest == null || newest.getVerification().getDifferentBytes() == newest.getVerification().getRepairedBytes()) return;
    long left = newest.getVerification().getDifferentBytes() - newest.getVerification().getRepairedBytes();
    add("legs-differ", v.getId(), Severity.ERROR, "the copies of volume " + v.getName() + " differ in " + new ByteSize(left),
        "see where with: sluice task show " + newest.getId() + "; then: sluice volume verify " + v.getName() + " --repair, or --repair-from the copy"
            + " that is right", newest.getEndedMs() == 0 ? newest.getCreatedMs() : newest.getEndedMs(), List.of(v.getId(), newest.getId()));
  }

  private void hosts() {
    Map<String, List<VolumeStatus>> rerouted = new LinkedHashMap<>();
    for (VolumeStatus s : san.volumeStatus()) {
      if (s.getHeld() && s.getRoute() == VolumeStatus.Route.SERVER) rerouted.computeIfAbsent(s.getHostId(), h -> new ArrayList<>()).add(s);
    }
    rerouted.forEach(this::rerouted);
    for (HostStatus s : san.hostStatus()) {
      if (s.getState() == HostStatus.State.ONLINE || san.nowMs() - s.getSinceMs() < san.hostPatienceMs()) continue;
      List<String> names = new ArrayList<>();
      for (Volume v : san.volumes()) for (Attachment a : v.getAttachmentsList()) if (a.getHostId().equals(s.getHostId())) names.add(v.getName());
      if (names.isEmpty() || found.containsKey("host-stale " + s.getHostId())) continue;
      add("host-stale", s.getHostId(), Severity.WARNING, "host " + san.hostName(s.getHostId()) + " is offline and holds " + volumes(names),
          "start its agent, or declare the host dead if it is gone", s.getSinceMs(), List.of(s.getHostId()));
    }
  }

  private void rerouted(String host, List<VolumeStatus> through) {
    VolumeStatus first = through.get(0);
    List<String> names = through.stream().map(s -> san.volumeName(s.getVolumeId())).sorted().toList();
    long since = through.stream().mapToLong(VolumeStatus::getSinceMs).min().orElse(0);
    add("host-rerouted", host, Severity.WARNING, "host " + san.hostName(host) + " reaches " + volumes(names) + " through the server only"
        + (first.getReason().isEmpty() ? "" : ": " + first.getReason()), "see to the host's way to the disks", since, List.of(host));
  }

  private void folder() {
    if (!san.folder().low()) return;
    add("folder-nearly-full", "server", Severity.ERROR, "the file system of the server's folder is nearly full: " + san.folder().text(),
        "make room on it: when it is full, nothing can be changed any more; volumes go on", 0, List.of());
  }

  private static String volumes(List<String> names) {
    String some = String.join(", ", names.subList(0, Math.min(5, names.size())));
    return (names.size() == 1 ? "volume " : "volumes ") + some + (names.size() > 5 ? " and " + (names.size() - 5) + " more" : "");
  }

  private void pool(Pool pool) {
    for (PoolUsage u : san.usage()) {
      if (!u.getPoolId().equals(pool.getId()) || u.getTotalBytes() <= 0) continue;
      long percent = u.getAllocatedBytes() / Math.max(1, u.getTotalBytes() / 100);
      if (percent < FULL_PERCENT) continue;
      add("pool-nearly-full", pool.getId(), Severity.WARNING, "pool " + pool.getName() + " is " + Math.min(100, percent) + " % full",
          "add disks to it, or delete volumes that nobody wants", 0, List.of(pool.getId()));
    }
  }
}
