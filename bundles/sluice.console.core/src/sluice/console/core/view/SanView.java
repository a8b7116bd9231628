package sluice.console.core.view;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/**
 * A SAN at one moment, indexed. Immutable, so any thread may compute from it; the next moment is another one, which shares
 * what has not changed. Times are the server's, in milliseconds since 1970.
 */
public final class SanView {
  /** Nothing is known yet. */
  public static final SanView EMPTY = new SanView(new SanViewBuilder());

  final long number;
  final long timeMs;
  final String serverId;
  final String software;
  final List<String> controlAddresses;
  final Cluster cluster;
  final Map<String, User> users;
  final Map<String, Host> hosts;
  final Map<String, HostStatus> hostStatus;
  final Map<String, Disk> disks;
  final Map<String, DiskStatus> diskStatus;
  final Map<String, Pool> pools;
  final Map<String, PoolUsage> poolUsage;
  final Map<String, Volume> volumes;
  final Map<String, List<VolumeStatus>> volumeStatus;
  final Map<String, JoinToken> tokens;
  final Map<String, Task> tasks;
  final Map<String, TaskStatus> taskStatus;
  final Map<String, Alert> alerts;
  private volatile Map<String, List<DiskUse>> usesByDisk;
  private volatile Map<String, List<Volume>> volumesByPool;
  private volatile Map<String, List<Disk>> disksByPool;
  private volatile Map<String, List<Volume>> volumesByHost;

  /** An extent of a volume, or its write intents, on a disk. */
  public record DiskUse(Volume volume, int leg, int segment, int column, Extent extent, boolean intents) {}

  SanView(SanViewBuilder b) {
    number = b.number;
    timeMs = b.timeMs;
    serverId = b.serverId;
    software = b.software;
    controlAddresses = List.copyOf(b.controlAddresses);
    cluster = b.cluster;
    users = b.users.frozen();
    hosts = b.hosts.frozen();
    hostStatus = b.hostStatus.frozen();
    disks = b.disks.frozen();
    diskStatus = b.diskStatus.frozen();
    pools = b.pools.frozen();
    poolUsage = b.poolUsage.frozen();
    volumes = b.volumes.frozen();
    volumeStatus = b.volumeStatus.frozen();
    tokens = b.tokens.frozen();
    tasks = b.tasks.frozen();
    taskStatus = b.taskStatus.frozen();
    alerts = b.alerts.frozen();
    SanView before = b.before;
    if (before != null && before.volumes == volumes) {
      usesByDisk = before.usesByDisk;
      volumesByPool = before.volumesByPool;
      volumesByHost = before.volumesByHost;
    }
    if (before != null && before.disks == disks) disksByPool = before.disksByPool;
  }

  /** Of the picture that this is. */
  public long number() {
    return number;
  }

  /** The server's clock when this was so; 0 before the first picture. */
  public long timeMs() {
    return timeMs;
  }

  public String serverId() {
    return serverId;
  }

  public String software() {
    return software;
  }

  public List<String> controlAddresses() {
    return controlAddresses;
  }

  public Cluster cluster() {
    return cluster;
  }

  public Collection<User> users() {
    return users.values();
  }

  public Collection<Host> hosts() {
    return hosts.values();
  }

  public Collection<Disk> disks() {
    return disks.values();
  }

  public Collection<Pool> pools() {
    return pools.values();
  }

  public Collection<Volume> volumes() {
    return volumes.values();
  }

  public Collection<JoinToken> tokens() {
    return tokens.values();
  }

  public Collection<Task> tasks() {
    return tasks.values();
  }

  public Collection<Alert> alerts() {
    return alerts.values();
  }

  public Optional<User> user(String name) {
    return Optional.ofNullable(users.get(name));
  }

  public Optional<Host> host(String id) {
    return Optional.ofNullable(hosts.get(id));
  }

  public Optional<Disk> disk(String id) {
    return Optional.ofNullable(disks.get(id));
  }

  public Optional<Pool> pool(String id) {
    return Optional.ofNullable(pools.get(id));
  }

  public Optional<Volume> volume(String id) {
    return Optional.ofNullable(volumes.get(id));
  }

  public Optional<Task> task(String id) {
    return Optional.ofNullable(tasks.get(id));
  }

  public Optional<Alert> alert(String id) {
    return Optional.ofNullable(alerts.get(id));
  }

  /** The default instance, whose state is unspecified, if nothing is known. So of all the statuses. */
  public HostStatus hostStatus(String hostId) {
    return hostStatus.getOrDefault(hostId, HostStatus.getDefaultInstance());
  }

  public DiskStatus diskStatus(String diskId) {
    return diskStatus.getOrDefault(diskId, DiskStatus.getDefaultInstance());
  }

  public TaskStatus taskStatus(String taskId) {
    return taskStatus.getOrDefault(taskId, TaskStatus.getDefaultInstance());
  }

  public PoolUsage poolUsage(String poolId) {
    return poolUsage.getOrDefault(poolId, PoolUsage.getDefaultInstance());
  }

