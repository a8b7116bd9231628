package sluice.core.catalog;

import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.VolumePlan;

/** What creating a volume would give, without doing it. */
final class VolumePlans {
  /** A plan needs no id; this one is never a volume's. */
  private static final String NO_ID = "00000000-0000-0000-0000-000000000000";

  private VolumePlans() {}

  static VolumePlan plan(Inventory inventory, CreateVolume create, Actor actor) {
    Transaction t = new Transaction(inventory, actor, 0);
    CreateVolume asked = create.getVolumeId().isEmpty() ? create.toBuilder().setVolumeId(NO_ID).build() : create;
    try {
      HostRights.check(t, Change.newBuilder().setCreateVolume(asked).build());
      VolumeChanges.Planned planned = VolumeChanges.plan(t, asked);
      VolumePlan.Builder plan = VolumePlan.newBuilder().setVolume(planned.volume());
      // where its bytes would lie is not a host's business before it has them
      return t.byHost() ? plan.build() : plan.addAllCandidates(planned.candidates().get()).build();
    } catch (Refusal refusal) {
      VolumePlan.Builder plan = VolumePlan.newBuilder().setProblem(HostRights.visible(t, refusal.problem()));
      if (!t.byHost()) plan.addAllCandidates(refusal.problem().getCandidatesList());
      return plan.build();
    }
  }
}
