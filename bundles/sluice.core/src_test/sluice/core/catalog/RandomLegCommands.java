package sluice.core.catalog;

import static sluice.core.catalog.CatalogFixture.id;

import java.util.Random;
import sluice.protocol.v1.*;

/** Changes of the legs of a volume and of their tasks: the next sensible one as often as not, wrong ones among them. */
final class RandomLegCommands {
  private final Random random;
  private int made;

  RandomLegCommands(Random random) {
    this.random = random;
  }

  /** True: only the server may say it. */
  static boolean isServers(Change.Builder change) {
    return switch (change.getBodyCase()) {
      case MARK_LEG_STALE, FILL_LEG, NOTE_LEG_FILLED, FINISH_LEG, REPLACE_LEG, SLOT_RECONCILED, FREE_TAIL, MOVE_LEG, END_MOVES -> true;
      default -> false;
    };
  }

  Change.Builder change(CatalogView view, Volume volume) {
    Change.Builder c = Change.newBuilder();
    long epoch = volume.getLayout().getEpoch() - (random.nextInt(12) == 0 ? 1 : 0);
    int legs = volume.getLayout().getLegsCount();
    if (legs == 0 || random.nextInt(8) == 0) return c.setAddLeg(AddLeg.newBuilder().setVolumeId(volume.getId()).setNewLegId(newId()).setEpoch(epoch));
    if (volume.getUnreconciledSlotsCount() > 0 && random.nextInt(3) > 0) {
      return c.setSlotReconciled(SlotReconciled.newBuilder().setVolumeId(volume.getId()).setSlot(volume.getUnreconciledSlots(0)));
    }
    LegInfo leg = volume.getLayout().getLegs(random.nextInt(legs));
    for (LegInfo other : volume.getLayout().getLegsList()) if (other.getState() != LegInfo.State.IN_SYNC && random.nextBoolean()) leg = other;
    if (random.nextInt(12) == 0) return c.setDropLeg(DropLeg.newBuilder().setVolumeId(volume.getId()).setLegId(leg.getId()).setEpoch(epoch));
    if (random.nextInt(4) == 0) return control(view, leg);
    int chance = random.nextInt(6);
    return switch (leg.getState()) {
      case IN_SYNC -> stale(c, volume, leg, epoch);
      case STALE -> chance < 3 ? fill(c, volume, leg, epoch)
          : chance < 5 ? c.setReplaceLeg(ReplaceLeg.newBuilder().setVolumeId(volume.getId()).setLegId(leg.getId()).setNewLegId(newId()).setEpoch(epoch))
          : finish(c, volume, leg, epoch);
      default -> chance < 2 ? c.setNoteLegFilled(NoteLegFilled.newBuilder().setVolumeId(volume.getId()).setLegId(leg.getId())
              .setFilledBytes(random.nextInt((int) Math.min(Integer.MAX_VALUE, volume.getSizeBytes() + 2))))
          : chance < 5 ? finish(c, volume, leg, epoch) : stale(c, volume, leg, epoch);
    };
  }

  private static Change.Builder stale(Change.Builder c, Volume volume, LegInfo leg, long epoch) {
    return c.setMarkLegStale(MarkLegStale.newBuilder().setVolumeId(volume.getId()).setLegId(leg.getId()).setReason("lost").setEpoch(epoch));
  }

  private Change.Builder fill(Change.Builder c, Volume volume, LegInfo leg, long epoch) {
    return c.setFillLeg(FillLeg.newBuilder().setVolumeId(volume.getId()).setLegId(leg.getId()).setEpoch(epoch).setTaskId(newId()));
  }

  private static Change.Builder finish(Change.Builder c, Volume volume, LegInfo leg, long epoch) {
    return c.setFinishLeg(FinishLeg.newBuilder().setVolumeId(volume.getId()).setLegId(leg.getId()).setEpoch(epoch));
  }

  private Change.Builder control(CatalogView view, LegInfo leg) {
    String task = view.taskOfLeg(leg.getId()).map(Task::getId).orElseGet(() -> view.tasks().isEmpty() ? id(1) : view.tasks().get(0).getId());
    return Change.newBuilder().setControlTask(ControlTask.newBuilder().setTaskId(task).setAction(ControlTask.Action.forNumber(random.nextInt(5)))
        .setMaxBytesPerSecond(random.nextInt(100)));
  }

  private String newId() {
    return id(1_000_000 + ++made);
  }
}
