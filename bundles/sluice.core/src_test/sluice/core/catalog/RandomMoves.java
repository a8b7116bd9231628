package sluice.core.catalog;

import static sluice.core.catalog.CatalogFixture.id;

import java.util.List;
import java.util.Random;
import java.util.Set;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ControlTask;
import sluice.protocol.v1.EndMoves;
import sluice.protocol.v1.EvacuateDisk;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.RebalancePool;
import sluice.protocol.v1.RelayoutVolume;
import sluice.protocol.v1.ReplaceDisk;
import sluice.protocol.v1.SetDisk;
import sluice.protocol.v1.Task;

/** Tasks that move extents, and what they do next. */
final class RandomMoves {
  private final Random random;
  private int made;

  RandomMoves(Random random) {
    this.random = random;
  }

  Change.Builder change(CatalogView view, String disk, String other, String pool, String volume) {
    List<Task> open = view.tasks().stream().filter(t -> t.hasMove() && (t.getState() == Task.State.RUNNING || t.getState() == Task.State.PAUSED)).toList();
    Change.Builder c = Change.newBuilder();
    if (!open.isEmpty() && random.nextInt(4) > 0) {
      Task task = open.get(random.nextInt(open.size()));
      if (random.nextInt(8) == 0) {
        return c.setControlTask(ControlTask.newBuilder().setTaskId(task.getId()).setAction(ControlTask.Action.forNumber(1 + random.nextInt(3))));
      }
      MoveLeg move = view.nextMove(task.getId(), Set.of(), List.of()).orElse(null);
      if (move == null || random.nextInt(10) == 0) {
        return c.setEndMoves(EndMoves.newBuilder().setTaskId(task.getId()).setFailure(random.nextInt(6) == 0 ? "no luck" : ""));
      }
      long epoch = view.volume(move.getVolumeId()).orElseThrow().getLayout().getEpoch() - (random.nextInt(12) == 0 ? 1 : 0);
      return c.setMoveLeg(move.toBuilder().setNewLegId(newId()).setEpoch(epoch));
    }
    return switch (random.nextInt(9)) {
      case 0, 1 -> c.setEvacuateDisk(EvacuateDisk.newBuilder().setDiskId(disk).setTaskId(newId()));
      case 2, 6, 7, 8 -> c.setRelayoutVolume(RelayoutVolume.newBuilder().setVolumeId(volume).setStripes(random.nextInt(5)).setTaskId(newId()));
      case 3 -> c.setRebalancePool(RebalancePool.newBuilder().setPoolId(pool).setTaskId(newId()));
      case 4 -> c.setReplaceDisk(ReplaceDisk.newBuilder().setDiskId(disk).setToDiskId(other).setTaskId(newId()));
      default -> c.setSetDisk(SetDisk.newBuilder().setDiskId(disk).setClosed(random.nextInt(8) == 0));
    };
  }

  private String newId() {
    return id(5_000_000 + ++made);
  }
}
