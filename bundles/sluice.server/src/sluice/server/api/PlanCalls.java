package sluice.server.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.AddLeg;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ChangePlan;
import sluice.protocol.v1.DropLeg;
import sluice.protocol.v1.PlanChange;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.ResizeVolume;
import sluice.protocol.v1.Volume;
import sluice.server.disks.ServerDisks;

/**
 * Says what a call that changes volumes in use would do. Each such call has its steps here: the changes that the catalog
 * would be asked for, one after the other, until all is done. On the control thread.
 */
final class PlanCalls {
  private final CatalogEngine engine;
  private final ServerDisks disks;

  PlanCalls(CatalogEngine engine, ServerDisks disks) {
    this.engine = engine;
    this.disks = disks;
  }

  CompletionStage<Reply.Builder> plan(Caller caller, PlanChange asked) {
    Call call = asked.getCall();
    if (caller.host() && Permissions.refusalOfHost(call) != null) throw notPlanned(call);
    Function<CatalogView, List<Change>> steps = steps(call, disks.avoid());
    ChangePlan plan = engine.read(v -> v.planChange(steps.apply(v), caller.actor()));
    return CompletableFuture.completedFuture(Reply.newBuilder().setChangePlan(plan));
  }

  /** Where the steps depend on what there is, they are found by the view. */
  private static Function<CatalogView, List<Change>> steps(Call call, List<AvoidDisk> avoid) {
    return switch (call.getBodyCase()) {
      case ADD_LEG -> view -> List.of(change().setAddLeg(AddLeg.newBuilder().setVolumeId(call.getAddLeg().getVolumeId()).addAllAvoid(avoid)).build());
      case DROP_LEG -> view -> List.of(change().setDropLeg(
          DropLeg.newBuilder().setVolumeId(call.getDropLeg().getVolumeId()).setLegId(call.getDropLeg().getLegId())).build());
      case RESIZE -> view -> List.of(change().setResizeVolume(ResizeVolume.newBuilder().setVolumeId(call.getResize().getVolumeId())
          .setSizeBytes(call.getResize().getSizeBytes()).addAllAvoid(avoid)
          // Who asks for a plan has nothing to lose yet.
          .setConfirmName(view.volume(call.getResize().getVolumeId()).map(Volume::getName).orElse(""))).build());
      default -> throw notPlanned(call);
    };
  }

  private static Change.Builder change() {
    return Change.newBuilder();
  }

  private static SluiceException notPlanned(Call call) {
    return new SluiceException(ErrorCode.INVALID_ARGUMENT, "there is no plan for this: " + CallDesk.words(call),
        "it does not change volumes in use, or the server is of another version", "use programs of one version");
  }
}
