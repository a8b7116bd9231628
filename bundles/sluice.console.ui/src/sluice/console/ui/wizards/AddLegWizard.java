package sluice.console.ui.wizards;

import java.util.List;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.model.LegState;
import sluice.model.Volume;
import sluice.protocol.v1.AddLegTo;
import sluice.protocol.v1.Call;

/** One more copy. */
public final class AddLegWizard extends SanWizard {
  private final Volume volume;

  public AddLegWizard(ShownCluster cluster, Volume volume) {
    super(cluster, "Add a copy of " + volume.getName());
    this.volume = volume;
    pages();
  }

  static int good(Volume v) {
    return v.getLayout() == null || v.getLayout().getLegs().isEmpty() ? 1 : (int) v.getLayout().getLegs().stream().filter(l -> l.getState() == LegState.IN_SYNC).count();
  }

  @Override
  List<Call.Builder> calls() {
    return List.of(Call.newBuilder().setAddLeg(AddLegTo.newBuilder().setVolumeId(volume.getId())));
  }

  @Override
  List<String> plan() {
    int now = good(volume);
    return List.of("Volume " + volume.getName() + " has " + Format.count(now, "good copy").replace("copys", "copies") + " now: " + Math.max(0, now - 1) + " disk failures would lose nothing.",
        "One more of " + Format.bytes(volume.getSizeBytes()) + " is put on disks that hold none of it, in another failure domain where there is one.",
        "It is filled in the background while the volume is used, and counts only when it is whole; then " + now + " failures would lose nothing.");
  }

  @Override
  String command() {
    return "sluice volume add-leg " + word(volume.getName());
  }
}
