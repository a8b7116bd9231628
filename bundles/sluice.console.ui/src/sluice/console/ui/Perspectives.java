package sluice.console.ui;

import org.eclipse.ui.IFolderLayout;
import org.eclipse.ui.IPageLayout;
import org.eclipse.ui.IPerspectiveFactory;

/** The perspectives: the tree at the left and pages in the middle always, what the work needs around them. */
public final class Perspectives {
  static final String TREE = "sluice.console.ui.tree";
  static final String ALERTS = "sluice.console.ui.alerts";
  static final String TASKS = "sluice.console.ui.tasks";
  static final String EVENTS = "sluice.console.ui.events";
  static final String AUDIT = "sluice.console.ui.audit";
  static final String DISK_MAP = "sluice.console.ui.diskmap";
  static final String TOPOLOGY = "sluice.console.ui.topology";
  static final String RECOVERY = "sluice.console.ui.recovery";
  static final String WHAT_IF = "sluice.console.ui.whatif";
  static final String PERFORMANCE = "sluice.console.ui.performance";
  static final String PROPERTIES = "sluice.console.ui.properties";
  static final String LOG = "org.eclipse.pde.runtime.LogView";
  static final String PROGRESS = "org.eclipse.ui.views.ProgressView";

  private Perspectives() {}

  private static void begin(IPageLayout layout) {
    layout.setEditorAreaVisible(true);
    layout.addView(TREE, IPageLayout.LEFT, 0.22f, layout.getEditorArea());
    for (String p : new String[] {"operate", "provision", "recover", "performance", "audit"}) layout.addPerspectiveShortcut("sluice.console.ui." + p);
    for (String v : new String[] {TREE, ALERTS, TASKS, EVENTS, AUDIT, DISK_MAP, TOPOLOGY, RECOVERY, WHAT_IF, PERFORMANCE, PROPERTIES}) layout.addShowViewShortcut(v);
  }

  private static void below(IPageLayout layout, float at, String... views) {
    IFolderLayout folder = layout.createFolder("below", IPageLayout.BOTTOM, at, layout.getEditorArea());
    for (String v : views) folder.addView(v);
  }

  /** Is anything wrong, and what to do about it. */
  public static final class Operate implements IPerspectiveFactory {
    @Override
    public void createInitialLayout(IPageLayout layout) {
      begin(layout);
      below(layout, 0.62f, ALERTS, TASKS, EVENTS, LOG, PROGRESS);
      layout.addView(PROPERTIES, IPageLayout.RIGHT, 0.72f, layout.getEditorArea());
    }
  }

  /** Where there is space, and giving it out. */
  public static final class Provision implements IPerspectiveFactory {
    @Override
    public void createInitialLayout(IPageLayout layout) {
      begin(layout);
      below(layout, 0.5f, DISK_MAP, TASKS, EVENTS, PROGRESS);
    }
  }

  /** What is being rebuilt, and which ways are left. */
  public static final class Recover implements IPerspectiveFactory {
    @Override
    public void createInitialLayout(IPageLayout layout) {
      begin(layout);
      below(layout, 0.5f, RECOVERY, ALERTS, TASKS, DISK_MAP, WHAT_IF);
      layout.addView(TOPOLOGY, IPageLayout.RIGHT, 0.48f, layout.getEditorArea());
    }
  }

  /** How fast it is. */
  public static final class Performance implements IPerspectiveFactory {
    @Override
    public void createInitialLayout(IPageLayout layout) {
      begin(layout);
      below(layout, 0.35f, PERFORMANCE, EVENTS);
    }
  }

  /** Who did what. */
  public static final class Audit implements IPerspectiveFactory {
    @Override
    public void createInitialLayout(IPageLayout layout) {
      begin(layout);
      below(layout, 0.4f, AUDIT, EVENTS);
    }
  }
}
