package sluice.cli;

import com.google.protobuf.Message;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;

/** A picture in the order of names, in which people look for things; servers send it in the order of ids. Pure. */
final class ByName {
  private ByName() {}

  static Picture sorted(Picture p) {
    return p.toBuilder()
        .clearHosts().addAllHosts(sorted(p.getHostsList(), Host::getName))
        .clearDisks().addAllDisks(sorted(p.getDisksList(), Disk::getName))
        .clearPools().addAllPools(sorted(p.getPoolsList(), Pool::getName))
        .clearVolumes().addAllVolumes(sorted(p.getVolumesList(), Volume::getName))
        .clearUsers().addAllUsers(sorted(p.getUsersList(), User::getName))
        .build();
  }

  private static <M extends Message> List<M> sorted(List<M> list, Function<M, String> name) {
    return list.stream().sorted(Comparator.comparing(name)).toList();
  }
}
