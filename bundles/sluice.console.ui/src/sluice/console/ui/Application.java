package sluice.console.ui;

import org.eclipse.equinox.app.IApplication;
import org.eclipse.equinox.app.IApplicationContext;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.PlatformUI;

/** The console as a program. Its main thread becomes the UI thread. */
public final class Application implements IApplication {
  @Override
  public Object start(IApplicationContext context) {
    String[] arguments = (String[]) context.getArguments().get(IApplicationContext.APPLICATION_ARGS);
    Display display = PlatformUI.createDisplay();
    try {
      StartRequest request = StartRequest.parse(arguments == null ? new String[0] : arguments);
      int code = PlatformUI.createAndRunWorkbench(display, new ConsoleAdvisor(request));
      return code == PlatformUI.RETURN_RESTART ? EXIT_RESTART : EXIT_OK;
    } finally {
      display.dispose();
    }
  }

  @Override
  public void stop() {
    if (!PlatformUI.isWorkbenchRunning()) return;
    IWorkbench workbench = PlatformUI.getWorkbench();
    workbench.getDisplay().syncExec(workbench::close);
  }
}
