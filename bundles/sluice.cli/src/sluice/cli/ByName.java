package sluice.cli;

import com.google.protobuf.Message;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;

/**
 * A picture in the order in which people look for things, servers send it in the order of ids: by name; tasks as they began;
 * alerts by how bad they are, the oldest first. Pure.
 */
final class ByName {
  private ByName() {}

  static Picture sorted(Picture p) {
    return p.toBuilder()
        .clearHosts().addAllHosts(sorted(p.getHostsList(), Host::getName))
        .clearDisks().addAllDisks(sorted(p.getDisksList(), Disk::getName))
        .clearPools().addAllPools(sorted(p.getPoolsList(), Pool::getName))
        .clearVolumes().addAllVolumes(sorted(p.getVolumesList(), Volume::getName))
        .clearUsers().addAllUsers(sorted(p.getUsersList(), User::getName))
        .clearTasks().addAllTasks(p.getTasksList().stream().sorted(Comparator.comparingLong(Task::getCreatedMs)).toList())
        .clearAlerts().addAllAlerts(p.getAlertsList().stream()
            .sorted(Comparator.comparing(Alert::getSeverity).reversed().thenComparingLong(Alert::getSinceMs)).toList())
        .build();
  }

  private static <M extends Message> List<M> sorted(List<M> list, Function<M, String> name) {
    return list.stream().sorted(Comparator.comparing(name)).toList();
  }
}
