package sluice.server.status;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.VolumeStatus;

/**
 * The newest status of everything, and which of them nobody has been told of yet. Pure but for who listens; on the
 * control thread. Statuses that come several times between two flushes go out once.
 */
public final class StatusBook {
  /** What a status is about. */
  public record Key(String id, String hostId) implements Comparable<Key> {
    @Override
    public int compareTo(Key o) {
      int byId = id.compareTo(o.id);
      return byId != 0 ? byId : hostId.compareTo(o.hostId);
    }
  }

  private final Map<String, HostStatus> hosts = new TreeMap<>();
  private final Map<String, DiskStatus> disks = new TreeMap<>();
  private final Map<Key, VolumeStatus> volumes = new TreeMap<>();
  private final Map<String, TaskStatus> tasks = new TreeMap<>();
  private final Map<String, Alert> alerts = new TreeMap<>();
  private final Map<Object, ObjectChange> dirty = new LinkedHashMap<>();
  private final List<Runnable> watchers = new ArrayList<>();

  /** Runs after each status that was put. */
  public void onChange(Runnable watcher) {
    watchers.add(watcher);
  }

  public void put(HostStatus s) {
    if (s.equals(hosts.put(s.getHostId(), s))) return;
    mark("h" + s.getHostId(), ObjectChange.newBuilder().setHostStatus(s).build());
  }

  public void put(DiskStatus s) {
    if (s.equals(disks.put(s.getDiskId(), s))) return;
    mark("d" + s.getDiskId(), ObjectChange.newBuilder().setDiskStatus(s).build());
  }

  /** Answers the one before, or null. */
  public VolumeStatus put(VolumeStatus s) {
    Key key = new Key(s.getVolumeId(), s.getHostId());
    VolumeStatus before = volumes.put(key, s);
    if (!s.equals(before)) mark(key, ObjectChange.newBuilder().setVolumeStatus(s).build());
    return before;
  }

  public void put(TaskStatus s) {
    if (s.equals(tasks.put(s.getTaskId(), s))) return;
    mark("t" + s.getTaskId(), ObjectChange.newBuilder().setTaskStatus(s).build());
  }

  /** The task has ended, which says all there is to say of it. What nobody has been told of yet still is. */
  public void forgetTask(String taskId) {
    tasks.remove(taskId);
  }

  public void put(Alert a) {
    if (a.equals(alerts.put(a.getId(), a))) return;
    mark("a" + a.getId(), ObjectChange.newBuilder().setAlert(a).build());
  }

  /** What it said is not so any more. */
  public void forgetAlert(String alertId) {
    if (alerts.remove(alertId) == null) return;
    RemovedObject gone = RemovedObject.newBuilder().setKind(RemovedObject.Kind.ALERT).setId(alertId).build();
    mark("a" + alertId, ObjectChange.newBuilder().setRemoved(gone).build());
  }

  private void mark(Object key, ObjectChange change) {
    dirty.put(key, change);
    for (Runnable w : watchers) w.run();
  }

  /** The host holds the volume no more: said once, then forgotten. */
  public void forgetVolume(String volumeId, String hostId) {
    Key key = new Key(volumeId, hostId);
    if (volumes.remove(key) == null) return;
    mark(key, ObjectChange.newBuilder().setVolumeStatus(VolumeStatus.newBuilder().setVolumeId(volumeId).setHostId(hostId))
        .build());
  }

  public void forgetHost(String hostId) {
    hosts.remove(hostId);
    dirty.remove("h" + hostId);
    for (Key key : List.copyOf(volumes.keySet())) if (key.hostId.equals(hostId)) forgetVolume(key.id, hostId);
  }

  public void forgetDisk(String diskId) {
    disks.remove(diskId);
    dirty.remove("d" + diskId);
  }

  public Collection<HostStatus> hosts() {
    return hosts.values();
  }

  public Collection<DiskStatus> disks() {
    return disks.values();
  }

  public Collection<VolumeStatus> volumes() {
    return volumes.values();
  }

  public Collection<TaskStatus> tasks() {
    return tasks.values();
  }

  public Collection<Alert> alerts() {
    return alerts.values();
  }

  /** Null if nothing is known. */
  public VolumeStatus volume(String volumeId, String hostId) {
    return volumes.get(new Key(volumeId, hostId));
  }

  public HostStatus host(String hostId) {
    return hosts.get(hostId);
  }

  /** Hands out what changed since the last time, if anything did. */
  public void flush(Consumer<List<ObjectChange>> to) {
    if (dirty.isEmpty()) return;
    List<ObjectChange> changes = List.copyOf(dirty.values());
    dirty.clear();
    to.accept(changes);
  }
}