  /** Of the volume on each host that has reported it. */
  public List<VolumeStatus> volumeStatus(String volumeId) {
    return volumeStatus.getOrDefault(volumeId, List.of());
  }

  public VolumeStatus volumeStatus(String volumeId, String hostId) {
    for (VolumeStatus s : volumeStatus(volumeId)) if (s.getHostId().equals(hostId)) return s;
    return VolumeStatus.getDefaultInstance();
  }

  /** The task of the volume that has not ended, if there is one for this leg; any leg for an empty id. */
  public Optional<Task> taskAtWork(String volumeId, String legId) {
    for (Task t : tasks.values()) {
      if (t.getVolumeId().equals(volumeId) && !ended(t) && (legId.isEmpty() || t.getLegId().equals(legId))) return Optional.of(t);
    }
    return Optional.empty();
  }

  public static boolean ended(Task t) {
    return switch (t.getState()) {
      case DONE, FAILED, CANCELLED -> true;
      default -> false;
    };
  }

  /** What lies on a disk, by volume. */
  public List<DiskUse> uses(String diskId) {
    Map<String, List<DiskUse>> all = usesByDisk;
    if (all == null) usesByDisk = all = computeUses();
    return all.getOrDefault(diskId, List.of());
  }

  public List<Volume> volumesOfPool(String poolId) {
    Map<String, List<Volume>> all = volumesByPool;
    if (all == null) volumesByPool = all = grouped(volumes.values(), Volume::getPoolId);
    return all.getOrDefault(poolId, List.of());
  }

  public List<Disk> disksOfPool(String poolId) {
    Map<String, List<Disk>> all = disksByPool;
    if (all == null) disksByPool = all = grouped(disks.values(), Disk::getPoolId);
    return all.getOrDefault(poolId, List.of());
  }

  /** Volumes that are attached to the host. */
  public List<Volume> volumesOfHost(String hostId) {
    Map<String, List<Volume>> all = volumesByHost;
    if (all == null) volumesByHost = all = computeByHost();
    return all.getOrDefault(hostId, List.of());
  }

  /** Alerts about an object. */
  public List<Alert> alertsOf(String id) {
    return alerts.values().stream().filter(a -> a.getObjectsList().contains(id)).toList();
  }

  /** What there is of a kind. */
  public Collection<String> ids(ObjectKey.Kind kind) {
    return switch (kind) {
      case CLUSTER -> List.of();
      case SERVER -> serverId.isEmpty() ? List.of() : List.of(serverId);
      case USER -> users.keySet();
      case HOST -> hosts.keySet();
      case DISK -> disks.keySet();
      case POOL -> pools.keySet();
      case VOLUME -> volumes.keySet();
      case TOKEN -> tokens.keySet();
      case TASK -> tasks.keySet();
      case ALERT -> alerts.keySet();
    };
  }

  public Optional<JoinToken> token(String id) {
    return Optional.ofNullable(tokens.get(id));
  }

  /** What people call it; its id if it is not known. */
  public String name(String id) {
    if (volumes.containsKey(id)) return volumes.get(id).getName();
    if (disks.containsKey(id)) return disks.get(id).getName();
    if (hosts.containsKey(id)) return hosts.get(id).getName();
    if (pools.containsKey(id)) return pools.get(id).getName();
    return id;
  }

  private Map<String, List<DiskUse>> computeUses() {
    Map<String, List<DiskUse>> all = new HashMap<>(disks.size() * 2);
    for (Volume v : volumes.values()) {
      for (int s = 0; s < v.getLayout().getSegmentsCount(); s++) {
        Segment segment = v.getLayout().getSegments(s);
        for (int l = 0; l < segment.getLegsCount(); l++) {
          Leg leg = segment.getLegs(l);
          for (int c = 0; c < leg.getColumnsCount(); c++) use(all, new DiskUse(v, l, s, c, leg.getColumns(c), false));
        }
      }
      for (int l = 0; l < v.getLayout().getLegsCount(); l++) {
        LegInfo info = v.getLayout().getLegs(l);
        if (info.hasIntents()) use(all, new DiskUse(v, l, -1, -1, info.getIntents(), true));
      }
    }
    return all;
  }

  private static void use(Map<String, List<DiskUse>> all, DiskUse use) {
    all.computeIfAbsent(use.extent.getDiskId(), d -> new ArrayList<>()).add(use);
  }

  private Map<String, List<Volume>> computeByHost() {
    Map<String, List<Volume>> all = new HashMap<>();
    for (Volume v : volumes.values()) {
      for (Attachment a : v.getAttachmentsList()) all.computeIfAbsent(a.getHostId(), h -> new ArrayList<>()).add(v);
    }
    return all;
  }

  private static <M> Map<String, List<M>> grouped(Collection<M> all, Function<M, String> by) {
    Map<String, List<M>> groups = new HashMap<>();
    for (M m : all) groups.computeIfAbsent(by.apply(m), k -> new ArrayList<>()).add(m);
    groups.replaceAll((k, list) -> Collections.unmodifiableList(list));
    return groups;
  }
}
