package sluice.console.ui;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.core.runtime.IConfigurationElement;
import org.eclipse.core.runtime.IExecutableExtension;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.handlers.HandlerUtil;
import sluice.console.ui.look.Theme;
import sluice.console.ui.views.PropertiesView;
import sluice.console.ui.views.SanTreeView;

/** Commands of the window itself: theme, start page, the tree's filter. */
public final class FrameHandler extends AbstractHandler implements IExecutableExtension {
  private String what = "";

  @Override
  public void setInitializationData(IConfigurationElement config, String property, Object data) {
    what = String.valueOf(data);
  }

  @Override
  public Object execute(ExecutionEvent event) throws ExecutionException {
    IWorkbenchPage page = HandlerUtil.getActiveWorkbenchWindowChecked(event).getActivePage();
    try {
      switch (what) {
        case "theme.dark" -> Theme.use(true);
        case "theme.light" -> Theme.use(false);
        case "start" -> page.openEditor(StartPage.INPUT, StartPage.ID);
        case "properties" -> page.showView(PropertiesView.ID);
        case "filter" -> {
          if (page.showView(SanTreeView.ID) instanceof SanTreeView tree) tree.focusFilter();
        }
        default -> throw new ExecutionException("no command '" + what + "'");
      }
    } catch (PartInitException e) {
      throw new ExecutionException("it could not be shown", e);
    }
    return null;
  }
}
