package sluice.cli;

import picocli.CommandLine.Option;
import sluice.api.SluiceException;
import sluice.cli.output.MessageJson;
import sluice.protocol.Problems;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.ChangePlan;
import sluice.protocol.v1.PlanChange;

/** A verb that changes volumes in use: with {@code --plan} it shows what would become of them, and changes nothing. */
public abstract class PlannedCommand extends RemoteCommand {
  @Option(names = "--plan",
      description = "Only show what would move, how much is copied, and how many copies there are before, meanwhile and after.")
  boolean plan;

  /** Whether only the plan was asked for. Then {@link #showPlan} is all there is to do. */
  protected final boolean planned() {
    return plan;
  }

  /** Returns the exit code: that of the problem if the change cannot be made. @param call as it would be made */
  protected final int showPlan(ClusterSession session, Call.Builder call) {
    ChangePlan found = ask(session, "planning", Call.newBuilder().setPlanChange(PlanChange.newBuilder().setCall(call))).getChangePlan();
    show(() -> MessageJson.of(found), () -> PlanTable.print(found, context().out()));
    if (!found.hasProblem()) return 0;
    SluiceException problem = Problems.exception(found.getProblem().toBuilder().clearCandidates().build());
    if (json()) return problem.code().exitCode();
    throw problem;
  }

  /** Shows the plan if that was asked for; otherwise makes the call and says that it is done. */
  protected final int planOrDo(ClusterSession session, Call.Builder call, String doing, String sentence) {
    return plan ? showPlan(session, call) : done(ask(session, doing, call).getDone(), sentence);
  }
}
