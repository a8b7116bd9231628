package sluice.console.ui;

import org.eclipse.jface.action.ICoolBarManager;
import org.eclipse.swt.graphics.Point;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.application.ActionBarAdvisor;
import org.eclipse.ui.application.IActionBarConfigurer;
import org.eclipse.ui.application.IWorkbenchWindowConfigurer;
import org.eclipse.ui.application.WorkbenchWindowAdvisor;
import org.eclipse.ui.statushandlers.StatusManager;
import org.eclipse.core.runtime.Status;

/** One window: menus and toolbars come from plugin.xml, the start page stands in the middle until there is a cluster. */
final class ConsoleWindowAdvisor extends WorkbenchWindowAdvisor {
  private final StartRequest request;

  ConsoleWindowAdvisor(IWorkbenchWindowConfigurer configurer, StartRequest request) {
    super(configurer);
    this.request = request;
  }

  @Override
  public ActionBarAdvisor createActionBarAdvisor(IActionBarConfigurer configurer) {
    return new ActionBarAdvisor(configurer) {
      @Override
      protected void fillCoolBar(ICoolBarManager coolBar) {
        coolBar.setLockLayout(true);
      }
    };
  }

  @Override
  public void preWindowOpen() {
    IWorkbenchWindowConfigurer c = getWindowConfigurer();
    c.setInitialSize(new Point(1280, 800));
    c.setShowCoolBar(true);
    c.setShowStatusLine(true);
    c.setShowMenuBar(true);
    c.setShowPerspectiveBar(true);
    c.setShowProgressIndicator(true);
    c.setTitle("Sluice");
  }

  @Override
  public void postWindowOpen() {
    try {
      getWindowConfigurer().getWindow().getActivePage().openEditor(StartPage.INPUT, StartPage.ID);
    } catch (PartInitException e) {
      StatusManager.getManager().handle(Status.error("The start page could not be opened.", e));
    }
  }
}
