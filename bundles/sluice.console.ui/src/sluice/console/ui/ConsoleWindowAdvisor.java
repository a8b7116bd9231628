package sluice.console.ui;

import org.eclipse.core.runtime.Status;
import org.eclipse.e4.core.services.events.IEventBroker;
import org.eclipse.e4.ui.workbench.UIEvents;
import org.eclipse.jface.action.ICoolBarManager;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.application.ActionBarAdvisor;
import org.eclipse.ui.application.IActionBarConfigurer;
import org.eclipse.ui.application.IWorkbenchWindowConfigurer;
import org.eclipse.ui.application.WorkbenchWindowAdvisor;
import org.eclipse.ui.statushandlers.StatusManager;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.live.Pulse;

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
    c.setShowStatusLine(false);
    c.setShowMenuBar(true);
    c.setShowPerspectiveBar(true);
    // It would take a second line of the trim for itself; what goes on stands under Tasks and Progress.
    c.setShowProgressIndicator(false);
    c.setTitle("Sluice");
  }

  @Override
  public void postWindowOpen() {
    try {
      getWindowConfigurer().getWindow().getActivePage().openEditor(StartPage.INPUT, StartPage.ID);
    } catch (PartInitException e) {
      StatusManager.getManager().handle(Status.error("The start page could not be opened.", e));
    }
    // What can be done depends on what the clusters are, not on the selection alone.
    IEventBroker broker = PlatformUI.getWorkbench().getService(IEventBroker.class);
    Pulse.Beat enabling = Pulse.here().of(getWindowConfigurer().getWindow().getShell(), () -> broker.post(UIEvents.REQUEST_ENABLEMENT_UPDATE_TOPIC, UIEvents.ALL_ELEMENT_ID));
    Clusters.get().addListener(enabling::mark);
    Shell shell = getWindowConfigurer().getWindow().getShell();
    // Once the window is there: what asks or fails does it in front of it.
    if (request != StartRequest.NONE) shell.getDisplay().asyncExec(() -> ClusterStart.open(shell, request));
  }
}
