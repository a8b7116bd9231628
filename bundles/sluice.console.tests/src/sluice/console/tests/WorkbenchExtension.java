package sluice.console.tests;

import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.swt.graphics.DeviceData;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import sluice.console.ui.ConsoleAdvisor;
import sluice.console.ui.StartRequest;
import sluice.console.ui.clusters.Credentials;

/** Starts the real workbench once for all tests, on a UI thread of its own; tests stay on the main thread. */
public final class WorkbenchExtension implements BeforeAllCallback, ExtensionContext.Store.CloseableResource {
  private static final long START_SECONDS = 300;

  private Thread ui;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    ExtensionContext.Store store = context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL);
    if (store.get("workbench") != null) return;
    store.put("workbench", this);
    // Nobody's own clusters.
    System.setProperty(Credentials.FOLDER, Files.createTempDirectory("sl-ui").toString());
    CountDownLatch up = new CountDownLatch(1);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    ui = new Thread(() -> {
      // Each image, font and cursor is counted, so that a test can tell what is left behind.
      DeviceData data = new DeviceData();
      data.tracking = true;
      Display display = new Display(data);
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
    if (!up.await(START_SECONDS, TimeUnit.SECONDS) || failed.get() != null) throw new IllegalStateException("the workbench did not start", failed.get());
  }

  @Override
  public void close() throws Exception {
    Display display = PlatformUI.getWorkbench().getDisplay();
    display.syncExec(() -> PlatformUI.getWorkbench().close());
    ui.join(TimeUnit.SECONDS.toMillis(30));
  }
}
