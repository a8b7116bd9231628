package sluice.console.ui.act;

import java.util.List;
import org.eclipse.jface.wizard.WizardDialog;
import sluice.console.core.ops.Operations;
import sluice.console.core.verdict.Action;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.wizards.ConnectWizard;
import sluice.protocol.v1.Role;

/** Connecting, leaving, looking again. */
final class ClusterActions {
  private ClusterActions() {}

  static List<SanAction> all() {
    return List.of(
        new SanAction("connect", "Connect\u2026", "connect", "Connect to a cluster, with credentials of this machine or with a user's token.",
            Rules.anything(), Rules.always(), s -> new WizardDialog(s.window().getShell(), new ConnectWizard()).open()),
        new SanAction("disconnect", "Disconnect", "disconnect", "Leave the cluster. Its credentials stay on this machine.",
            Rules.anything(), s -> s.cluster().isPresent() ? "" : Clusters.get().all().isEmpty() ? "No cluster is connected." : Rules.WHICH_CLUSTER,
            s -> s.cluster().ifPresent(c -> Clusters.get().close(c))),
        new SanAction("refresh", "Refresh", "refresh", "Ask the server for the whole picture anew, and let it look at every disk again.",
            Rules.anything(), Rules.connected(), s -> s.cluster().ifPresent(c -> {
              c.connection().refresh();
              if (c.role() >= Role.OPERATOR.getNumber()) OperationJob.start(s.window().getShell(), c, Operations.of(Action.RECHECK_DISKS, c.view(), List.of()));
            })));
  }
}
