package sluice.server.care;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.core.care.CareEffects;
import sluice.protocol.LegExtents;
import sluice.protocol.Problems;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;
import sluice.server.changes.Changes;
import sluice.server.volumes.ServedVolume;

/** One volume's care acting on the server's disks, sessions and catalog. On the control thread, its answers too. */
final class VolumeEffects implements CareEffects {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeEffects.class);
  private static final String NO_DISKS = "a disk of the volume is not in the catalog";

  private final CareWorld world;
  private final CareDesk.Hosts hosts;
  private final Runnable tick;
  /** As the care knows it. */
  private Volume volume;
  private ScheduledFuture<?> timer;
  private long wakeAt;
  private long recalledNanos = -1;
  private Change uncertain;
  private String requestId = "";
  private boolean ended;

  VolumeEffects(CareWorld world, CareDesk.Hosts hosts, Volume volume, Runnable tick) {
    this.world = world;
    this.hosts = hosts;
    this.volume = volume;
    this.tick = tick;
  }

  void knows(Volume newest) {
    volume = newest;
    if (LegExtents.replacing(newest.getLayout()) < 0) world.filled().remove(newest.getId());
  }

  /** Nothing is done any more, and nobody is woken. */
  void end() {
    ended = true;
    if (timer != null) timer.cancel(false);
    world.filled().remove(volume.getId());
  }

  @Override
  public long now() {
    return world.control().nanoTime();
  }

  @Override
  public long nowMs() {
    return world.control().nowMs();
  }

  @Override
  public String newId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public List<AvoidDisk> avoid() {
    return world.disks().avoid();
  }

  @Override
  public boolean leaving(String diskId) {
    return world.engine().read(v -> v.disk(diskId).map(Disk::getClosed).orElse(false) && v.tasks().stream().anyMatch(t ->
        (t.getState() == Task.State.RUNNING || t.getState() == Task.State.PAUSED) && t.getMove().getDiskId().equals(diskId)));
  }

  /** Of moves: what else may be refused is rare, and told after the recall. */
  @Override
  public String refusal(Change change) {
    return change.hasMoveLeg() ? world.engine().read(v -> v.refusal(change)) : "";
  }

  @Override
  public void order(String hostId, Order order) {
    if (!ended) hosts.order(hostId, order);
  }

  @Override
  public void submit(Change change, Consumer<CommandResult> answer) {
    if (change.hasTakeSnapshot()) {
      world.snapshots().get().arrive(change.getTakeSnapshot(), result -> world.control().execute(() -> answer.accept(result)));
      return;
    }
    // What may have been put already is put again under its old number, so that it takes effect once.
    if (!change.equals(uncertain)) requestId = "care-" + UUID.randomUUID();
    world.changes().submit(actor(change), requestId, change).whenCompleteAsync((outcome, failure) -> {
      CommandResult result = failure == null ? outcome.result() : failed(change, failure);
      uncertain = failure == null ? null : change;
      answer.accept(result);
    }, world.control());
  }

  private Actor actor(Change change) {
    if (change.hasAddLeg()) return world.actorFor(change.getAddLeg().getNewLegId());
    if (change.hasDropLeg()) return world.actorFor(change.getDropLeg().getLegId());
    if (change.hasResizeVolume()) return world.actorFor(CareWorld.sizeOf(change.getResizeVolume().getVolumeId()));
    return Changes.SERVER;
  }

  /** Whatever keeps the catalog from answering: the change may have been made, or may yet be. */
  private CommandResult failed(Change change, Throwable failure) {
    Problem problem = Problems.of(failure);
    LOG.warn("volume {}: {} is not answered: {}: {}", volume.getName(), change.getBodyCase(), problem.getWhat(), problem.getWhy());
    return CommandResult.newBuilder().setProblem(problem.toBuilder().setCode(Problem.Code.UNAVAILABLE)).build();
  }

  // ---- the server's own I/O

  /** Null if a disk of the volume is missing. */
  private ServedVolume served() {
    return ended ? null : world.served().of(volume);
  }

  private void later(Outcome done) {
    world.control().execute(() -> done.accept(NO_DISKS));
  }

  @Override
  public void hold(List<String> doomed, Outcome done) {
    ServedVolume served = served();
    if (recalledNanos < 0) recalledNanos = now();
    if (served == null) later(done);
    else served.hold(doomed, done);
  }

  @Override
  public void adopt(Volume next, Outcome done) {
    volume = next;
    ServedVolume served = served();
    // Before anything goes on: what is written from now on is preserved for a snapshot that has come (invariant 6).
    world.served().preserve(next.getId());
    if (served == null) later(done);
    else served.adopt(next, problem -> {
      if (problem.isEmpty() && recalledNanos >= 0) {
        world.metrics().recalled(now() - recalledNanos);
        recalledNanos = -1;
      }
      done.accept(problem);
    });
  }

  @Override
  public void giveUpHeld() {
    ServedVolume served = served();
    if (served != null) served.giveUpHeld();
  }

  @Override
  public void window(long start, long end) {
    ServedVolume served = served();
    if (served != null) served.window(start, end);
  }

  @Override
  public void dirty(List<Integer> slots, Consumer<Dirty> answer) {
    ServedVolume served = served();
    if (served == null) world.control().execute(() -> answer.accept(new Dirty(List.of(), NO_DISKS)));
    else served.dirty(slots, answer);
  }

  @Override
  public Copying copy(List<DirtyRange> ranges, String from, List<String> to, long bytesPerSecond, Consumer<Long> copied, CopyDone done) {
    ServedVolume served = served();
    if (served != null) {
      return served.copy(ranges, from, to, bytesPerSecond, bytes -> {
        world.metrics().copied(bytes);
        copied.accept(bytes);
      }, done);
    }
    world.control().execute(() -> done.done("", NO_DISKS));
    return NothingToCopy.INSTANCE;
  }

  private enum NothingToCopy implements Copying {
    INSTANCE;

    @Override
    public void rate(long bytesPerSecond) {}

    @Override
    public void stop() {}
  }

  @Override
  public void flush(String legId, Outcome done) {
    ServedVolume served = served();
    if (served == null) later(done);
    else served.flush(legId, done);
  }

  @Override
  public void inherit(int slot, Outcome done) {
    ServedVolume served = served();
    if (served == null) later(done);
    else served.inherit(slot, done);
  }

  @Override
  public void clear(int slot, Outcome done) {
    ServedVolume served = served();
    if (served == null) later(done);
    else served.clear(slot, done);
  }

  @Override
  public void slotIncarnation(int slot, Consumer<Long> answer) {
    ServedVolume served = served();
    if (served == null) world.control().execute(() -> answer.accept(-1L));
    else served.slotIncarnation(slot, answer);
  }

  // ---- telling, and time

  @Override
  public void status(TaskStatus status) {
    int replacing = LegExtents.replacing(volume.getLayout());
    // Of a task that moves more than this volume the whole is told elsewhere.
    boolean part = replacing >= 0 && volume.getLayout().getLegs(replacing).getTaskId().equals(status.getTaskId());
    if (part && !ended) world.filled().put(volume.getId(), status);
    else if (!ended) world.book().put(status);
  }

  @Override
  public void wakeAt(long nanos) {
    if (ended || timer != null && wakeAt - nanos <= 0) return;
    if (timer != null) timer.cancel(false);
    wakeAt = nanos;
    // Rounded up: woken early, it would only have to ask again.
    long ms = TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanos - now()) + 999_999);
    timer = world.control().after(ms, () -> {
      timer = null;
      if (!ended) tick.run();
    });
  }
}
