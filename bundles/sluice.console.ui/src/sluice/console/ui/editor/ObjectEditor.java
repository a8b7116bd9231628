package sluice.console.ui.editor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.Status;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.ISelectionChangedListener;
import org.eclipse.jface.viewers.ISelectionProvider;
import org.eclipse.jface.viewers.SelectionChangedEvent;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CTabFolder;
import org.eclipse.swt.custom.CTabItem;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorSite;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.statushandlers.StatusManager;
import sluice.console.ui.ReadOnlyEditor;
import sluice.console.ui.look.Icons;
import sluice.console.ui.look.Looks;
import sluice.model.SanObject;

/** An object's pages. */
public final class ObjectEditor extends ReadOnlyEditor {
  public static final String ID = "sluice.console.ui.object";

  private final List<ObjectPage> pages = new ArrayList<>();
  private final Selecting selecting = new Selecting();
  private VerdictPane verdict;
  private CTabFolder folder;

  /** Opens the object's page, or shows it if it is open. */
  public static void open(IWorkbenchPage page, Object object) {
    open(page, object, null);
  }

  /** @param tab title of the tab to show; null: as it was */
  public static void open(IWorkbenchPage page, Object object, String tab) {
    Optional<ObjectInput> input = ObjectInput.of(object);
    if (input.isEmpty()) return;
    try {
      if (page.openEditor(input.get(), ID) instanceof ObjectEditor e && tab != null) e.show(tab);
    } catch (PartInitException e) {
      StatusManager.getManager().handle(Status.error("The page of " + Looks.name(object) + " could not be opened.", e));
    }
  }

  @Override
  public void init(IEditorSite site, IEditorInput input) {
    super.init(site, input);
    site.setSelectionProvider(selecting);
  }

  private ObjectInput input() {
    return (ObjectInput) getEditorInput();
  }

  @Override
  protected void create(Composite parent) {
    GridLayout layout = new GridLayout();
    layout.marginWidth = layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    parent.setLayout(layout);
    verdict = new VerdictPane(parent, getSite().getWorkbenchWindow());
    verdict.control().setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    folder = new CTabFolder(parent, SWT.BOTTOM | SWT.FLAT);
    folder.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    for (ObjectPage page : Pages.of(input().key().kind())) add(page);
    folder.setSelection(0);
    folder.addListener(SWT.Selection, e -> refresh());
  }

  private void add(ObjectPage page) {
    CTabItem item = new CTabItem(folder, SWT.NONE);
    item.setText(page.title());
    item.setImage(Icons.get(page.icon()));
    item.setControl(page.create(folder, selecting::select, getSite().getWorkbenchWindow()));
    pages.add(page);
  }

  private void show(String tab) {
    for (CTabItem item : folder.getItems()) if (item.getText().equals(tab)) folder.setSelection(item);
    refresh();
  }

  @Override
  protected void refresh() {
    Optional<EObject> object = input().object();
    verdict.show(input(), object.orElse(null));
    if (object.isEmpty()) return;
    EObject o = object.get();
    selecting.own(o);
    setPartName(Looks.name(o));
    setTitleImage(o instanceof SanObject s ? Looks.image(o, s.getHealth(), null) : Icons.get(Looks.icon(o)));
    int index = folder.getSelectionIndex();
    if (index >= 0) pages.get(index).show(input().shown().orElseThrow(), o);
  }

  @Override
  public void setFocus() {
    folder.setFocus();
  }

  /** What is clicked in a page; the page's own object until then. */
  private static final class Selecting implements ISelectionProvider {
    private final List<ISelectionChangedListener> listeners = new ArrayList<>();
    private Object own;
    private ISelection selection = StructuredSelection.EMPTY;

    void own(Object o) {
      boolean was = selection.isEmpty() || selection.equals(new StructuredSelection(own == null ? List.of() : List.of(own)));
      own = o;
      if (was) selection = new StructuredSelection(o);
    }

    void select(Object o) {
      setSelection(o == null ? new StructuredSelection(own) : new StructuredSelection(o));
    }

    @Override
    public ISelection getSelection() {
      return selection;
    }

    @Override
    public void setSelection(ISelection now) {
      selection = now;
      SelectionChangedEvent event = new SelectionChangedEvent(this, now);
      for (ISelectionChangedListener l : List.copyOf(listeners)) l.selectionChanged(event);
    }

    @Override
    public void addSelectionChangedListener(ISelectionChangedListener l) {
      listeners.add(l);
    }

    @Override
    public void removeSelectionChangedListener(ISelectionChangedListener l) {
      listeners.remove(l);
    }
  }
}
