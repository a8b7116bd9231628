package sluice.console.core.view;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** Makes the next {@link SanView} of one and of what changed, and notes which objects that were. One owner; no clock. */
public final class SanViewBuilder {
  final SanView before;
  long number;
  long timeMs;
  String serverId = "";
  String software = "";
  List<String> controlAddresses = List.of();
  Cluster cluster = Cluster.getDefaultInstance();
  Shelf<User> users;
  Shelf<Host> hosts;
  Shelf<HostStatus> hostStatus;
  Shelf<Disk> disks;
  Shelf<DiskStatus> diskStatus;
  Shelf<Pool> pools;
  Shelf<PoolUsage> poolUsage;
  Shelf<Volume> volumes;
  Shelf<List<VolumeStatus>> volumeStatus;
  Shelf<JoinToken> tokens;
  Shelf<Task> tasks;
  Shelf<TaskStatus> taskStatus;
  Shelf<Alert> alerts;
  private final Set<ObjectKey> changed = new LinkedHashSet<>();

  /** Of nothing. */
  public SanViewBuilder() {
    before = null;
    users = none();
    hosts = none();
    hostStatus = none();
    disks = none();
    diskStatus = none();
    pools = none();
    poolUsage = none();
    volumes = none();
    volumeStatus = none();
    tokens = none();
    tasks = none();
    taskStatus = none();
    alerts = none();
  }

  /** Of the view; what is not changed is shared with it. */
  public SanViewBuilder(SanView view) {
    before = view;
    number = view.number;
    timeMs = view.timeMs;
    serverId = view.serverId;
    software = view.software;
    controlAddresses = view.controlAddresses;
    cluster = view.cluster;
    users = new Shelf<>(view.users);
    hosts = new Shelf<>(view.hosts);
    hostStatus = new Shelf<>(view.hostStatus);
    disks = new Shelf<>(view.disks);
    diskStatus = new Shelf<>(view.diskStatus);
    pools = new Shelf<>(view.pools);
    poolUsage = new Shelf<>(view.poolUsage);
    volumes = new Shelf<>(view.volumes);
    volumeStatus = new Shelf<>(view.volumeStatus);
    tokens = new Shelf<>(view.tokens);
    tasks = new Shelf<>(view.tasks);
    taskStatus = new Shelf<>(view.taskStatus);
    alerts = new Shelf<>(view.alerts);
  }

  private static <M> Shelf<M> none() {
    return new Shelf<>(Map.of());
  }

  /** A view of a whole picture. */
  public static SanView of(Picture picture) {
    return new SanViewBuilder().picture(picture).build();
  }

  /** Everything is as the picture says, and nothing else is there. Only for a builder of nothing. */
  public SanViewBuilder picture(Picture p) {
    if (before != null) throw new IllegalStateException("a picture begins anew");
    number = p.getNumber();
    timeMs = p.getTimeMs();
    serverId = p.getServerId();
    software = p.getSoftware();
    controlAddresses = p.getControlAddressesList();
    cluster = p.getCluster();
    p.getUsersList().forEach(m -> users.put(m.getName(), m));
    p.getHostsList().forEach(m -> hosts.put(m.getId(), m));
    p.getHostStatusList().forEach(m -> hostStatus.put(m.getHostId(), m));
    p.getDisksList().forEach(m -> disks.put(m.getId(), m));
    p.getDiskStatusList().forEach(m -> diskStatus.put(m.getDiskId(), m));
    p.getPoolsList().forEach(m -> pools.put(m.getId(), m));
    p.getPoolUsageList().forEach(m -> poolUsage.put(m.getPoolId(), m));
    p.getVolumesList().forEach(m -> volumes.put(m.getId(), m));
    p.getVolumeStatusList().forEach(this::put);
    p.getTokensList().forEach(m -> tokens.put(m.getId(), m));
    p.getTasksList().forEach(m -> tasks.put(m.getId(), m));
    p.getTaskStatusList().forEach(m -> taskStatus.put(m.getTaskId(), m));
    p.getAlertsList().forEach(m -> alerts.put(m.getId(), m));
    return this;
  }

  /** The next change of the picture. */
  public SanViewBuilder delta(PictureDelta delta) {
    number = delta.getNumber();
    timeMs = delta.getTimeMs();
    delta.getChangesList().forEach(this::change);
    for (PoolUsage u : delta.getPoolUsageList()) {
      poolUsage.put(u.getPoolId(), u);
      note(ObjectKey.Kind.POOL, u.getPoolId());
    }
    return this;
  }

