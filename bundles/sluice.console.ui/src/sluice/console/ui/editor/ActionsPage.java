package sluice.console.ui.editor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.ui.act.Actions;
import sluice.console.ui.act.SanAction;
import sluice.console.ui.act.Subject;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Icons;

/** All that can be done with the object, what each does, and why it is not possible where it is not. */
final class ActionsPage implements ObjectPage {
  /** Those that stand in the list by their own names. */
  private static final List<String> GENERAL = List.of("rename", "remove", "connect");

  private ScrolledComposite scroll;
  private Composite list;
  private IWorkbenchWindow window;
  private final List<Line> lines = new ArrayList<>();
  private Subject subject;

  private record Line(SanAction action, Button button, Label words) {}

  @Override
  public String title() {
    return "Actions";
  }

  @Override
  public String icon() {
    return "provision";
  }

  @Override
  public Control create(Composite parent, Consumer<Object> select, IWorkbenchWindow of) {
    window = of;
    scroll = new ScrolledComposite(parent, SWT.V_SCROLL);
    scroll.setExpandHorizontal(true);
    scroll.setExpandVertical(true);
    list = new Composite(scroll, SWT.NONE);
    GridLayout layout = new GridLayout(2, false);
    layout.marginWidth = 10;
    layout.horizontalSpacing = 14;
    list.setLayout(layout);
    scroll.setContent(list);
    return scroll;
  }

  @Override
  public void show(ShownCluster cluster, EObject object) {
    subject = new Subject(window, List.of(object));
    if (lines.isEmpty()) build();
    boolean other = false;
    for (Line l : lines) {
      String not = l.action.whyNot().of(subject);
      l.button.setEnabled(not.isEmpty());
      String words = l.action.describe() + (not.isEmpty() ? "" : "\nNot now: " + not);
      if (!l.words.getText().equals(words)) {
        l.words.setText(words);
        other = true;
      }
    }
    if (other) {
      list.layout(true, true);
      scroll.setMinSize(list.computeSize(Math.max(100, scroll.getClientArea().width), SWT.DEFAULT));
    }
  }

  private void build() {
    for (SanAction a : Actions.offered(subject)) {
      if (GENERAL.contains(a.id())) continue;
      Button button = new Button(list, SWT.PUSH);
      button.setText(a.label());
      button.setImage(Icons.get(a.icon()));
      button.setLayoutData(new GridData(SWT.FILL, SWT.TOP, false, false));
      button.addListener(SWT.Selection, e -> {
        if (a.possible(subject)) a.run().to(subject);
      });
      Label words = new Label(list, SWT.WRAP);
      GridData wide = new GridData(SWT.FILL, SWT.CENTER, true, false);
      wide.widthHint = 200;
      words.setLayoutData(wide);
      lines.add(new Line(a, button, words));
    }
  }
}
