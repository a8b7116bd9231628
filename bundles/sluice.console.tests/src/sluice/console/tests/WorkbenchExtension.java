package sluice.console.tests;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import sluice.console.ui.ConsoleAdvisor;
import sluice.console.ui.StartRequest;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts the real workbench once per test JVM on its own UI thread; tests stay on the main thread. */
public class WorkbenchExtension implements BeforeAllCallback, ExtensionContext.Store.CloseableResource {
  private Thread ui;

  @Override
  public void beforeAll(ExtensionContext ctx) throws Exception {
    if (ctx.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).get("workbench") != null) {
      return;
    }
    ctx.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).put("workbench", this);
    CountDownLatch up = new CountDownLatch(1);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    ui = new Thread(() -> {
      Display display = PlatformUI.createDisplay();
      try {
        PlatformUI.createAndRunWorkbench(display, new ConsoleAdvisor(StartRequest.NONE) {
          @Override
          public void postStartup() {
            super.postStartup();
            up.countDown();
          }
        });
      } catch (Throwable t) {
        failed.set(t);
        up.countDown();
      } finally {
        display.dispose();
      }
    }, "SWT UI");
    ui.start();
    if (!up.await(60, TimeUnit.SECONDS) || failed.get() != null) {
      throw new IllegalStateException("workbench did not start", failed.get());
    }
  }

  @Override
  public void close() throws Exception {
    Display d = PlatformUI.getWorkbench().getDisplay();
    d.syncExec(() -> PlatformUI.getWorkbench().close());
    ui.join(10_000);
  }
}
