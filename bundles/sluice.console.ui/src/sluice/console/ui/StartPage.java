package sluice.console.ui;

import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorSite;
import org.eclipse.ui.IPersistableElement;
import org.eclipse.ui.part.EditorPart;
import sluice.client.Profiles;

/** What the console opens on. */
public final class StartPage extends EditorPart {
  public static final String ID = "sluice.console.ui.start";
  static final IEditorInput INPUT = new Input();

  @Override
  public void init(IEditorSite site, IEditorInput input) {
    setSite(site);
    setInput(input);
    setPartName("Start");
  }

  @Override
  public void createPartControl(Composite parent) {
    Composite page = new Composite(parent, SWT.NONE);
    page.setLayout(new GridLayout());
    new Label(page, SWT.NONE).setText("Sluice");
    List<String> clusters = Profiles.standard().list();
    new Label(page, SWT.NONE).setText(clusters.isEmpty() ? "No cluster is known on this machine yet." : "Known clusters: " + String.join(", ", clusters));
  }

  @Override
  public void setFocus() {}

  @Override
  public void doSave(IProgressMonitor monitor) {}

  @Override
  public void doSaveAs() {}

  @Override
  public boolean isDirty() {
    return false;
  }

  @Override
  public boolean isSaveAsAllowed() {
    return false;
  }

  private record Input() implements IEditorInput {
    @Override
    public boolean exists() {
      return true;
    }

    @Override
    public ImageDescriptor getImageDescriptor() {
      return null;
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
