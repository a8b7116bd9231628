package sluice.agent;

import java.util.function.BiConsumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Tells the launcher how the start went: a service {@code BiConsumer<String, String>} with the property sluice.launch=true. */
final class LaunchReport {
  private static final Logger LOG = LoggerFactory.getLogger(LaunchReport.class);
  private final BundleContext context;

  LaunchReport(BundleContext context) {
    this.context = context;
  }

  void ready(String text) {
    LOG.info("{}", text);
    accept("ready", text);
  }

  /** What, why and what to do, for people; details of a fault of our own go to the log. */
  void failed(Throwable failure) {
    if (failure instanceof SluiceException e) {
      // below what the console shows: there the launcher says it
      LOG.info("the agent cannot start: {}", e.getMessage());
      String text = e.getMessage() + (e.correction().isEmpty() ? "" : "\n  " + e.correction());
      accept("failed:" + e.code().exitCode(), text);
    } else {
      LOG.error("the agent cannot start", failure);
      accept("failed:" + ErrorCode.INTERNAL.exitCode(), "something went wrong inside Sluice: " + failure.getClass().getSimpleName()
          + "\n  see the agent's log; this is worth a report");
    }
  }

  @SuppressWarnings("unchecked")
  private void accept(String state, String text) {
    try {
      ServiceReference<?>[] launchers = context.getServiceReferences(BiConsumer.class.getName(), "(sluice.launch=true)");
      if (launchers == null) return;
      for (ServiceReference<?> reference : launchers) {
        BiConsumer<String, String> launcher = (BiConsumer<String, String>) context.getService(reference);
        if (launcher != null) launcher.accept(state, text);
        context.ungetService(reference);
      }
    } catch (InvalidSyntaxException | IllegalStateException e) {
      LOG.warn("the launcher cannot be told: {}", e.toString());
    }
  }
}
