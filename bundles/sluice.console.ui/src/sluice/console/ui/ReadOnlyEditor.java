package sluice.console.ui;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorSite;
import org.eclipse.ui.part.EditorPart;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.live.Pulse;

/** A page in the middle that shows what the clusters are at the moment. There is nothing to save: the server keeps it all. */
public abstract class ReadOnlyEditor extends EditorPart {
  private final Runnable changed = this::mark;
  private Pulse.Beat beat;

  @Override
  public void init(IEditorSite site, IEditorInput input) {
    setSite(site);
    setInput(input);
    setPartName(input.getName());
  }

  @Override
  public final void createPartControl(Composite parent) {
    create(parent);
    beat = Pulse.here().of(parent, this::refresh);
    Clusters.get().addListener(changed);
    refresh();
  }

  /** Makes its widgets. */
  protected abstract void create(Composite parent);

  /** Writes anew what differs. */
  protected abstract void refresh();

  private void mark() {
    if (beat != null) beat.mark();
  }

  @Override
  public void dispose() {
    Clusters.get().removeListener(changed);
    super.dispose();
  }

  @Override
  public final void doSave(IProgressMonitor monitor) {
    // There is nothing to save.
  }

  @Override
  public final void doSaveAs() {
    // As for doSave.
  }

  @Override
  public final boolean isDirty() {
    return false;
  }

  @Override
  public final boolean isSaveAsAllowed() {
    return false;
  }
}
