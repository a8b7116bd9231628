package sluice.console.ui.act;

import java.util.List;
import org.eclipse.jface.wizard.WizardDialog;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.wizards.ConnectWizard;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.RecheckDisks;
import sluice.protocol.v1.Role;

/** Connecting, leaving, looking again. */
final class ClusterActions {
  private ClusterActions() {}

  static List<SanAction> all() {
    return List.of(
        new SanAction("connect", "Connect\u2026", "connect", "Connect to a cluster, with credentials of this machine or with a user's token.",
            Rules.anything(), Rules.always(), s -> new WizardDialog(s.window().getShell(), new ConnectWizard()).open()),
        new SanAction("disconnect", "Disconnect", "disconnect", "Leave the cluster. Its credentials stay on this machine.",
            Rules.anything(), s -> s.cluster().isPresent() ? "" : Clusters.get().all().isEmpty() ? "no cluster is connected" : "several clusters are connected; select something of the one that is meant",
            s -> s.cluster().ifPresent(c -> Clusters.get().close(c))),
        new SanAction("refresh", "Refresh", "refresh", "Ask the server for the whole picture anew, and let it look at every disk again.",
            Rules.anything(), Rules.may(Role.VIEWER), s -> s.cluster().ifPresent(c -> {
              c.connection().refresh();
              if (c.role() >= Role.OPERATOR.getNumber()) {
                Ask.call(s, "Look at the disks again", Call.newBuilder().setRecheckDisks(RecheckDisks.getDefaultInstance()), r -> {});
              }
            })));
  }
}
