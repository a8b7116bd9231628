package sluice.console.ui.wizards;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jface.wizard.Wizard;
import org.eclipse.jface.wizard.WizardPage;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Text;
import sluice.api.SluiceException;
import sluice.client.ClusterProfile;
import sluice.client.Profiles;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.Credentials;
import sluice.net.HostPort;
import sluice.net.JoinClient;
import sluice.net.pki.JoinTokenText;
import sluice.net.pki.KeyRequest;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Joined;

/** Connecting: to a cluster whose credentials are on this machine, or to a new one with a user's token. */
public final class ConnectWizard extends Wizard {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Profiles profiles = Credentials.profiles();
  private final List<String> known;
  private final Where where = new Where();
  private final Joining joining;

  public ConnectWizard() {
    this("");
  }

  /** @param server address to begin with */
  public ConnectWizard(String server) {
    setWindowTitle("Connect to a cluster");
    setNeedsProgressMonitor(true);
    known = profiles.list();
    joining = new Joining(server);
    addPage(where);
    addPage(joining);
  }

  private final class Where extends FormPage {
    private Button saved;
    private Combo which;

    Where() {
      super("where", "Which cluster?", "Choose one that is known on this machine, or join another with a token.");
    }

    @Override
    void fill() {
      if (!known.isEmpty()) {
        note("Known here: the command line's clusters, whose keys lie in " + profiles.root() + ", readable by you only.");
        which = choice("Cluster", known, Math.max(0, known.indexOf(profiles.current().orElse(""))));
      }
      saved = new Button(body(), SWT.CHECK);
      saved.setText(known.isEmpty() ? "No cluster is known here yet: join one with a token" : "Another one: join it with a token");
      saved.setLayoutData(new GridData(SWT.LEFT, SWT.CENTER, true, false, 3, 1));
      saved.setSelection(known.isEmpty());
      saved.setEnabled(!known.isEmpty());
      saved.addListener(SWT.Selection, e -> {
        which.setEnabled(!saved.getSelection());
        touched();
        getContainer().updateButtons();
      });
    }

    boolean joins() {
      return saved.getSelection();
    }

    @Override
    public boolean canFlipToNextPage() {
      return joins();
    }
  }

  private final class Joining extends FormPage {
    private final String begin;
    private Text server;
    private Text token;
    private Text as;

    Joining(String begin) {
      super("join", "Join with a token", "An administrator makes one with: sluice user token NAME");
      this.begin = begin;
    }

    @Override
    void fill() {
      server = text("Server", begin, "host:port, several with commas", ConnectWizard::address);
      token = text("Token", "", "what 'sluice user token' printed", ConnectWizard::token);
      as = text("Name here", "", "the cluster's own name", t -> t.isEmpty() ? null : name(t));
      note("The key is made on this machine and never leaves it.");
    }
  }

  private static String address(String text) {
    if (text.isBlank()) return "";
    try {
      HostPort.parseList(text);
      return null;
    } catch (SluiceException e) {
      return "'" + text + "' is not an address; write host:port, several with commas.";
    }
  }

  private String name(String text) {
    if (!NAME.matcher(text).matches()) return "A name is 1 to 64 of a-z, 0-9, '-', '_' and '.', and begins with a letter or digit.";
    return known.contains(text) ? "There is a cluster '" + text + "' already; choose another name." : null;
  }

  private static String token(String text) {
    if (text.isEmpty()) return "";
    try {
      JoinTokenText.parse(text);
      return null;
    } catch (RuntimeException e) {
      return "That is no whole token; copy all of it.";
    }
  }

  @Override
  public boolean canFinish() {
    if (where.saved == null) return false;
    return where.joins() ? joining.isPageComplete() : !known.isEmpty();
  }

  @Override
  public boolean performFinish() {
    String[] name = {where.joins() ? "" : known.get(where.which.getSelectionIndex())};
    ClusterProfile[] profile = new ClusterProfile[1];
    try {
      if (where.joins()) {
        String addresses = joining.server.getText().strip();
        String token = joining.token.getText().strip();
        String as = joining.as.getText().strip();
        getContainer().run(true, false, monitor -> {
          monitor.beginTask("Joining", IProgressMonitor.UNKNOWN);
          join(HostPort.parseList(addresses), JoinTokenText.parse(token), as, name, profile);
        });
      } else profile[0] = profiles.get(name[0]);
      Clusters.get().open(name[0], profile[0].addresses(), profile[0].identity());
      return true;
    } catch (InvocationTargetException e) {
      return refused(Clusters.words(e.getCause()));
    } catch (InterruptedException e) {
      return refused("It was cancelled.");
    } catch (RuntimeException e) {
      return refused(Clusters.words(e));
    }
  }

  private boolean refused(String words) {
    if (getContainer().getCurrentPage() instanceof WizardPage page) page.setErrorMessage(words);
    return false;
  }

  /** Off the UI thread. */
  private void join(List<HostPort> servers, JoinTokenText token, String as, String[] name, ClusterProfile[] profile) {
    // Before the token is used: it is good once.
    profiles.requireRoom(as.isEmpty() ? null : as);
    KeyRequest key = KeyRequest.create();
    Joined joined = JoinClient.join(servers, token, Join.As.USER, key, PATIENCE);
    name[0] = as.isEmpty() ? profiles.freeName(joined.getClusterName()) : as;
    profile[0] = profiles.create(name[0], key.identity(joined), joined.getClusterName(), servers);
  }
}
