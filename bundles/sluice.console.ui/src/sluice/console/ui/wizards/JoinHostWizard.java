package sluice.console.ui.wizards;

import java.util.List;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.wizard.Wizard;
import org.eclipse.jface.wizard.WizardPage;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Text;
import sluice.console.ui.act.Ask;
import sluice.console.ui.act.Inputs;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Icons;
import sluice.console.ui.look.Looks;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.MakeToken;
import sluice.protocol.v1.TokenMade;

/** A host that joins: a token for it, and the command to run there. The token is made when the second page is asked for. */
public final class JoinHostWizard extends Wizard {
  private static final long VALID_MS = 3_600_000;

  private final ShownCluster cluster;
  private final Fields fields = new Fields();
  private final Command command = new Command();
  private String made = "";

  public JoinHostWizard(ShownCluster cluster) {
    this.cluster = cluster;
    setWindowTitle("Join a host \u2013 " + cluster.name());
    addPage(fields);
    addPage(command);
  }

  private final class Fields extends FormPage {
    private Text name;

    Fields() {
      super("host", "Join a host", "What shall the host be called?");
    }

    @Override
    void fill() {
      List<String> taken = cluster.san().getHosts().stream().map(Looks::name).toList();
      name = text("Name", "", "like db1", t -> Inputs.name(t, "host", taken));
      note("On the next page a token is made, which is good for one hour and for one host, with the command to run there. The host's key is made on the host and never leaves it.");
    }
  }

  private final class Command extends WizardPage {
    private Text line;

    Command() {
      super("command", "Run this on the host", null);
      setDescription("The token is shown here only. The host appears in the tree as soon as its agent runs.");
    }

    @Override
    public void createControl(Composite parent) {
      Composite body = new Composite(parent, SWT.NONE);
      body.setLayout(new GridLayout());
      line = new Text(body, SWT.READ_ONLY | SWT.MULTI | SWT.WRAP | SWT.V_SCROLL | SWT.BORDER);
      line.setFont(JFaceResources.getTextFont());
      line.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
      Button copy = new Button(body, SWT.PUSH);
      copy.setText("Copy");
      copy.setImage(Icons.get("copy"));
      copy.addListener(SWT.Selection, e -> {
        Clipboard clipboard = new Clipboard(copy.getDisplay());
        clipboard.setContents(new Object[] {line.getText()}, new Transfer[] {TextTransfer.getInstance()});
        clipboard.dispose();
      });
      setControl(body);
      setPageComplete(false);
    }

    @Override
    public void setVisible(boolean visible) {
      super.setVisible(visible);
      String name = fields.name.getText().strip();
      if (!visible || made.equals(name)) return;
      made = name;
      line.setText("");
      setErrorMessage(null);
      Ask.ask(cluster, "Make a token for host " + name, Call.newBuilder().setMakeToken(MakeToken.newBuilder().setHostName(name).setValidMs(VALID_MS)),
          reply -> show(reply.getToken()), this::refused);
    }

    private void show(TokenMade token) {
      if (line.isDisposed()) return;
      String servers = cluster.serverAddresses().isEmpty() ? String.join(",", cluster.addresses()) : String.join(",", cluster.serverAddresses());
      line.setText("sluice agent --dir /var/lib/sluice-agent --server " + servers + " --token " + token.getToken());
      setDescription("The token is good until " + Format.moment(token.getExpiresMs()) + " and is shown here only. The host appears in the tree when its agent runs.");
      setPageComplete(true);
    }

    private void refused(String words) {
      made = "";
      if (!line.isDisposed()) setErrorMessage(words);
    }
  }

  @Override
  public boolean performFinish() {
    return true;
  }
}
