package sluice.core.catalog;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.MovePlan;
import sluice.protocol.v1.MovedLeg;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** What a change that moves extents would do: it is made, looked at, and taken back. */
final class MovePlans {
  private MovePlans() {}

  static MovePlan plan(Inventory inventory, Change change, Actor actor) {
    Transaction trial = new Transaction(inventory, actor, 1);
    MovePlan.Builder plan = MovePlan.newBuilder();
    try {
      String id;
      List<AvoidDisk> avoid;
      switch (change.getBodyCase()) {
        case EVACUATE_DISK -> {
          id = change.getEvacuateDisk().getTaskId();
          avoid = change.getEvacuateDisk().getAvoidList();
        }
        case REPLACE_DISK -> {
          id = change.getReplaceDisk().getTaskId();
          avoid = change.getReplaceDisk().getAvoidList();
        }
        case RELAYOUT_VOLUME -> {
          id = change.getRelayoutVolume().getTaskId();
          avoid = change.getRelayoutVolume().getAvoidList();
        }
        case REBALANCE_POOL -> {
          id = change.getRebalancePool().getTaskId();
          avoid = change.getRebalancePool().getAvoidList();
        }
        default -> throw Refusal.invalid("This change moves nothing", "", "ask for the plan of one that does");
      }
      Changes.make(trial, change);
      Task task = trial.task(id);
      MoveRehearsal rehearsal = MoveRehearsal.of(trial, task, avoid);
      plan.setBytes(rehearsal.bytes());
      for (MoveRehearsal.Step step : rehearsal.steps()) plan.addMoves(planned(step, task));
    } catch (Refusal refusal) {
      plan.clear().setProblem(refusal.problem());
    } finally {
      trial.rollback();
    }
    return plan.build();
  }

  private static MovedLeg planned(MoveRehearsal.Step step, Task task) {
    Volume v = step.volume();
    int copies = v.getLayout().getLegsCount() == 0 ? 1 : LegExtents.good(v);
    // One that is rebuilt is good only afterwards.
    boolean inSync = v.getLayout().getLegsCount() == 0 || Legs.inSync(v, step.leg() - 1);
    Set<String> from = step.from().isEmpty() ? Legs.disks(v, step.leg() - 1) : new TreeSet<>(List.of(step.from()));
    String now = words(LegExtents.stripes(v.getLayout(), step.leg() - 1), LegExtents.stripeUnit(v.getLayout(), step.leg() - 1));
    String then = task.getKind() == Task.Kind.RELAYOUT ? words(task.getMove().getStripes(), task.getMove().getStripeUnitBytes()) : now;
    return MovedLeg.newBuilder().setVolumeId(v.getId()).setLeg(step.leg()).setBytes(step.bytes()).addAllFromDiskIds(from).addAllToDiskIds(step.to())
        .setCopiesBefore(copies).setCopiesDuring(copies).setCopiesAfter(inSync ? copies : copies + 1).setLayoutBefore(now).setLayoutAfter(then).build();
  }

  private static String words(int stripes, long unit) {
    return stripes <= 1 ? "linear" : stripes + " stripes of " + FieldRules.bytes(unit);
  }
}
