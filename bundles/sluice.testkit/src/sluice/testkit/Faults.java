package sluice.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.testkit.cluster.Checks;
import sluice.testkit.cluster.Ids;
import sluice.testkit.cluster.Rig;
import sluice.testkit.disk.SimDisk;
import sluice.testkit.net.Path;
import sluice.testkit.server.ServerSide;
import sluice.testkit.world.Chance;

/**
 * What goes wrong in the safety phase, one thing after the other and several at a time; each heals by itself after a while. No
 * disk loses what was not flushed while a volume has no other copy that is whole: then nothing could be asked of the volume. What
 * no design can withstand is left out as well ({@link sluice.testkit.cluster.Holes}).
 */
final class Faults {
  private static final long MS = 1_000_000;
  private static final long S = 1_000 * MS;

  private static final double BAD_MOMENTS = 0.3;

  private final Rig rig;
  private final Hosts hosts;
  private final ServerSide server;
  private final Chance chance;
  private final List<Path> paths = new ArrayList<>();
  private final Moves moves;
  private boolean over;
  private int gone;

  Faults(Rig rig, Hosts hosts, ServerSide server) {
    this.rig = rig;
    this.hosts = hosts;
    this.server = server;
    chance = rig.world().chance().fork();
    rig.paths().forEach(paths::add);
    moves = new Moves(rig, server);
  }

  void start() {
    rig.catalog().follow(this::badMoment);
    later();
  }

  /** What has just been taken for good is put to the test: whatever made it so has to be stable. */
  private void badMoment(CatalogDelta delta) {
    for (ObjectChange change : delta.getChangesList()) {
      if (over || !change.hasTask() || change.getTask().getKind() != Task.Kind.RECOVERY || change.getTask().getState() != Task.State.DONE) continue;
      if (!chance.is(BAD_MOMENTS)) continue;
      Volume v = rig.checks().volume(change.getTask().getVolumeId());
      for (int i = 0; i < v.getLayout().getLegsCount(); i++) {
        if (!v.getLayout().getLegs(i).getId().equals(change.getTask().getLegId())) continue;
        String disk = chance.of(List.copyOf(Checks.disksOf(v, i)));
        rig.world().after(chance.between(0, 20 * MS), () -> {
          if (!over && !rig.checks().anyLost()) power(disk, false);
        });
      }
    }
  }

  private void later() {
    long mean = 200 * MS * rig.draw().calm();
    rig.world().after(chance.between(0, 2 * mean), () -> {
      if (over) return;
      next();
      later();
    });
  }

  private void next() {
    int kind = chance.below(18);
    // Until it is decided what becomes of a leg that has lost its cache, the other must not come under suspicion.
    boolean undecided = rig.checks().anyLost() && !rig.holes().allWereAway();
    if (undecided && (kind <= 8 || kind == 11)) return;
    switch (kind) {
      case 0 -> disk().hang();
      case 1 -> disk().resetLines();
      case 2 -> disk().errors(chance.is(0.5) ? 0.05 : 0.5);
      case 3 -> disk().slow(chance.between(50, 1_500) * MS);
      case 4 -> power(false);
      case 5 -> power(chance.is(0.3));
      case 6, 7 -> cut(chance.of(paths));
      case 8 -> {
        for (Path p : paths) p.bad(0.2 * chance.below(3), 0.1 * chance.below(3), chance.between(0, 300) * MS);
        afterAWhile(() -> paths.forEach(p -> p.bad(0, 0, 0)));
      }
      case 9 -> crashHost(chance.below(rig.draw().hosts()));
      case 10 -> crashServer();
      case 11 -> hosts.resetLines(chance.below(rig.draw().hosts()));
      case 13, 14, 15 -> moves.next();
      case 12 -> hosts.breakRoutes(chance.below(rig.draw().hosts()));
      // No fault, but something more to get in the way of everything else.
      case 16 -> server.verify(Ids.volume(chance.below(rig.draw().volumes().size())));
      default -> healOne();
    }
  }

  /** One that is drawn; what is done to it heals after a while. */
  private SimDisk disk() {
    SimDisk disk = chance.of(List.copyOf(rig.disks().values()));
    afterAWhile(disk::heal);
    return disk;
  }

  private void afterAWhile(Runnable heal) {
    long nanos = chance.is(0.3) ? chance.between(1, 200) * MS : chance.between(200, 12_000) * MS;
    rig.world().after(nanos, () -> {
      if (!over) heal.run();
    });
  }

  private void power(boolean forEver) {
    power(chance.of(List.copyOf(rig.disks().keySet())), forEver);
  }

  private void power(String id, boolean forEver) {
    SimDisk disk = rig.disk(id);
    boolean last = forEver && rig.disks().size() - gone <= 2;
    if (!disk.powered() || last || !rig.checks().mayLose(id, hosts::away)) return;
    if (!rig.checks().remembered(id, this::witnesses) && !rig.holes().nobodyRemembers()) return;
    if (forEver) gone++;
    rig.checks().lost(id, this::witnesses);
    disk.cutPower(forEver);
    if (!forEver) afterAWhile(disk::restorePower);
  }

  /** Who notices, and says so when it is asked, that the disk was away from the volume. */
  private Set<String> witnesses(String volume, String disk) {
    Set<String> all = new TreeSet<>(hosts.witnesses(volume, disk));
    if (server.watches(disk)) all.add(server.name());
    return all;
  }

  private void crashHost(int h) {
    long nanos = chance.between(50, 4_000) * MS;
    if (!rig.checks().spares(hosts.name(h)) && !rig.holes().nobodyRemembers()) return;
    rig.checks().forgets(hosts.name(h));
    hosts.crash(h, nanos);
  }

  private void cut(Path path) {
    int how = chance.below(4);
    if (path.isCut(Path.THERE)) return;
    if (how != 0) path.cut(Path.THERE);
    if (how != 1) path.cut(Path.BACK);
    afterAWhile(path::heal);
  }

  private void crashServer() {
    if (!server.up() || !rig.checks().spares(server.name()) && !rig.holes().nobodyRemembers()) return;
    rig.checks().forgets(server.name());
    server.crash();
    long nanos = chance.between(100 * MS, 4 * S);
    rig.world().after(nanos, server::start);
  }

  private void healOne() {
    if (chance.is(0.5)) chance.of(paths).heal();
    else chance.of(List.copyOf(rig.disks().values())).heal();
  }

  /** Everything heals, but for disks that are gone for ever. */
  void heal() {
    over = true;
    rig.world().trace(() -> "everything heals");
    paths.forEach(Path::heal);
    rig.disks().values().forEach(SimDisk::heal);
    server.start();
    moves.resume();
    hosts.heal();
  }
}
