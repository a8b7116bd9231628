package sluice.console.ui.wizards;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;
import sluice.console.core.ops.Field;
import sluice.console.core.ops.Finding;
import sluice.console.core.ops.Operation;
import sluice.console.ui.look.Icons;

/** One field of an operation: its label, what is typed or chosen, and beside that what is to be said of it. */
final class FieldRow {
  private static final int WIDTH = 300;

  private final Operation operation;
  private final Runnable touched;
  private final Label label;
  private final Control control;
  private final Said said;
  private Field field;

  /** Takes three columns of the parent's grid. */
  FieldRow(Composite parent, Operation operation, Field field, Runnable touched) {
    this.operation = operation;
    this.field = field;
    this.touched = touched;
    label = new Label(parent, SWT.NONE);
    label.setText(field.kind() == Field.Kind.FLAG ? "" : field.label());
    control = make(parent);
    said = new Said(parent);
    if (control.getLayoutData() == null) {
      GridData wide = new GridData(SWT.FILL, SWT.CENTER, true, false);
      wide.widthHint = WIDTH;
      control.setLayoutData(wide);
    }
    control.getAccessible().addAccessibleListener(new AccessibleAdapter() {
      @Override
      public void getName(AccessibleEvent e) {
        if (e.childID == -1) e.result = FieldRow.this.field.label();
      }

      @Override
      public void getDescription(AccessibleEvent e) {
        if (e.childID == -1) e.result = said.text().isEmpty() ? FieldRow.this.field.hint() : said.text();
      }
    });
  }

  String name() {
    return field.name();
  }

  Control control() {
    return control;
  }

  private Control make(Composite parent) {
    return switch (field.kind()) {
      case FLAG -> flag(parent);
      case CHOICE -> choice(parent);
      case CHOICES -> field.choices().isEmpty() ? text(parent) : choices(parent);
      default -> text(parent);
    };
  }

  private Control flag(Composite parent) {
    Button button = new Button(parent, SWT.CHECK);
    button.setText(field.label());
    button.setSelection(operation.get(field.name()).equals("true"));
    button.addListener(SWT.Selection, e -> set(button.getSelection() ? List.of("true") : List.of()));
    return button;
  }

  private Control text(Composite parent) {
    Text text = new Text(parent, SWT.BORDER | SWT.SINGLE);
    text.setText(String.join(", ", operation.all(field.name())));
    text.setMessage(field.hint());
    text.setToolTipText(field.hint());
    text.addListener(SWT.FocusIn, e -> text.selectAll());
    boolean many = field.kind() == Field.Kind.CHOICES;
    text.addListener(SWT.Modify, e -> {
      String typed = text.getText().strip();
      set(typed.isEmpty() ? List.of() : many ? Arrays.stream(typed.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList() : List.of(typed));
    });
    return text;
  }

  private Control choice(Composite parent) {
    Combo combo = new Combo(parent, SWT.READ_ONLY | SWT.DROP_DOWN);
    fill(combo);
    List<Field.Choice> possible = field.choices().stream().filter(Field.Choice::possible).toList();
    if (field.required() && possible.size() == 1 && combo.getSelectionIndex() < 0) {
      operation.set(field.name(), possible.get(0).value());
      fill(combo);
    }
    combo.addListener(SWT.Selection, e -> {
      String value = offered().get(combo.getSelectionIndex()).value();
      set(value.isEmpty() ? List.of() : List.of(value));
    });
    return combo;
  }

  private List<Field.Choice> offered() {
    if (field.required()) return field.choices();
    List<Field.Choice> all = new ArrayList<>(List.of(new Field.Choice("", "none", "")));
    all.addAll(field.choices());
    return all;
  }

  private void fill(Combo combo) {
    List<Field.Choice> all = offered();
    String[] items = all.stream().map(c -> c.label() + (c.possible() ? "" : "  (" + c.why() + ")")).toArray(String[]::new);
    if (!Arrays.equals(items, combo.getItems())) combo.setItems(items);
    int at = -1;
    for (int i = 0; i < all.size(); i++) if (all.get(i).value().equals(operation.get(field.name()))) at = i;
    if (at < 0) combo.deselectAll();
    else if (combo.getSelectionIndex() != at) combo.select(at);
  }

  private Control choices(Composite parent) {
    Table table = new Table(parent, SWT.CHECK | SWT.BORDER | SWT.V_SCROLL | SWT.FULL_SELECTION);
    GridData data = new GridData(SWT.FILL, SWT.FILL, true, true);
    data.widthHint = WIDTH;
    data.heightHint = 130;
    table.setLayoutData(data);
    fill(table);
    table.addListener(SWT.Selection, e -> {
      List<String> ticked = new ArrayList<>();
      for (TableItem i : table.getItems()) if (i.getChecked()) ticked.add(((Field.Choice) i.getData()).value());
      set(ticked);
    });
    return table;
  }

  private void fill(Table table) {
    List<String> now = field.choices().stream().map(c -> c.label() + c.why()).toList();
    List<String> before = Arrays.stream(table.getItems()).map(i -> ((Field.Choice) i.getData()).label() + ((Field.Choice) i.getData()).why()).toList();
    if (now.equals(before)) return;
    table.removeAll();
    for (Field.Choice c : field.choices()) {
      TableItem item = new TableItem(table, SWT.NONE);
      item.setText(c.label() + (c.possible() ? "" : "  (" + c.why() + ")"));
      item.setImage(Icons.get(c.possible() ? "disk" : "state-offline"));
      item.setData(c);
      item.setChecked(operation.all(field.name()).contains(c.value()));
    }
  }

  private void set(List<String> values) {
    operation.set(field.name(), values);
    touched.run();
  }

  /** The SAN has gone on: there may be other choices. */
  void look(Field now) {
    field = now;
    if (control instanceof Combo combo) fill(combo);
    if (control instanceof Table table) fill(table);
  }

  /** Says what there is to say; what is only not filled in yet is asked for at the top of the page. */
  void say(List<Finding> findings) {
    said.say(findings.stream().filter(f -> f.field().equals(field.name()) && f.kind() != Finding.Kind.PROMPT).findFirst().orElse(null));
  }

  void after(FieldRow before) {
    label.moveBelow(before.said.control());
    control.moveBelow(label);
    said.control().moveBelow(control);
  }

  void dispose() {
    label.dispose();
    control.dispose();
    said.dispose();
  }
}
