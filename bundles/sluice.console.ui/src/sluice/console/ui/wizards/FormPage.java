package sluice.console.ui.wizards;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jface.wizard.WizardPage;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;

/**
 * A page of fields. At the start it asks; what is wrong with a field is told beside it as soon as something is typed, and the
 * first such thing at the top.
 */
abstract class FormPage extends WizardPage {
  private final String prompt;
  private final List<Field> fields = new ArrayList<>();
  private Composite body;

  /** @param wrong null: good; empty: not filled in yet; else what is wrong */
  private record Field(Supplier<String> wrong, Said said) {}

  FormPage(String name, String title, String prompt) {
    super(name, title, null);
    this.prompt = prompt;
    setDescription(prompt);
  }

  @Override
  public final void createControl(Composite parent) {
    body = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout(3, false);
    layout.marginWidth = 12;
    layout.horizontalSpacing = 14;
    layout.verticalSpacing = 8;
    body.setLayout(layout);
    setControl(body);
    fill();
    check();
  }

  /** Makes the fields. */
  abstract void fill();

  /** Something was chosen or typed. */
  void changed() {}

  final Composite body() {
    return body;
  }

  final Text text(String label, String begin, String hint, Function<String, String> wrong) {
    label(label);
    Text text = new Text(body, SWT.BORDER | SWT.SINGLE);
    text.setText(begin);
    text.setMessage(hint);
    text.setLayoutData(wide(text));
    field(() -> wrong.apply(text.getText().strip()));
    text.addListener(SWT.Modify, e -> touched());
    return text;
  }

  final Combo choice(String label, List<String> choices, int begin) {
    label(label);
    Combo combo = new Combo(body, SWT.READ_ONLY | SWT.DROP_DOWN);
    combo.setItems(choices.toArray(String[]::new));
    if (begin >= 0 && begin < choices.size()) combo.select(begin);
    combo.setLayoutData(wide(combo));
    field(() -> combo.getSelectionIndex() < 0 ? "" : null);
    combo.addListener(SWT.Selection, e -> touched());
    return combo;
  }

  final void note(String words) {
    Label note = new Label(body, SWT.WRAP);
    note.setText(words);
    GridData data = new GridData(SWT.FILL, SWT.TOP, true, false, 3, 1);
    data.widthHint = 420;
    note.setLayoutData(data);
  }

  final Label label(String text) {
    Label label = new Label(body, SWT.NONE);
    label.setText(text);
    return label;
  }

  static GridData wide(Control c) {
    GridData data = new GridData(SWT.FILL, SWT.CENTER, true, false);
    data.widthHint = 280;
    return data;
  }

  /** A rule about the control before, with what is said of it beside it. */
  private void field(Supplier<String> wrong) {
    fields.add(new Field(wrong, new Said(body)));
  }

  final void touched() {
    check();
    changed();
  }

  private void check() {
    String first = null;
    boolean complete = true;
    for (Field f : fields) {
      String wrong = f.wrong.get();
      complete &= wrong == null;
      boolean bad = wrong != null && !wrong.isEmpty();
      f.said.say(bad ? "state-failed" : "", bad ? wrong : "");
      if (bad && first == null) first = wrong;
    }
    setErrorMessage(first);
    if (first == null) setDescription(prompt);
    setPageComplete(complete);
  }
}
