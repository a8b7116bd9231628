package sluice.console.ui.editor;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.layout.RowLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.core.verdict.Verdict;
import sluice.console.core.verdict.Verdicts;
import sluice.console.ui.act.ActionButtons;
import sluice.console.ui.act.Advice;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Icons;
import sluice.console.ui.look.Looks;
import sluice.console.ui.look.Theme;
import sluice.model.Health;
import sluice.model.San;
import sluice.model.SanObject;
import sluice.model.User;

/** What an object's page begins with: how it is, what that means, and the buttons that help. */
final class VerdictPane {
  private final IWorkbenchWindow window;
  private final Composite pane;
  private final Composite bar;
  private final Label kind;
  private final Label name;
  private final Label icon;
  private final Label state;
  private final Label sentence;
  private final ActionButtons buttons;

  VerdictPane(Composite parent, IWorkbenchWindow window) {
    this.window = window;
    pane = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout(2, false);
    layout.marginWidth = layout.marginHeight = 0;
    layout.horizontalSpacing = 0;
    pane.setLayout(layout);
    bar = new Composite(pane, SWT.NONE);
    GridData narrow = new GridData(SWT.FILL, SWT.FILL, false, true);
    narrow.widthHint = 6;
    narrow.heightHint = 20;
    bar.setLayoutData(narrow);
    // The bar's colour is a state's: no theme may paint over it.
    bar.setData("org.eclipse.e4.ui.css.disabled", Boolean.TRUE);
    Composite body = new Composite(pane, SWT.NONE);
    body.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    GridLayout inner = new GridLayout();
    inner.verticalSpacing = 4;
    inner.marginWidth = 10;
    inner.marginHeight = 8;
    body.setLayout(inner);
    Composite title = new Composite(body, SWT.NONE);
    title.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    GridLayout line = new GridLayout(4, false);
    line.marginWidth = line.marginHeight = 0;
    title.setLayout(line);
    kind = new Label(title, SWT.NONE);
    name = new Label(title, SWT.NONE);
    name.setFont(JFaceResources.getHeaderFont());
    name.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    icon = new Label(title, SWT.NONE);
    state = new Label(title, SWT.RIGHT);
    state.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
    sentence = new Label(body, SWT.WRAP);
    GridData wide = new GridData(SWT.FILL, SWT.CENTER, true, false);
    wide.widthHint = 300;
    sentence.setLayoutData(wide);
    buttons = new ActionButtons(body);
    buttons.control().setLayout(new RowLayout(SWT.HORIZONTAL));
    buttons.control().setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
  }

  Control control() {
    return pane;
  }

  void show(ObjectInput input, EObject object) {
    ShownCluster cluster = input.shown().orElse(null);
    if (object == null) {
      write(input.icon(), input.title(), Health.UNKNOWN, cluster == null ? "not connected" : "gone",
          cluster == null ? "There is no connection to " + input.cluster() + "." : "It is not there any more.", List.of());
      return;
    }
    Health health = object instanceof SanObject o ? o.getHealth() : object instanceof San s ? s.getHealth() : Health.HEALTHY;
    Optional<Verdict> verdict = cluster == null ? Optional.empty() : new Verdicts(cluster.view(), ZoneId.systemDefault()).of(input.key());
    String text = verdict.map(v -> v.what() + (v.meaning().isEmpty() ? "" : " " + v.meaning())).orElse("");
    if (verdict.isPresent()) health = verdict.get().health();
    if (object instanceof User u) text = "May act as " + u.getRole().getName().toLowerCase(java.util.Locale.ROOT) + ".";
    boolean current = cluster != null && cluster.connected();
    String since = verdict.filter(v -> v.sinceMs() > 0 && v.health() != Health.HEALTHY).map(v -> "  since " + Format.moment(v.sinceMs())).orElse("");
    String now = verdict.map(Verdict::word).filter(w -> !w.isEmpty()).orElse(Looks.word(health));
    String word = current ? now + since : "stale: was " + now;
    if (!current && cluster != null) text = cluster.staleWords() + (text == null || text.isEmpty() ? "" : " Last known: " + text);
    write(Looks.icon(object), Looks.name(object), current ? health : Health.OFFLINE, word, text == null ? "" : text, Advice.of(window, object));
  }

  private void write(String kindIcon, String title, Health health, String word, String text, List<Advice> advice) {
    kind.setImage(Icons.get(kindIcon));
    set(name, title);
    icon.setImage(word.startsWith("stale") ? Icons.get("state-stale") : Looks.image(health));
    set(state, word);
    Color colour = new Color(Looks.rgb(health, Theme.palette()));
    bar.setBackground(colour);
    state.setForeground(colour);
    boolean more = set(sentence, text);
    more |= buttons.show(advice);
    if (more) pane.getParent().layout(true, true);
  }

  private static boolean set(Label label, String text) {
    String plain = text.replace("&", "&&");
    if (label.getText().equals(plain)) return false;
    label.setText(plain);
    label.requestLayout();
    return true;
  }
}
