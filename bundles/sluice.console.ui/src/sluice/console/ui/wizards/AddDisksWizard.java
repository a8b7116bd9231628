package sluice.console.ui.wizards;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;
import sluice.console.ui.act.Ask;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Icons;
import sluice.protocol.v1.AddDisks;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.NewDisk;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.ScanDisks;
import sluice.protocol.v1.ScannedDisk;

/** Disks for the cluster: what the server sees, and what is named, looked at before anything is written. */
public final class AddDisksWizard extends SanWizard {
  private List<ScannedDisk> chosen = List.of();
  private String domain = "";

  public AddDisksWizard(ShownCluster cluster) {
    super(cluster, "Add disks");
    pages(new Fields());
  }

  private final class Fields extends FormPage {
    private Text uris;
    private Text domainText;
    private Table found;
    private Label note;

    Fields() {
      super("disks", "Add disks", "Look at the block devices that the server sees, or at disks that you name. Nothing is written yet.");
    }

    @Override
    void fill() {
      uris = text("Disks", "", "empty: what the server sees; or file:/path, dev:/dev/..., nbd://host/export, with commas", t -> null);
      new Label(body(), SWT.NONE);
      Button look = new Button(body(), SWT.PUSH);
      look.setText("Look");
      look.setImage(Icons.get("refresh"));
      look.addListener(SWT.Selection, e -> look());
      found = new Table(body(), SWT.CHECK | SWT.BORDER | SWT.FULL_SELECTION | SWT.V_SCROLL);
      found.setHeaderVisible(true);
      int[] widths = {240, 90, 180, 240};
      String[] titles = {"Disk", "Capacity", "What is on it", "Why not"};
      for (int i = 0; i < titles.length; i++) {
        TableColumn c = new TableColumn(found, i == 1 ? SWT.RIGHT : SWT.LEFT);
        c.setText(titles[i]);
        c.setWidth(widths[i]);
      }
      GridData data = new GridData(SWT.FILL, SWT.FILL, true, true, 2, 1);
      data.heightHint = 150;
      found.setLayoutData(data);
      found.addListener(SWT.Selection, e -> {
        if (e.item instanceof TableItem i && i.getChecked() && !((ScannedDisk) i.getData()).getAddable()) i.setChecked(false);
        touched();
      });
      field(found, () -> ticked().isEmpty() ? "" : null);
      note = new Label(body(), SWT.WRAP);
      note.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false, 2, 1));
      domainText = text("Failure domain", "", "shelf, rack or site; empty: none", t -> null);
    }

    private void look() {
      List<String> named = Arrays.stream(uris.getText().split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
      note.setText("Looking\u2026");
      Ask.ask(cluster, "Look for disks", Call.newBuilder().setScanDisks(ScanDisks.newBuilder().addAllUris(named)), this::show, words -> {
        if (!note.isDisposed()) note.setText("");
        if (!note.isDisposed()) setErrorMessage(words);
      });
    }

    private void show(Reply reply) {
      if (found.isDisposed()) return;
      setErrorMessage(null);
      found.removeAll();
      int can = 0;
      for (ScannedDisk d : reply.getScan().getDisksList()) {
        TableItem item = new TableItem(found, SWT.NONE);
        item.setText(new String[] {d.getUri(), Format.bytes(d.getCapacityBytes()), d.getWhat(), d.getWhyNot()});
        item.setImage(Icons.get(d.getAddable() ? "disk" : "state-offline"));
        item.setData(d);
        if (d.getAddable()) can++;
      }
      note.setText(found.getItemCount() == 0 ? "The server sees no block devices that could be disks; name some." : can + " of " + found.getItemCount() + " can be added.");
      touched();
    }

    private List<ScannedDisk> ticked() {
      List<ScannedDisk> all = new ArrayList<>();
      for (TableItem i : found.getItems()) if (i.getChecked()) all.add((ScannedDisk) i.getData());
      return all;
    }

    @Override
    void changed() {
      chosen = ticked();
      domain = domainText.getText().strip();
    }
  }

  @Override
  List<Call.Builder> calls() {
    AddDisks.Builder add = AddDisks.newBuilder();
    for (ScannedDisk d : chosen) add.addDisks(NewDisk.newBuilder().setUri(d.getUri()).setDomain(domain));
    return List.of(Call.newBuilder().setAddDisks(add));
  }

  @Override
  List<String> plan() {
    List<String> plan = new ArrayList<>();
    for (ScannedDisk d : chosen) plan.add(d.getUri() + " (" + Format.bytes(d.getCapacityBytes()) + ", " + d.getWhat() + ") gets a label of this cluster.");
    plan.add("They are in no pool then: put them into one to use them.");
    return plan;
  }

  @Override
  String command() {
    return "sluice disk add " + String.join(" ", chosen.stream().map(d -> word(d.getUri())).toList()) + (domain.isEmpty() ? "" : " --domain " + word(domain));
  }
}
