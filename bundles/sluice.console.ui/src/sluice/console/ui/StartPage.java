package sluice.console.ui;

import java.util.List;
import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorSite;
import org.eclipse.ui.IPersistableElement;
import sluice.console.ui.clusters.Credentials;
import sluice.console.ui.act.Actions;
import sluice.console.ui.act.SanAction;
import sluice.console.ui.act.Subject;
import sluice.console.ui.look.Icons;

/** What the console opens on: clusters to connect to, and the first steps with what each needs. */
public final class StartPage extends ReadOnlyEditor {
  public static final String ID = "sluice.console.ui.start";
  static final IEditorInput INPUT = new Input();

  private static final List<String> STEPS = List.of("connect", "host.token", "disk.add", "pool.create", "volume.create");
  private final java.util.Map<Button, SanAction> buttons = new java.util.LinkedHashMap<>();
  private Composite clusters;

  @Override
  public void init(IEditorSite site, IEditorInput input) {
    super.init(site, input);
    setTitleImage(Icons.get("start"));
  }

  @Override
  protected void create(Composite parent) {
    ScrolledComposite scroll = new ScrolledComposite(parent, SWT.V_SCROLL);
    scroll.setExpandHorizontal(true);
    scroll.setExpandVertical(true);
    Composite page = new Composite(scroll, SWT.NONE);
    GridLayout layout = new GridLayout();
    layout.marginWidth = 28;
    layout.marginHeight = 20;
    layout.verticalSpacing = 10;
    page.setLayout(layout);
    title(page, "Sluice");
    words(page, "Shared storage: volumes served straight from shared disks. Here you see it, understand what is wrong, act, and watch it heal.");
    title(page, "Clusters");
    clusters = new Composite(page, SWT.NONE);
    clusters.setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    GridLayout inner = new GridLayout(2, false);
    inner.marginWidth = 0;
    clusters.setLayout(inner);
    fillClusters();
    title(page, "First steps");
    Composite steps = new Composite(page, SWT.NONE);
    steps.setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    GridLayout two = new GridLayout(2, false);
    two.marginWidth = 0;
    two.horizontalSpacing = 14;
    steps.setLayout(two);
    STEPS.forEach(id -> step(steps, Actions.get(id)));
    scroll.setContent(page);
    scroll.addListener(SWT.Resize, e -> scroll.setMinSize(page.computeSize(scroll.getClientArea().width, SWT.DEFAULT)));
  }

  private static void title(Composite page, String text) {
    Label label = new Label(page, SWT.NONE);
    label.setText(text);
    label.setFont(JFaceResources.getHeaderFont());
  }

  private static void words(Composite page, String text) {
    Label label = new Label(page, SWT.WRAP);
    label.setText(text);
    GridData wide = new GridData(SWT.FILL, SWT.CENTER, true, false);
    wide.widthHint = 300;
    label.setLayoutData(wide);
  }

  private void fillClusters() {
    List<String> known = Credentials.profiles().list();
    for (String name : known) {
      Button open = new Button(clusters, SWT.PUSH);
      open.setText("Connect to " + name);
      open.setImage(Icons.get("cluster"));
      open.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, false, false));
      open.addListener(SWT.Selection, e -> ClusterStart.open(getSite().getShell(), name, null));
      words(clusters, "with the credentials that the command line has here");
    }
    if (known.isEmpty()) words(clusters, "None is known on this machine yet. Connect to one with a token that its administrator gives you.");
  }

  private void step(Composite steps, SanAction action) {
    Button button = new Button(steps, SWT.PUSH);
    button.setText(action.label());
    button.setImage(Icons.get(action.icon()));
    button.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, false, false));
    button.addListener(SWT.Selection, e -> {
      Subject now = nothing();
      if (action.possible(now)) action.run().to(now);
    });
    words(steps, action.describe());
    buttons.put(button, action);
  }

  private Subject nothing() {
    return new Subject(getSite().getWorkbenchWindow(), List.of());
  }

  @Override
  protected void refresh() {
    buttons.forEach((button, action) -> {
      String not = action.whyNot().of(nothing());
      button.setEnabled(not.isEmpty());
      button.setToolTipText(not.isEmpty() ? action.describe() : "Not possible now: " + not);
    });
  }

  @Override
  public void setFocus() {
    clusters.setFocus();
  }

  private record Input() implements IEditorInput {
    @Override
    public boolean exists() {
      return true;
    }

    @Override
    public ImageDescriptor getImageDescriptor() {
      return Icons.descriptor("start");
    }

    @Override
    public String getName() {
      return "Start";
    }

    @Override
    public IPersistableElement getPersistable() {
      return null;
    }

    @Override
    public String getToolTipText() {
      return "Clusters to connect to, and first steps";
    }

    @Override
    public <T> T getAdapter(Class<T> type) {
      return null;
    }
  }
}
