package sluice.console.ui.views;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import sluice.console.core.verdict.WhatIf;
import sluice.console.core.view.SanView;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.look.Icons;
import sluice.console.ui.look.Looks;
import sluice.model.Disk;
import sluice.model.Host;
import sluice.model.Server;

/** What would become of the volumes if the disk, its failure domain, the host or the server that is selected failed at this moment. */
public final class WhatIfView extends LiveView {
  public static final String ID = "sluice.console.ui.whatif";
  private Label sentence;
  private LiveTable<Row> table;
  private EObject about;

  private record Row(String failing, String name, String kind, WhatIf.Impact impact, Object object) {}

  @Override
  void create(Composite parent) {
    GridLayout layout = new GridLayout();
    layout.marginHeight = 4;
    parent.setLayout(layout);
    sentence = new Label(parent, SWT.WRAP);
    sentence.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
    GridData wide = new GridData(SWT.FILL, SWT.TOP, true, false);
    wide.widthHint = 300;
    sentence.setLayoutData(wide);
    table = new LiveTable<Row>(parent, r -> r.failing + r.impact.object())
        .column("Then", 110, r -> word(r.impact.effect()), r -> mark(r.impact.effect()))
        .column("What", 170, r -> r.kind + " " + r.name, r -> Icons.get(Looks.icon(r.object)))
        .column("Why", 420, r -> r.impact.why(), null)
        .column("If this failed", 220, Row::failing, null)
        .selects(Row::object);
    table.control().setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    table.control().getAccessible().addAccessibleListener(SanTreeView.name("What would become of what"));
    selects(table, table.control());
  }

  private static String word(WhatIf.Effect effect) {
    return switch (effect) {
      case LOST -> "lost";
      case DEGRADED -> "degraded";
      default -> "works";
    };
  }

  private static Image mark(WhatIf.Effect effect) {
    return Icons.get(switch (effect) {
      case LOST -> "state-failed";
      case DEGRADED -> "state-degraded";
      default -> "state-healthy";
    });
  }

  @Override
  void refresh() {
    ShownCluster c = about == null ? null : Clusters.get().of(about).orElse(null);
    if (c == null) {
      say("Select a disk, a host or a server to see what its failure would mean.");
      table.rows(List.of());
      return;
    }
    List<WhatIf.Outcome> outcomes = outcomes(c.view());
    List<String> words = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (WhatIf.Outcome o : outcomes) {
      words.add(o.text());
      for (WhatIf.Impact i : o.impacts()) {
        Optional<EObject> object = c.object(i.object());
        object.ifPresent(e -> rows.add(new Row(o.failing(), Looks.name(e), Looks.kind(e), i, e)));
      }
    }
    say((c.connected() ? "" : c.staleWords() + "\n") + String.join("\n", words));
    table.rows(rows);
  }

  private List<WhatIf.Outcome> outcomes(SanView view) {
    if (about instanceof Disk d) {
      WhatIf.Outcome disk = WhatIf.disk(view, d.getId());
      return d.getDomain() == null || d.getDomain().isEmpty() ? List.of(disk) : List.of(disk, WhatIf.domain(view, d.getDomain()));
    }
    return List.of(about instanceof Host h ? WhatIf.host(view, h.getId()) : WhatIf.server(view));
  }

  private void say(String words) {
    String plain = words.replace("&", "&&");
    if (sentence.getText().equals(plain)) return;
    sentence.setText(plain);
    sentence.getParent().layout(true, true);
  }

  @Override
  void reveal(IStructuredSelection selection) {
    if (selection.getFirstElement() instanceof EObject o) about(o);
  }

  /** Shows what the failure of a disk, a host or a server would mean; of anything else it shows nothing new. */
  public void about(EObject o) {
    if (!(o instanceof Disk || o instanceof Host || o instanceof Server)) return;
    about = o;
    mark();
  }

  @Override
  public void setFocus() {
    table.control().setFocus();
  }
}
