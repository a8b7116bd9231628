package sluice.console.ui.act;

import java.util.Map;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.runtime.IConfigurationElement;
import org.eclipse.core.runtime.IExecutableExtension;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.commands.IElementUpdater;
import org.eclipse.ui.menus.UIElement;
import sluice.console.ui.look.Icons;

/** The command of one {@link SanAction}: enabled as that says, with its reason as tooltip. */
public final class SanHandler extends AbstractHandler implements IExecutableExtension, IElementUpdater {
  private SanAction action;

  @Override
  public void setInitializationData(IConfigurationElement config, String property, Object data) {
    action = Actions.get(String.valueOf(data));
  }

  @Override
  public void setEnabled(Object context) {
    Subject now = now();
    setBaseEnabled(now != null && action.possible(now));
  }

  @Override
  public Object execute(ExecutionEvent event) {
    Subject now = now();
    if (now != null && action.possible(now)) action.run().to(now);
    return null;
  }

  /** Menu items and buttons say what they do, or why they cannot. */
  @Override
  @SuppressWarnings("rawtypes") // the platform's signature
  public void updateElement(UIElement element, Map parameters) {
    Subject now = now();
    String not = now == null || !action.fits().of(now) ? "" : action.whyNot().of(now);
    element.setTooltip(not.isEmpty() ? action.describe() : action.label() + " is not possible now: " + not);
    element.setIcon(Icons.descriptor(action.icon()));
  }

  private static Subject now() {
    IWorkbenchWindow window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
    // While the window is being made it has no selection yet.
    if (window == null || window.getSelectionService() == null) return null;
    ISelection selection = window.getSelectionService().getSelection();
    return Subject.of(window, selection);
  }
}
