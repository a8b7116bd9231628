package sluice.testkit;

import java.util.ArrayList;
import java.util.List;
import sluice.testkit.cluster.Ids;
import sluice.testkit.cluster.Rig;
import sluice.testkit.disk.SimDisk;
import sluice.testkit.net.Path;
import sluice.testkit.server.ServerSide;
import sluice.testkit.world.Chance;

/**
 * What goes wrong in the safety phase, one thing after the other and several at a time; each heals by itself after a while. No
 * disk loses what was not flushed while a volume has no other copy that is whole: then nothing could be asked of the volume. What
 * the design is known not to withstand is left out as well ({@link sluice.testkit.cluster.Holes}).
 */
final class Faults {
  private static final long MS = 1_000_000;
  private static final long S = 1_000 * MS;
  /** After which everybody has a session again. */
  private static final long IN_TOUCH_NANOS = 2_500 * MS;

  private final Rig rig;
  private final Hosts hosts;
  private final ServerSide server;
  private final Chance chance;
  private final List<Path> paths = new ArrayList<>();
  private final Moves moves;
  private boolean over;
  private boolean bad;
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
    later();
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
    int kind = chance.below(17);
    // Until it is decided what becomes of a leg that has lost its cache, the other must not come under suspicion.
    boolean undecided = rig.checks().anyLost() && !rig.holes().lossIsForgotten();
    if (undecided && kind <= 8) return;
    switch (kind) {
      case 0 -> disk().hang();
      case 1 -> disk().resetLines();
      case 2 -> disk().errors(chance.is(0.5) ? 0.05 : 0.5);
      case 3 -> disk().slow(chance.between(50, 1_500) * MS);
      case 4 -> power(false);
      case 5 -> power(chance.is(0.3));
      case 6, 7 -> cut(chance.of(paths));
      case 8 -> {
        bad = true;
        for (Path p : paths) p.bad(0.2 * chance.below(3), 0.1 * chance.below(3), chance.between(0, 300) * MS);
        afterAWhile(() -> {
          bad = false;
          paths.forEach(p -> p.bad(0, 0, 0));
        });
      }
      case 9 -> hosts.crash(chance.below(rig.draw().hosts()), chance.between(50, 4_000) * MS);
      case 10 -> crashServer();
      case 11 -> hosts.resetLines(chance.below(rig.draw().hosts()));
      case 13, 14, 15 -> moves.next();
      case 12 -> hosts.breakRoutes(chance.below(rig.draw().hosts()));
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
    List<String> ids = List.copyOf(rig.disks().keySet());
    String id = chance.of(ids);
    SimDisk disk = rig.disk(id);
    boolean last = forEver && ids.size() - gone <= 2;
    if (!disk.powered() || last || !server.up() || !server.watches(id) || !heard() && !rig.holes().hostTrustsWhatWasAway() || !rig.checks().mayLose(id)) return;
    if (forEver) gone++;
    disk.cutPower(forEver);
    rig.checks().lost(id);
    if (!forEver) afterAWhile(disk::restorePower);
  }

  /** Whether the server can tell every host at once: one that is cut off would go on with a disk that is not what it was. */
  private boolean heard() {
    boolean all = !bad && server.upNanos() > IN_TOUCH_NANOS;
    for (int h = 0; h < rig.draw().hosts(); h++) {
      all &= rig.world().now() - rig.hostToServer(Ids.host(h)).lastTrouble() > IN_TOUCH_NANOS;
    }
    return all;
  }

  private void cut(Path path) {
    int how = chance.below(4);
    if (path.isCut(Path.THERE)) return;
    if (how != 0) path.cut(Path.THERE);
    if (how != 1) path.cut(Path.BACK);
    afterAWhile(path::heal);
  }

  private void crashServer() {
    if (!server.up() || rig.checks().anyLost() && !rig.holes().lossIsForgotten()) return;
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
