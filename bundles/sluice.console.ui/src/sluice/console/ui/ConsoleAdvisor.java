package sluice.console.ui;

import org.eclipse.ui.application.IWorkbenchConfigurer;
import org.eclipse.ui.application.IWorkbenchWindowConfigurer;
import org.eclipse.ui.application.WorkbenchAdvisor;
import org.eclipse.ui.application.WorkbenchWindowAdvisor;
import sluice.console.ui.clusters.Clusters;

/** Opens the workbench: windows and views as they were left, then what the command line asked for. */
public class ConsoleAdvisor extends WorkbenchAdvisor {
  private final StartRequest request;

  public ConsoleAdvisor(StartRequest request) {
    this.request = request;
  }

  @Override
  public void initialize(IWorkbenchConfigurer configurer) {
    super.initialize(configurer);
    configurer.setSaveAndRestore(true);
  }

  @Override
  public String getInitialWindowPerspectiveId() {
    return "sluice.console.ui.operate";
  }

  @Override
  public WorkbenchWindowAdvisor createWorkbenchWindowAdvisor(IWorkbenchWindowConfigurer configurer) {
    return new ConsoleWindowAdvisor(configurer, request);
  }

  @Override
  public boolean preShutdown() {
    Clusters.get().closeAll();
    return super.preShutdown();
  }
}
