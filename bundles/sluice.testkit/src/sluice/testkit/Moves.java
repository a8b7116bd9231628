package sluice.testkit;

import java.util.List;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ControlTask;
import sluice.protocol.v1.EvacuateDisk;
import sluice.protocol.v1.RebalancePool;
import sluice.protocol.v1.RelayoutVolume;
import sluice.protocol.v1.ReplaceDisk;
import sluice.protocol.v1.Task;
import sluice.testkit.cluster.Ids;
import sluice.testkit.cluster.Rig;
import sluice.testkit.server.ServerSide;
import sluice.testkit.world.Chance;

/** An administrator who has extents moved while everything else goes wrong, and changes his mind. */
final class Moves {
  private final Rig rig;
  private final ServerSide server;
  private final Chance chance;

  Moves(Rig rig, ServerSide server) {
    this.rig = rig;
    this.server = server;
    chance = rig.world().chance().fork();
  }

  /** The next thing that he wants; what cannot be is refused. */
  void next() {
    List<Task> open = open();
    if (!open.isEmpty() && chance.is(0.6)) {
      Task task = chance.of(open);
      ControlTask.Action action = task.getState() == Task.State.PAUSED ? ControlTask.Action.RESUME
          : chance.is(0.6) ? ControlTask.Action.PAUSE : ControlTask.Action.CANCEL;
      control(task, action);
      return;
    }
    String disk = chance.of(List.copyOf(rig.disks().keySet()));
    String other = chance.of(List.copyOf(rig.disks().keySet()));
    String volume = Ids.volume(chance.below(rig.draw().volumes().size()));
    int stripes = 1 + chance.below(3);
    String id = Ids.made(rig.nextStamp());
    int kind = chance.below(8);
    server.ask(avoid -> {
      Change.Builder c = Change.newBuilder();
      if (kind < 3) c.setEvacuateDisk(EvacuateDisk.newBuilder().setDiskId(disk).setTaskId(id).addAllAvoid(avoid));
      else if (kind < 6) c.setRelayoutVolume(RelayoutVolume.newBuilder().setVolumeId(volume).setStripes(stripes).setTaskId(id).addAllAvoid(avoid));
      else if (kind < 7) c.setRebalancePool(RebalancePool.newBuilder().setPoolId(Ids.POOL).setTaskId(id).addAllAvoid(avoid));
      else c.setReplaceDisk(ReplaceDisk.newBuilder().setDiskId(disk).setToDiskId(other).setTaskId(id).addAllAvoid(avoid));
      return c.build();
    });
  }

  private List<Task> open() {
    return rig.catalog().view().tasks().stream()
        .filter(t -> t.hasMove() && (t.getState() == Task.State.RUNNING || t.getState() == Task.State.PAUSED)).toList();
  }

  private void control(Task task, ControlTask.Action action) {
    server.ask(avoid -> Change.newBuilder().setControlTask(ControlTask.newBuilder().setTaskId(task.getId()).setAction(action)).build());
  }

  /** What he has stopped goes on. */
  void resume() {
    for (Task task : open()) if (task.getState() == Task.State.PAUSED) control(task, ControlTask.Action.RESUME);
  }
}
