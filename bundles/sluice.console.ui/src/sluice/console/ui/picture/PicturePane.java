package sluice.console.ui.picture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CTabFolder;
import org.eclipse.swt.custom.CTabItem;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.ToolBar;
import org.eclipse.swt.widgets.ToolItem;
import sluice.console.core.scene.Scene;
import sluice.console.core.view.ObjectKey;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.look.Icons;

/** A picture and, as its other tab, its table; both can be saved. */
public final class PicturePane {
  private final CTabFolder folder;
  private final SceneCanvas canvas;
  private final String name;
  private LiveTable<Row> table;

  private record Row(int number, List<String> cells) {}

  public PicturePane(Composite parent, String name, Consumer<ObjectKey> clicked) {
    this.name = name;
    folder = new CTabFolder(parent, SWT.BOTTOM | SWT.FLAT);
    canvas = new SceneCanvas(folder, name, clicked);
    CTabItem picture = new CTabItem(folder, SWT.NONE);
    picture.setText("Picture");
    picture.setControl(canvas);
    folder.setSelection(0);
    folder.addListener(SWT.Selection, e -> showTable());
    ToolBar save = new ToolBar(folder, SWT.FLAT);
    tool(save, "png", "Save the picture as PNG", this::savePicture);
    tool(save, "csv", "Save the table as CSV", this::saveTable);
    folder.setTopRight(save);
  }

  private static void tool(ToolBar bar, String icon, String tip, Runnable run) {
    ToolItem item = new ToolItem(bar, SWT.PUSH);
    item.setImage(Icons.get(icon));
    item.setToolTipText(tip);
    item.addListener(SWT.Selection, e -> run.run());
  }

  public Control control() {
    return folder;
  }

  /** How wide a scene may be. */
  public double room() {
    return canvas.room();
  }

  public void select(ObjectKey key) {
    canvas.select(key);
  }

  public void setFocus() {
    if (folder.getSelectionIndex() == 0) canvas.setFocus();
    else if (table != null) table.control().setFocus();
  }

  /** Where an object is in the picture, in its canvas; for who clicks it. */
  public Optional<Rectangle> place(ObjectKey key) {
    return canvas.place(key);
  }

  public Control canvas() {
    return canvas;
  }

  /** What is shown. */
  public Scene scene() {
    return canvas.scene();
  }

  /** Says why there is no picture. */
  public void nothing(String why) {
    canvas.show(SceneCanvas.NOTHING, new ScenePainter.Labels(0, i -> ""), false, why);
  }

  void show(Scene scene, ScenePainter.Labels labels, boolean stale, String nothing) {
    canvas.show(scene, labels, stale, nothing);
    if (table == null && !scene.table().columns().isEmpty()) makeTable(scene.table().columns());
    if (folder.getSelectionIndex() == 1) showTable();
  }

  private void makeTable(List<String> columns) {
    table = new LiveTable<>(folder, Row::number);
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      table.column(columns.get(i), 130, r -> column < r.cells.size() ? r.cells.get(column) : "", null);
    }
    table.control().getAccessible().addAccessibleListener(new org.eclipse.swt.accessibility.AccessibleAdapter() {
      @Override
      public void getName(org.eclipse.swt.accessibility.AccessibleEvent e) {
        if (e.childID == -1) e.result = name + ", in words";
      }
    });
    CTabItem words = new CTabItem(folder, SWT.NONE);
    words.setText("Table");
    words.setControl(table.control());
  }

  private void showTable() {
    if (table == null || folder.getSelectionIndex() != 1) return;
    List<Row> rows = new ArrayList<>();
    for (List<String> cells : canvas.scene().table().rows()) rows.add(new Row(rows.size(), cells));
    table.rows(rows);
  }

  private void savePicture() {
    Path file = ask("*.png", ".png");
    if (file == null) return;
    Rectangle area = canvas.getClientArea();
    Image image = new Image(canvas.getDisplay(), Math.max(1, area.width), Math.max(1, area.height));
    GC gc = new GC(image);
    try {
      canvas.print(gc);
      ImageLoader loader = new ImageLoader();
      loader.data = new ImageData[] {image.getImageData()};
      loader.save(file.toString(), SWT.IMAGE_PNG);
    } catch (RuntimeException e) {
      MessageDialog.openError(canvas.getShell(), "Save the picture", "It could not be written to " + file + ": " + e.getMessage() + ". Choose another folder.");
    } finally {
      gc.dispose();
      image.dispose();
    }
  }

  private void saveTable() {
    Path file = ask("*.csv", ".csv");
    if (file == null) return;
    try {
      Files.writeString(file, canvas.scene().table().csv(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      MessageDialog.openError(canvas.getShell(), "Save the table", "It could not be written to " + file + ": " + e.getMessage() + ". Choose another folder.");
    }
  }

  private Path ask(String filter, String ending) {
    FileDialog dialog = new FileDialog(canvas.getShell(), SWT.SAVE);
    dialog.setFilterExtensions(new String[] {filter});
    dialog.setFileName(name.toLowerCase(java.util.Locale.ROOT).replace(' ', '-') + ending);
    dialog.setOverwrite(true);
    String chosen = dialog.open();
    return chosen == null ? null : Path.of(chosen);
  }
}
