package sluice.client;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import sluice.protocol.v1.Alert;
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

/** A picture and a delta make the next picture. Pure. */
public final class PictureFold {
  private PictureFold() {}

  /** @return the picture after the delta, whose number must be the next one */
  public static Picture apply(Picture picture, PictureDelta delta) {
    if (delta.getNumber() != picture.getNumber() + 1) {
      throw new IllegalArgumentException("delta " + delta.getNumber() + " does not follow " + picture.getNumber());
    }
    Picture.Builder next = picture.toBuilder().setNumber(delta.getNumber()).setTimeMs(delta.getTimeMs());
    for (ObjectChange change : delta.getChangesList()) apply(next, change);
    for (PoolUsage usage : delta.getPoolUsageList()) {
      List<PoolUsage> all = put(next.getPoolUsageList(), usage, PoolUsage::getPoolId);
      next.clearPoolUsage().addAllPoolUsage(all);
    }
    return next.build();
  }

  private static void apply(Picture.Builder p, ObjectChange change) {
    switch (change.getObjectCase()) {
      case CLUSTER -> p.setCluster(change.getCluster());
      case USER -> setUsers(p, put(p.getUsersList(), change.getUser(), User::getName));
      case HOST -> setHosts(p, put(p.getHostsList(), change.getHost(), Host::getId));
      case DISK -> setDisks(p, put(p.getDisksList(), change.getDisk(), Disk::getId));
      case POOL -> setPools(p, put(p.getPoolsList(), change.getPool(), Pool::getId));
      case VOLUME -> setVolumes(p, put(p.getVolumesList(), change.getVolume(), Volume::getId));
      case TOKEN -> setTokens(p, put(p.getTokensList(), change.getToken(), JoinToken::getId));
      case HOST_STATUS -> setHostStatus(p, put(p.getHostStatusList(), change.getHostStatus(), HostStatus::getHostId));
      case DISK_STATUS -> setDiskStatus(p, put(p.getDiskStatusList(), change.getDiskStatus(), DiskStatus::getDiskId));
      case VOLUME_STATUS -> {
        VolumeStatus status = change.getVolumeStatus();
        setVolumeStatus(p, put(p.getVolumeStatusList(), status, PictureFold::volumeOnHost));
      }
      case TASK -> {
        setTasks(p, put(p.getTasksList(), change.getTask(), Task::getId));
        if (ended(change.getTask())) setTaskStatus(p, without(p.getTaskStatusList(), change.getTask().getId(), TaskStatus::getTaskId));
      }
      case TASK_STATUS -> setTaskStatus(p, put(p.getTaskStatusList(), change.getTaskStatus(), TaskStatus::getTaskId));
      case ALERT -> setAlerts(p, put(p.getAlertsList(), change.getAlert(), Alert::getId));
      case REMOVED -> remove(p, change.getRemoved());
      default -> { /* of a newer server: what this program cannot show it need not know */ }
    }
  }

  private static void remove(Picture.Builder p, RemovedObject gone) {
    String id = gone.getId();
    switch (gone.getKind()) {
      case USER -> setUsers(p, without(p.getUsersList(), id, User::getName));
      case HOST -> {
        setHosts(p, without(p.getHostsList(), id, Host::getId));
        setHostStatus(p, without(p.getHostStatusList(), id, HostStatus::getHostId));
        setVolumeStatus(p, without(p.getVolumeStatusList(), id, VolumeStatus::getHostId));
      }
      case DISK -> {
        setDisks(p, without(p.getDisksList(), id, Disk::getId));
        setDiskStatus(p, without(p.getDiskStatusList(), id, DiskStatus::getDiskId));
      }
      case POOL -> {
        setPools(p, without(p.getPoolsList(), id, Pool::getId));
        List<PoolUsage> left = without(p.getPoolUsageList(), id, PoolUsage::getPoolId);
        p.clearPoolUsage().addAllPoolUsage(left);
      }
      case VOLUME -> {
        setVolumes(p, without(p.getVolumesList(), id, Volume::getId));
        setVolumeStatus(p, without(p.getVolumeStatusList(), id, VolumeStatus::getVolumeId));
      }
      case TOKEN -> setTokens(p, without(p.getTokensList(), id, JoinToken::getId));
      case TASK -> {
        setTasks(p, without(p.getTasksList(), id, Task::getId));
        setTaskStatus(p, without(p.getTaskStatusList(), id, TaskStatus::getTaskId));
      }
      case ALERT -> setAlerts(p, without(p.getAlertsList(), id, Alert::getId));
      default -> { /* of a newer server */ }
    }
  }

  private static boolean ended(Task task) {
    return switch (task.getState()) {
      case DONE, FAILED, CANCELLED -> true;
      default -> false;
    };
  }

  private static String volumeOnHost(VolumeStatus status) {
    return status.getVolumeId() + " " + status.getHostId();
  }

  private static <M extends Message> List<M> put(List<M> all, M one, Function<M, String> key) {
    List<M> next = new ArrayList<>(all);
    String wanted = key.apply(one);
    for (int i = 0; i < next.size(); i++) {
      if (!key.apply(next.get(i)).equals(wanted)) continue;
      next.set(i, one);
      return next;
    }
    next.add(one);
    return next;
  }

  private static <M extends Message> List<M> without(List<M> all, String id, Function<M, String> key) {
    return all.stream().filter(m -> !key.apply(m).equals(id)).toList();
  }

  private static void setUsers(Picture.Builder p, List<User> all) {
    p.clearUsers().addAllUsers(all);
  }

  private static void setHosts(Picture.Builder p, List<Host> all) {
    p.clearHosts().addAllHosts(all);
  }

  private static void setDisks(Picture.Builder p, List<Disk> all) {
    p.clearDisks().addAllDisks(all);
  }

  private static void setPools(Picture.Builder p, List<Pool> all) {
    p.clearPools().addAllPools(all);
  }

  private static void setVolumes(Picture.Builder p, List<Volume> all) {
    p.clearVolumes().addAllVolumes(all);
  }

  private static void setTokens(Picture.Builder p, List<JoinToken> all) {
    p.clearTokens().addAllTokens(all);
  }

  private static void setHostStatus(Picture.Builder p, List<HostStatus> all) {
    p.clearHostStatus().addAllHostStatus(all);
  }

  private static void setDiskStatus(Picture.Builder p, List<DiskStatus> all) {
    p.clearDiskStatus().addAllDiskStatus(all);
  }

  private static void setVolumeStatus(Picture.Builder p, List<VolumeStatus> all) {
    p.clearVolumeStatus().addAllVolumeStatus(all);
  }

  private static void setTasks(Picture.Builder p, List<Task> all) {
    p.clearTasks().addAllTasks(all);
  }

  private static void setTaskStatus(Picture.Builder p, List<TaskStatus> all) {
    p.clearTaskStatus().addAllTaskStatus(all);
  }

  private static void setAlerts(Picture.Builder p, List<Alert> all) {
    p.clearAlerts().addAllAlerts(all);
  }
}
