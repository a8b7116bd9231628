package sluice.server.care;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.core.catalog.CatalogView;
import sluice.core.moves.Mover;
import sluice.core.moves.MoverEffects;
import sluice.protocol.LegExtents;
import sluice.protocol.Problems;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.Changes;
import sluice.server.disks.DiskRemoval;

/** Tasks that move extents, acting on the cares of volumes, the catalog and the disks. On the control thread. */
public final class MoveDesk implements CatalogFollower.Follower, MoverEffects {
  private static final Logger LOG = LoggerFactory.getLogger(MoveDesk.class);
  private static final long LOOK_MS = 500;

  private final CareWorld world;
  private final CareDesk cares;
  private final DiskRemoval removal;
  private final Mover mover = new Mover(this);
  private boolean looking;

  public MoveDesk(CareWorld world, CareDesk cares, DiskRemoval removal) {
    this.world = world;
    this.cares = cares;
    this.removal = removal;
  }

  /** After the follower has started. */
  public void start() {
    world.control().every(LOOK_MS, mover::tick);
  }

  @Override
  public void reload() {
    look();
  }

  @Override
  public void changed(CatalogDelta delta) {
    // A leg that has come or gone, or a task: the next thing is begun at once.
    if (delta.getChangesList().stream().anyMatch(c -> c.hasVolume() || c.hasTask())) look();
  }

  /** Once everybody else has heard. */
  private void look() {
    if (looking) return;
    looking = true;
    world.control().execute(() -> {
      looking = false;
      mover.tick();
    });
  }

  @Override
  public long now() {
    return world.control().nanoTime();
  }

  @Override
  public <T> T read(Function<CatalogView, T> query) {
    return world.engine().read(query);
  }

  @Override
  public List<AvoidDisk> avoid() {
    return world.disks().avoid();
  }

  @Override
  public String unreachable(String volumeId) {
    Volume volume = world.engine().read(v -> v.volume(volumeId)).orElse(null);
    // Volumes with copies see for themselves.
    if (volume == null || volume.getLayout().getLegsCount() > 0) return "";
    for (String disk : LegExtents.disks(volume.getLayout())) {
      if (world.disks().online(disk)) continue;
      String name = world.engine().read(v -> v.disk(disk)).map(d -> d.getName()).orElse(disk);
      return "disk " + name + " cannot be reached: " + world.disks().reason(disk);
    }
    return "";
  }

  @Override
  public void move(String volumeId, MoveLeg move) {
    cares.move(volumeId, move);
  }

  @Override
  public String waitsFor(String volumeId) {
    return cares.waitsFor(volumeId);
  }

  @Override
  public TaskStatus filled(String volumeId) {
    return world.filled().getOrDefault(volumeId, TaskStatus.getDefaultInstance());
  }

  @Override
  public void submit(Change change, Consumer<CommandResult> answer) {
    put(world.changes().submit(Changes.SERVER, "", change), answer);
  }

  private void put(CompletionStage<Changes.Outcome> change, Consumer<CommandResult> answer) {
    change.whenCompleteAsync((outcome, failure) -> {
      if (failure == null) {
        answer.accept(outcome.result());
        return;
      }
      Problem problem = Problems.of(failure);
      LOG.warn("a task that moves extents is not answered: {}: {}", problem.getWhat(), problem.getWhy());
      answer.accept(CommandResult.newBuilder().setProblem(problem.toBuilder().setCode(Problem.Code.UNAVAILABLE)).build());
    }, world.control());
  }

  @Override
  public void remove(String diskId, Consumer<String> answer) {
    put(removal.remove(Changes.SERVER, "", diskId).whenComplete((outcome, failure) -> {
      if (failure == null) outcome.notes().forEach(note -> LOG.info("disk {}: {}", diskId, note));
    }), result -> answer.accept(result.hasProblem() ? result.getProblem().getWhat() + ": " + result.getProblem().getWhy() : ""));
  }

  @Override
  public void status(TaskStatus status) {
    world.book().put(status);
  }
}
