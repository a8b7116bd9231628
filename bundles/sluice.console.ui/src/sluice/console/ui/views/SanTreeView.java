package sluice.console.ui.views;

import java.util.Arrays;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.ui.IMemento;
import org.eclipse.ui.IViewSite;
import org.eclipse.ui.PartInitException;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.editor.ObjectEditor;
import sluice.console.ui.live.LiveTree;

/** All that the clusters are made of, with states that climb to the parents. */
public final class SanTreeView extends LiveView {
  public static final String ID = "sluice.console.ui.tree";
  private static final String EXPANDED = "expanded";

  private final SanNodes nodes = new SanNodes();
  private IMemento memento;
  private Text filter;
  private LiveTree tree;

  @Override
  public void init(IViewSite site, IMemento saved) throws PartInitException {
    super.init(site, saved);
    memento = saved;
  }

  @Override
  void create(Composite parent) {
    GridLayout layout = new GridLayout();
    layout.marginWidth = layout.marginHeight = 0;
    layout.verticalSpacing = 2;
    parent.setLayout(layout);
    filter = new Text(parent, SWT.SEARCH | SWT.ICON_SEARCH | SWT.ICON_CANCEL);
    filter.setMessage("filter by name or state (Ctrl+F)");
    filter.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    filter.getAccessible().addAccessibleListener(name("Filter of the tree"));
    tree = new LiveTree(parent);
    tree.control().setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    tree.control().getAccessible().addAccessibleListener(name("Clusters and what they are made of"));
    filter.addListener(SWT.Modify, e -> tree.filter(filter.getText()));
    filter.addListener(SWT.KeyDown, e -> {
      if (e.keyCode == SWT.ARROW_DOWN) tree.control().setFocus();
      if (e.keyCode == SWT.ESC) filter.setText("");
    });
    tree.control().addListener(SWT.DefaultSelection, e -> open((TreeItem) e.item));
    String saved = memento == null ? null : memento.getString(EXPANDED);
    if (saved != null) Arrays.stream(saved.split("\n")).forEach(tree::expand);
    selects(tree, tree.control());
  }

  static AccessibleAdapter name(String name) {
    return new AccessibleAdapter() {
      @Override
      public void getName(AccessibleEvent e) {
        if (e.childID == -1) e.result = name;
      }
    };
  }

  private void open(TreeItem item) {
    if (!(item.getData() instanceof LiveTree.Node node)) return;
    if (node.object() != null) ObjectEditor.open(getSite().getPage(), node.object());
    else item.setExpanded(!item.getExpanded());
  }

  @Override
  void refresh() {
    for (String key : nodes.openAtFirst(Clusters.get().sans())) tree.expand(key);
    tree.show(nodes.of(Clusters.get().sans()));
  }

  @Override
  void reveal(IStructuredSelection selection) {
    if (!tree.getSelection().equals(selection)) tree.setSelection(selection);
  }

  /** Puts the caret into the filter. */
  public void focusFilter() {
    filter.setFocus();
    filter.selectAll();
  }

  @Override
  public void setFocus() {
    tree.control().setFocus();
  }

  @Override
  public void saveState(IMemento to) {
    to.putString(EXPANDED, String.join("\n", tree.expanded()));
  }
}
