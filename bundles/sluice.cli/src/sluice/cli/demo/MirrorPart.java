package sluice.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import sluice.api.SluiceException;
import sluice.cli.Names;
import sluice.cli.output.ProgressLine;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/**
 * The demo's second half: a volume of two copies loses a disk under load, heals on a third one, and then loses the other disk
 * it began with. Its disks are in the demo's network for the server as well, so that a broken one is broken for everybody.
 * Main thread; {@link #close} from any.
 */
final class MirrorPart implements AutoCloseable {
  static final List<String> DISKS = List.of("m1", "m2", "m3");
  private static final String VOLUME = "mirror";
  /** All of the volume. */
  private static final int BLOCKS = 32768;
  private static final int DEPTH = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Stage stage;
  private final San san;
  private final LocalCluster cluster;
  private volatile VerifiedLoad load;
  private String first = "";
  private String second = "";

  /** One leg as the server says it is. */
  private record Copy(String id, String disk, LegInfo.State state) {}

  MirrorPart(Stage stage, San san, LocalCluster cluster) {
    this.stage = stage;
    this.san = san;
    this.cluster = cluster;
  }

  void show() {
    create();
    loseADisk();
    heal();
    loseTheOther();
    bringThemBack();
    VerifiedLoad.Figures last = load.finish();
    stage.count(last);
  }

  private void create() {
    stage.step("A volume of two copies on two of three more disks, which h1 uses");
    List<String> ways = san.port("server");
    List<String> all = san.disks();
    for (String disk : DISKS) cluster.run("disk", "add", ways.get(all.indexOf(disk)), "--name", disk);
    List<String> pool = new ArrayList<>(List.of("pool", "create", "copies"));
    pool.addAll(DISKS);
    cluster.run(pool.toArray(String[]::new));
    cluster.run("pool", "set", "copies", "--recovery-wait", "2s");
    stage.say("  A lost disk is waited for before its copies are made anew on others: here 2 s, so that you need not wait; by default 60 s.");
    cluster.run("volume", "create", VOLUME, "--size", BLOCKS * 4 + "K", "--pool", "copies", "--legs", "2");
    cluster.run("volume", "grant", VOLUME, "h1");
    stage.say("  " + VOLUME + " on h1: " + cluster.run("volume", "attach", VOLUME, "h1").strip());
    await("the direct route", p -> cluster.status(VOLUME).getRoute() == VolumeStatus.Route.DIRECT);
    load = new VerifiedLoad(cluster.agentDir("h1").resolve("volumes").resolve(VOLUME + ".sock"), VOLUME, BLOCKS, DEPTH);
    Pause.milliseconds(2000);
    stage.figures("both copies written by the host itself, for 2 s", load.look());
    List<Copy> legs = legs(cluster.picture());
    first = legs.get(0).disk();
    second = legs.get(1).disk();
  }

  private void loseADisk() {
    stage.step("Disk " + first + " dies under load: hosts and server get nothing but I/O errors of it");
    san.breakDisk(first);
    long ms = await("the loss of " + first + " to be known", p -> state(p, first) != LegInfo.State.IN_SYNC);
    Pause.milliseconds(500);
    VerifiedLoad.Figures f = load.look();
    stage.figures("meanwhile", f);
    stage.say(String.format(Locale.ROOT, "  the slowest request took %.0f ms; after %d ms the server had given the copy on %s up, with h1's agreement", f.quantileMs(1), ms, first));
    alerts();
    stage.proveIf(f, "a disk died under load: requests waited until server and host had agreed to go on without it, none failed");
  }

  private void heal() {
    stage.step("The copy is made anew on the third disk, while h1 goes on reading and writing");
    await("a recovery", p -> task(p).isPresent());
    String task = task(cluster.picture()).map(Task::getId).orElseThrow();
    cluster.follow(line -> stage.say("  " + line), "task", "watch", task);
    await("two good copies", p -> good(p) == 2);
    VerifiedLoad.Figures f = load.look();
    stage.figures("meanwhile", f);
    stage.print(cluster.run("volume", "list"));
    stage.proveIf(f, "the lost copy was made anew on another disk by itself, under load");
  }

  private void loseTheOther() {
    stage.step("Disk " + second + " dies as well: the new copy is the only one now");
    san.breakDisk(second);
    await("the loss of " + second + " to be known", p -> state(p, second) != LegInfo.State.IN_SYNC);
    VerifiedLoad.Figures f = load.readAll(PATIENCE);
    stage.figures("meanwhile, and every block read once from the new copy", f);
    alerts();
    stage.proveIf(f, String.format(Locale.ROOT, "both disks that the volume began with were lost, one after the other; each of its %,d blocks held what was written last", BLOCKS));
  }

  private void bringThemBack() {
    stage.step("Both disks come back");
    for (String disk : List.of(first, second)) san.mendDisk(disk);
    cluster.run("disk", "recheck");
    await("two good copies", p -> good(p) == 2);
    VerifiedLoad.Figures f = load.look();
    stage.figures("meanwhile", f);
    stage.print(cluster.run("task", "list"));
    stage.proveIf(f, "with disks to heal on, the volume had two good copies again by itself");
  }

  // ---- what the server says

  private long await(String what, Predicate<Picture> so) {
    try (ProgressLine line = new ProgressLine(stage.context().err(), stage.context().terminal(), "waiting for " + what)) {
      return Pause.until(what, PATIENCE, () -> look(so));
    }
  }

  /** A picture that cannot be had is no answer yet. */
  private boolean look(Predicate<Picture> so) {
    try {
      return so.test(cluster.picture());
    } catch (SluiceException e) {
      return false;
    }
  }

  private void alerts() {
    for (Alert a : cluster.picture().getAlertsList()) {
      stage.say("  alert, " + a.getSeverity().name().toLowerCase(Locale.ROOT) + ": " + a.getText());
    }
    stage.say("  ('sluice alert list' says since when, and what to do)");
  }

  private static Optional<Volume> volume(Picture p) {
    return p.getVolumesList().stream().filter(v -> v.getName().equals(VOLUME)).findFirst();
  }

  private static List<Copy> legs(Picture p) {
    Names names = new Names(p);
    List<Copy> copies = new ArrayList<>();
    volume(p).ifPresent(v -> {
      for (int i = 0; i < v.getLayout().getLegsCount(); i++) {
        LegInfo leg = v.getLayout().getLegs(i);
        copies.add(new Copy(leg.getId(), names.of(v.getLayout().getSegments(0).getLegs(i).getColumns(0).getDiskId()), leg.getState()));
      }
    });
    return copies;
  }

  /** Of the copy on the disk; STALE if there is none on it any more. */
  private static LegInfo.State state(Picture p, String disk) {
    return legs(p).stream().filter(c -> c.disk().equals(disk)).map(Copy::state).findFirst().orElse(LegInfo.State.STALE);
  }

  private static long good(Picture p) {
    return legs(p).stream().filter(c -> c.state() == LegInfo.State.IN_SYNC).count();
  }

  /** The recovery of a copy that is there now. */
  private static Optional<Task> task(Picture p) {
    List<String> ids = legs(p).stream().map(Copy::id).toList();
    return p.getTasksList().stream().filter(t -> ids.contains(t.getLegId())).findFirst();
  }

  @Override
  public void close() {
    VerifiedLoad running = load;
    if (running != null) running.close();
  }
}
