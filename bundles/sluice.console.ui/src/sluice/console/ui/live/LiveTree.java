package sluice.console.ui.live;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.eclipse.core.runtime.ListenerList;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.ISelectionChangedListener;
import org.eclipse.jface.viewers.ISelectionProvider;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.viewers.SelectionChangedEvent;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;

/**
 * A virtual tree of things that change. Nodes are kept by key: a refresh leaves what is expanded and selected as it is and
 * writes only what differs. UI thread.
 */
public final class LiveTree implements ISelectionProvider {
  private final Tree tree;
  private final ListenerList<ISelectionChangedListener> listeners = new ListenerList<>();
  private final Set<String> expanded = new HashSet<>();
  private List<Node> all = List.of();
  private List<Node> roots = List.of();
  private String filter = "";

  /**
   * @param key of its place in the tree, unique
   * @param object what the selection holds; null: a group, which cannot be acted on
   * @param text what stands there
   * @param detail said after it, in the same line: a state's word
   */
  public record Node(String key, Object object, String text, String detail, Image image, List<Node> children) {
    String line() {
      return detail.isEmpty() ? text : text + "  \u00b7  " + detail;
    }
  }

  public LiveTree(Composite parent) {
    tree = new Tree(parent, SWT.VIRTUAL | SWT.MULTI | SWT.V_SCROLL | SWT.H_SCROLL);
    tree.addListener(SWT.SetData, this::fill);
    tree.addListener(SWT.Selection, e -> tellSelection());
    tree.addListener(SWT.Expand, e -> expanded.add(((Node) e.item.getData()).key()));
    tree.addListener(SWT.Collapse, e -> expanded.remove(((Node) e.item.getData()).key()));
  }

  public Tree control() {
    return tree;
  }

  /** Opens the node from the start. */
  public void expand(String key) {
    expanded.add(key);
  }

  public Set<String> expanded() {
    return Set.copyOf(expanded);
  }

  public void show(List<Node> nodes) {
    all = List.copyOf(nodes);
    roots = filter.isEmpty() ? all : pruned(all);
    if (tree.getItemCount() != roots.size()) tree.setItemCount(roots.size());
    for (int i = 0; i < roots.size(); i++) update(tree.getItem(i), roots.get(i));
  }

  /** Shows what has the words, with its parents, opened. */
  public void filter(String words) {
    filter = words.strip().toLowerCase(Locale.ROOT);
    show(all);
    if (filter.isEmpty()) return;
    // Opened only as far as one sees at a glance: ten thousand hits opened at once help nobody.
    int left = 200;
    for (TreeItem item : tree.getItems()) left = open(item, left);
  }

  private int open(TreeItem item, int left) {
    if (left <= 0) return 0;
    Node node = (Node) item.getData();
    if (node == null || node.children().isEmpty()) return left - 1;
    item.setExpanded(true);
    int rest = left - 1;
    for (int i = 0; i < item.getItemCount() && rest > 0; i++) {
      TreeItem child = item.getItem(i);
      update(child, node.children().get(i));
      rest = open(child, rest);
    }
    return rest;
  }

  private List<Node> pruned(List<Node> nodes) {
    List<Node> kept = new ArrayList<>();
    for (Node n : nodes) {
      if (n.object() != null && n.line().toLowerCase(Locale.ROOT).contains(filter)) {
        kept.add(n);
        continue;
      }
      List<Node> below = pruned(n.children());
      if (!below.isEmpty()) kept.add(new Node(n.key(), n.object(), n.text(), n.detail(), n.image(), below));
    }
    return kept;
  }

  private void fill(Event e) {
    TreeItem item = (TreeItem) e.item;
    TreeItem parent = item.getParentItem();
    List<Node> among = parent == null ? roots : parent.getData() instanceof Node p ? p.children() : List.of();
    if (e.index >= 0 && e.index < among.size()) write(item, among.get(e.index));
  }

  private void update(TreeItem item, Node node) {
    boolean was = item.getData() instanceof Node before && before.key().equals(node.key());
    write(item, node);
    boolean open = expanded.contains(node.key()) && !node.children().isEmpty();
    if (!was && item.getExpanded() != open) item.setExpanded(open);
    if (was && open && !item.getExpanded()) item.setExpanded(true);
    if (!item.getExpanded()) {
      // Closed: what is below is written when it is opened.
      if (item.getItemCount() > 0) item.clearAll(true);
      return;
    }
    for (int i = 0; i < node.children().size(); i++) {
      TreeItem child = item.getItem(i);
      if (child.getData() != null || i < 200) update(child, node.children().get(i));
    }
  }

  private static void write(TreeItem item, Node node) {
    item.setData(node);
    String line = node.line();
    if (!Objects.equals(item.getText(), line)) item.setText(line);
    if (item.getImage() != node.image()) item.setImage(node.image());
    if (item.getItemCount() != node.children().size()) item.setItemCount(node.children().size());
  }

  // ---- selection

  @Override
  public ISelection getSelection() {
    List<Object> objects = new ArrayList<>();
    for (TreeItem i : tree.getSelection()) if (i.getData() instanceof Node n && n.object() != null) objects.add(n.object());
    return new StructuredSelection(objects);
  }

  /** Opens the way to the first object and selects it; tells nobody. */
  @Override
  public void setSelection(ISelection selection) {
    if (!(selection instanceof IStructuredSelection s) || s.isEmpty()) return;
    List<Integer> path = new ArrayList<>();
    if (!find(roots, s.getFirstElement(), path)) return;
    TreeItem item = null;
    List<Node> level = roots;
    for (int index : path) {
      if (item != null && !item.getExpanded()) {
        item.setExpanded(true);
        expanded.add(((Node) item.getData()).key());
      }
      item = item == null ? tree.getItem(index) : item.getItem(index);
      write(item, level.get(index));
      level = level.get(index).children();
    }
    tree.setSelection(item);
    tree.showItem(item);
  }

  private static boolean find(List<Node> nodes, Object wanted, List<Integer> path) {
    for (int i = 0; i < nodes.size(); i++) {
      path.add(i);
      if (wanted.equals(nodes.get(i).object()) || find(nodes.get(i).children(), wanted, path)) return true;
      path.remove(path.size() - 1);
    }
    return false;
  }

  private void tellSelection() {
    SelectionChangedEvent event = new SelectionChangedEvent(this, getSelection());
    for (ISelectionChangedListener l : listeners) l.selectionChanged(event);
  }

  @Override
  public void addSelectionChangedListener(ISelectionChangedListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeSelectionChangedListener(ISelectionChangedListener listener) {
    listeners.remove(listener);
  }
}
