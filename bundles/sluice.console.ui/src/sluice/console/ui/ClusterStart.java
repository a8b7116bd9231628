package sluice.console.ui;

import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.jface.wizard.WizardDialog;
import org.eclipse.swt.widgets.Shell;
import java.util.List;
import java.util.Optional;
import sluice.api.SluiceException;
import sluice.client.ClusterProfile;
import sluice.console.ui.clusters.Credentials;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.wizards.ConnectWizard;
import sluice.net.HostPort;

/** Connects to a cluster whose credentials are on this machine. UI thread. */
final class ClusterStart {
  private ClusterStart() {}

  /** What the command line asked for; without, the current cluster if there is one. */
  static void open(Shell shell, StartRequest request) {
    Optional<String> name = request.cluster() != null ? Optional.of(request.cluster()) : current();
    if (name.isPresent()) open(shell, name.get(), request.server());
    else if (request.server() != null) new WizardDialog(shell, new ConnectWizard(request.server())).open();
  }

  private static Optional<String> current() {
    try {
      return Credentials.profiles().current();
    } catch (SluiceException e) {
      return Optional.empty();
    }
  }

  /** @param server address instead of those that are saved; null: none */
  static void open(Shell shell, String name, String server) {
    try {
      ClusterProfile profile = Credentials.profiles().get(name);
      Clusters.get().open(name, server == null ? profile.addresses() : List.of(HostPort.parse(server)), profile.identity());
    } catch (SluiceException e) {
      MessageDialog.openError(shell, "Connect to " + name, Clusters.words(e));
    }
  }
}
