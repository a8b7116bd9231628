package sluice.cli.launch;

import java.util.function.BiConsumer;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;

/** A composition for tests: reports what its version says, and stops the framework after being ready. */
public final class FakeProgram implements BundleActivator {
  @Override
  public void start(BundleContext context) throws Exception {
    ServiceReference<?> found = context.getServiceReferences(BiConsumer.class, "(sluice.launch=true)").iterator().next();
    @SuppressWarnings("unchecked")
    BiConsumer<String, String> report = (BiConsumer<String, String>) context.getService(found);
    if (context.getProperty("test.fails") != null) {
      report.accept("failed:5", "port 7440 is taken\n  give another one");
      return;
    }
    boolean isolated = classPathIsHidden();
    report.accept("ready", "ready: " + context.getProperty("sluice.program") + " " + context.getBundle().getVersion() + ", " + context.getBundles().length
        + " bundles, dir " + context.getProperty("sluice.agent.dir") + (isolated ? ", isolated" : ", sees the class path"));
    new Thread(() -> end(context)).start();
  }

  private static void end(BundleContext context) {
    try {
      context.getBundle(0).stop();
    } catch (BundleException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean classPathIsHidden() {
    try {
      Class.forName("picocli.CommandLine", false, FakeProgram.class.getClassLoader());
      return false;
    } catch (ClassNotFoundException e) {
      return true;
    }
  }

  @Override
  public void stop(BundleContext context) {
    // Nothing is held.
  }
}