  private void change(ObjectChange c) {
    switch (c.getObjectCase()) {
      case CLUSTER -> {
        cluster = c.getCluster();
        note(ObjectKey.Kind.CLUSTER, cluster.getId());
      }
      case USER -> put(users, ObjectKey.Kind.USER, c.getUser().getName(), c.getUser());
      case HOST -> put(hosts, ObjectKey.Kind.HOST, c.getHost().getId(), c.getHost());
      case HOST_STATUS -> put(hostStatus, ObjectKey.Kind.HOST, c.getHostStatus().getHostId(), c.getHostStatus());
      case DISK -> put(disks, ObjectKey.Kind.DISK, c.getDisk().getId(), c.getDisk());
      case DISK_STATUS -> put(diskStatus, ObjectKey.Kind.DISK, c.getDiskStatus().getDiskId(), c.getDiskStatus());
      case POOL -> put(pools, ObjectKey.Kind.POOL, c.getPool().getId(), c.getPool());
      case VOLUME -> put(volumes, ObjectKey.Kind.VOLUME, c.getVolume().getId(), c.getVolume());
      case VOLUME_STATUS -> {
        put(c.getVolumeStatus());
        note(ObjectKey.Kind.VOLUME, c.getVolumeStatus().getVolumeId());
      }
      case TOKEN -> put(tokens, ObjectKey.Kind.TOKEN, c.getToken().getId(), c.getToken());
      case TASK -> {
        put(tasks, ObjectKey.Kind.TASK, c.getTask().getId(), c.getTask());
        note(ObjectKey.Kind.VOLUME, c.getTask().getVolumeId());
        // The last figures stay for those who look at how it went; a newer picture has none.
      }
      case TASK_STATUS -> put(taskStatus, ObjectKey.Kind.TASK, c.getTaskStatus().getTaskId(), c.getTaskStatus());
      case ALERT -> put(alerts, ObjectKey.Kind.ALERT, c.getAlert().getId(), c.getAlert());
      case REMOVED -> remove(c.getRemoved());
      default -> { /* of a newer server: what this program cannot show it need not know */ }
    }
  }

  private <M> void put(Shelf<M> shelf, ObjectKey.Kind kind, String id, M message) {
    if (message.equals(shelf.get(id))) return;
    shelf.put(id, message);
    note(kind, id);
  }

  /** A status that says nothing but whose it is: the host holds the volume no more. */
  private void put(VolumeStatus status) {
    List<VolumeStatus> all = new ArrayList<>();
    List<VolumeStatus> known = volumeStatus.get(status.getVolumeId());
    if (known != null) for (VolumeStatus s : known) if (!s.getHostId().equals(status.getHostId())) all.add(s);
    boolean over = status.equals(VolumeStatus.newBuilder().setVolumeId(status.getVolumeId()).setHostId(status.getHostId()).build());
    if (!over) all.add(status);
    if (all.isEmpty()) volumeStatus.remove(status.getVolumeId());
    else volumeStatus.put(status.getVolumeId(), List.copyOf(all));
  }

  private void remove(RemovedObject gone) {
    String id = gone.getId();
    switch (gone.getKind()) {
      case USER -> remove(users, ObjectKey.Kind.USER, id);
      case HOST -> {
        remove(hosts, ObjectKey.Kind.HOST, id);
        hostStatus.remove(id);
        forgetHost(id);
      }
      case DISK -> {
        remove(disks, ObjectKey.Kind.DISK, id);
        diskStatus.remove(id);
      }
      case POOL -> {
        remove(pools, ObjectKey.Kind.POOL, id);
        poolUsage.remove(id);
      }
      case VOLUME -> {
        remove(volumes, ObjectKey.Kind.VOLUME, id);
        volumeStatus.remove(id);
      }
      case TOKEN -> remove(tokens, ObjectKey.Kind.TOKEN, id);
      case TASK -> {
        remove(tasks, ObjectKey.Kind.TASK, id);
        taskStatus.remove(id);
      }
      case ALERT -> remove(alerts, ObjectKey.Kind.ALERT, id);
      default -> { /* of a newer server */ }
    }
  }

  private void forgetHost(String hostId) {
    for (Map.Entry<String, List<VolumeStatus>> e : volumeStatus.mine().entrySet()) {
      List<VolumeStatus> left = e.getValue().stream().filter(s -> !s.getHostId().equals(hostId)).toList();
      if (left.size() == e.getValue().size()) continue;
      e.setValue(left);
      note(ObjectKey.Kind.VOLUME, e.getKey());
    }
  }

  private void remove(Shelf<?> shelf, ObjectKey.Kind kind, String id) {
    if (shelf.remove(id) != null) note(kind, id);
  }

  private void note(ObjectKey.Kind kind, String id) {
    changed.add(new ObjectKey(kind, id));
  }

  /** What the deltas since the view were about; also what is gone. */
  public Set<ObjectKey> changed() {
    return changed;
  }

  public SanView build() {
    return new SanView(this);
  }
}
