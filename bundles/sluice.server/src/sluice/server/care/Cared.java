package sluice.server.care;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sluice.core.care.CareTimes;
import sluice.core.care.VolumeCare;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** One volume with its care, and what has to be known to tell the care the truth. On the control thread. */
final class Cared {
  final VolumeCare care;
  private final VolumeEffects effects;
  private final CareWorld world;
  private final ForegroundRates rates = new ForegroundRates();
  private final Set<String> hosts = new TreeSet<>();
  private Set<String> ghosts = Set.of();
  private Volume volume;

  Cared(CareWorld world, CareDesk.Hosts hosts, Volume volume) {
    this.world = world;
    this.volume = volume;
    effects = new VolumeEffects(world, hosts, volume, this::tick);
    care = new VolumeCare(effects, world.run(), CareTimes.STANDARD);
  }

  private void tick() {
    care.tick();
  }

  Volume volume() {
    return volume;
  }

  /** Holders of the volume. */
  Set<String> hosts() {
    return hosts;
  }

  void changed(Volume newest, Pool pool, List<Task> tasks) {
    volume = newest;
    hosts.clear();
    for (Attachment a : newest.getAttachmentsList()) hosts.add(a.getHostId());
    effects.knows(newest);
    // It is opened here if it is not yet: what the server's last run left has to be looked at also if nobody comes.
    if (newest.getLayout().getLegsCount() > 0) world.served().of(newest);
    care.changed(newest, pool, tasks);
  }

  void disk(DiskStatus status) {
    boolean online = status.getState() == DiskStatus.State.ONLINE;
    if (online && ghosts.contains(status.getDiskId())) care.disk(status.getDiskId(), false, "writes that the server gave up are still under way there");
    else care.disk(status.getDiskId(), online, status.getReason());
  }

  /** Disks on which something of the server's may still take effect: they are as good as lost until it is final (invariant 8). */
  void ghosts(Set<String> now) {
    Set<String> changed = new HashSet<>(ghosts);
    changed.addAll(now);
    ghosts = now;
    for (String id : changed) {
      DiskStatus status = world.disks().status(id);
      if (status != null) disk(status);
    }
  }

  Set<String> ghosts() {
    return ghosts;
  }

  void heard(String host, long incarnation, VolumeStatus status) {
    long now = world.control().nanoTime();
    rates.heard(host, status.getCounters(), now);
    care.foreground(rates.bytesPerSecond(now));
    care.heard(host, incarnation, status);
  }

  void end() {
    care.deleted();
    effects.end();
  }
}
