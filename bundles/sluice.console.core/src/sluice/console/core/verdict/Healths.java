package sluice.console.core.verdict;

import java.util.List;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** How each object is by itself, without what is below it. Pure; cheap enough for all objects of a large SAN. */
public final class Healths {
  /** From here on a pool is said to be nearly full; the server's alert begins there too. */
  public static final int FULL_PERCENT = 85;

  private Healths() {}

  public static Health of(SanView san, ObjectKey key) {
    return switch (key.kind()) {
      case VOLUME -> san.volume(key.id()).map(v -> volume(san, v)).orElse(Health.UNKNOWN);
      case DISK -> san.disk(key.id()).map(d -> disk(san, d)).orElse(Health.UNKNOWN);
      case HOST -> san.host(key.id()).map(h -> host(san, h)).orElse(Health.UNKNOWN);
      case POOL -> san.pool(key.id()).map(p -> pool(san, p)).orElse(Health.UNKNOWN);
      case TASK -> san.task(key.id()).map(t -> task(san, t)).orElse(Health.UNKNOWN);
      case ALERT -> san.alert(key.id()).map(a -> severity(a.getSeverity())).orElse(Health.UNKNOWN);
      case SERVER, CLUSTER, USER, TOKEN -> Health.HEALTHY;
    };
  }

  public static Health volume(SanView san, Volume v) {
    Health legs = legs(san, v);
    Health routes = routes(san, v);
    return worse(legs, routes);
  }

  /** Of its copies. */
  static Health legs(SanView san, Volume v) {
    int usable = 0;
    boolean filling = false;
    boolean lacking = false;
    int legs = legCount(v);
    for (int i = 0; i < legs; i++) {
      LegInfo.State state = legState(v, i);
      if (state == LegInfo.State.FILLING) filling = true;
      else if (state == LegInfo.State.IN_SYNC && onGoodDisks(san, v, i)) usable++;
      else lacking = true;
    }
    if (legs > 0 && usable == 0) return Health.FAILED;
    if (lacking || legs < wanted(v)) return Health.DEGRADED;
    return filling ? Health.SYNCING : Health.HEALTHY;
  }

  private static Health routes(SanView san, Volume v) {
    Health worst = Health.HEALTHY;
    for (Attachment a : v.getAttachmentsList()) {
      VolumeStatus s = san.volumeStatus(v.getId(), a.getHostId());
      Health one = Health.HEALTHY;
      if (a.getDetaching() || !s.getHeld()) one = Health.CHANGING;
      else if (s.getRoute() == VolumeStatus.Route.WAITING && !s.getQuiesced()) one = Health.FAILED;
      else if (s.getQuiesced()) one = Health.CHANGING;
      else if (s.getRoute() == VolumeStatus.Route.SERVER) one = Health.DEGRADED;
      // A host that does not answer says nothing of its way; that is the host's own trouble.
      if (san.hostStatus(a.getHostId()).getState() == HostStatus.State.OFFLINE) one = Health.UNKNOWN;
      worst = worse(worst, one);
    }
    return worst;
  }

  /** Legs that there are: a volume without leg records has one. */
  public static int legCount(Volume v) {
    if (v.getLayout().getLegsCount() > 0) return v.getLayout().getLegsCount();
    return v.getLayout().getSegmentsCount() == 0 ? 0 : 1;
  }

  public static int wanted(Volume v) {
    return Math.max(1, v.getLegs());
  }

  public static LegInfo.State legState(Volume v, int leg) {
    return leg < v.getLayout().getLegsCount() ? v.getLayout().getLegs(leg).getState() : LegInfo.State.IN_SYNC;
  }

  /** Is every disk of this copy reached by the server? */
  public static boolean onGoodDisks(SanView san, Volume v, int leg) {
    for (Segment s : v.getLayout().getSegmentsList()) {
      if (leg >= s.getLegsCount()) return false;
      for (Extent e : s.getLegs(leg).getColumnsList()) if (bad(san, e.getDiskId())) return false;
    }
    return true;
  }

  /** Is it known that the disk is not reached, or not the right one? One that nobody has looked at yet is not. */
  public static boolean bad(SanView san, String diskId) {
    DiskStatus s = san.diskStatus(diskId);
    return (s.getState() == DiskStatus.State.OFFLINE || s.getState() == DiskStatus.State.WRONG) && !s.getReason().isEmpty();
  }

  public static Health disk(SanView san, Disk d) {
    if (bad(san, d.getId())) return Health.FAILED;
    return san.diskStatus(d.getId()).getState() == DiskStatus.State.ONLINE ? Health.HEALTHY : Health.UNKNOWN;
  }

  public static Health host(SanView san, Host h) {
    HostStatus s = san.hostStatus(h.getId());
    if (s.getState() == HostStatus.State.OFFLINE) return Health.OFFLINE;
    if (s.getState() != HostStatus.State.ONLINE) return Health.UNKNOWN;
    for (NetworkStatus n : s.getNetworksList()) if (!n.getUp()) return Health.DEGRADED;
    for (Volume v : san.volumesOfHost(h.getId())) {
      VolumeStatus on = san.volumeStatus(v.getId(), h.getId());
      if (on.getHeld() && on.getRoute() == VolumeStatus.Route.SERVER) return Health.DEGRADED;
      if (on.getHeld() && on.getRoute() == VolumeStatus.Route.WAITING && !on.getQuiesced()) return Health.DEGRADED;
    }
    return Health.HEALTHY;
  }

  public static Health pool(SanView san, Pool p) {
    PoolUsage u = san.poolUsage(p.getId());
    if (u.getTotalBytes() > 0 && u.getAllocatedBytes() / Math.max(1, u.getTotalBytes() / 100) >= FULL_PERCENT) return Health.DEGRADED;
    return Health.HEALTHY;
  }

  public static Health task(SanView san, Task t) {
    return switch (t.getState()) {
      case RUNNING -> san.taskStatus(t.getId()).getWaitsFor().isEmpty() ? Health.SYNCING : Health.DEGRADED;
      case PAUSED -> Health.CHANGING;
      case DONE -> Health.HEALTHY;
      case FAILED -> Health.FAILED;
      case CANCELLED -> Health.OFFLINE;
      default -> Health.UNKNOWN;
    };
  }

  public static Health severity(Severity severity) {
    return switch (severity) {
      case ERROR -> Health.FAILED;
      case WARNING -> Health.DEGRADED;
      default -> Health.HEALTHY;
    };
  }

  /** As people name a task: "recovery of v1". */
  public static String taskName(SanView san, Task t) {
    String what = t.getKind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    String of = !t.getVolumeId().isEmpty() ? t.getVolumeId() : !t.getMove().getDiskId().isEmpty() ? t.getMove().getDiskId() : t.getMove().getPoolId();
    return of.isEmpty() ? what : what + " of " + san.name(of);
  }

  public static Health worse(Health a, Health b) {
    return a.getValue() >= b.getValue() ? a : b;
  }

  public static Health worst(List<Health> all) {
    Health worst = Health.HEALTHY;
    for (Health h : all) worst = worse(worst, h);
    return worst;
  }
}
