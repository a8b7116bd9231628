package sluice.server;

import java.util.Optional;
import java.util.function.BiConsumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.SluiceException;
import sluice.api.block.DiskOpener;
import sluice.catalog.ratis.RatisCatalogEngine;
import sluice.local.BundleControl;
import sluice.server.disks.DiskAccess;
import sluice.telemetry.log.LogSetup;

/**
 * The server as a component: starts it with the framework's properties if the program is a server
 * ({@code sluice.program=server}), and tells the launcher, a {@code BiConsumer} service with
 * {@code sluice.launch=true}, "ready" or "failed:EXITCODE" with words for people.
 */
@Component(immediate = true, service = {})
public final class ServerComponent {
  private static final Logger LOG = LoggerFactory.getLogger(ServerComponent.class);

  private final DiskAccess disks = new DiskAccess();
  private Thread starting;
  private Server server;
  private boolean stopped;

  /** Openers come with their bundles and go when those are exchanged; open disks see that as a failure and are opened anew. */
  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addOpener(DiskOpener opener) {
    disks.add(opener);
  }

  void removeOpener(DiskOpener opener) {
    disks.remove(opener);
  }

  /** Starting takes a second or two, reads disks and may fail: on a thread of its own, not on the component runtime's. */
  @Activate
  void activate(BundleContext context) {
    if (!"server".equals(context.getProperty("sluice.program"))) return;
    starting = new Thread(() -> start(context), "sluice-start");
    starting.start();
  }

  private void start(BundleContext context) {
    try {
      String software = "sluice-server " + context.getBundle().getVersion().toString().replaceAll("^(\\d+\\.\\d+\\.\\d+).*", "$1");
      ServerSettings settings = ServerSettings.of(context::getProperty, software);
      Server started = Server.start(settings, disks, dir -> {
        // Not before: now the folder is locked, and the log in it is nobody else's.
        LogSetup.apply(settings.dir(), "server");
        RatisCatalogEngine engine = RatisCatalogEngine.open(dir);
        return new EngineOpener.Opened(engine, () -> engine.failure().map(Throwable::getMessage));
      }, new BundleControl(context)::over, () -> stopFramework(context));
      if (!keep(started)) return;
      report(context, "ready", started.describe());
    } catch (RuntimeException | LinkageError e) {
      // To the file only: people are told below, once, and without a stack trace.
      LOG.info("the server could not start", e);
      SluiceException told = Server.readable(e);
      String text = told.getMessage() + (told.correction().isEmpty() ? "" : "\n  " + told.correction());
      report(context, "failed:" + told.code().exitCode(), text);
    }
  }

  /** False if the component has been stopped while the server was starting. */
  private boolean keep(Server started) {
    synchronized (this) {
      if (!stopped) {
        server = started;
        return true;
      }
    }
    started.close();
    return false;
  }

  private static void report(BundleContext context, String state, String text) {
    find(context).ifPresentOrElse(launcher -> launcher.accept(state, text), () -> LOG.info("{}: {}", state, text));
  }

  @SuppressWarnings("unchecked")
  private static Optional<BiConsumer<String, String>> find(BundleContext context) {
    try {
      for (ServiceReference<?> r : context.getServiceReferences(BiConsumer.class, "(sluice.launch=true)")) {
        return Optional.ofNullable((BiConsumer<String, String>) context.getService(r));
      }
    } catch (InvalidSyntaxException | IllegalStateException e) {
      LOG.debug("no launcher: {}", e.getMessage());
    }
    return Optional.empty();
  }

  private static void stopFramework(BundleContext context) {
    Thread stop = new Thread(() -> {
      try {
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).stop();
      } catch (BundleException | IllegalStateException e) {
        LOG.warn("the framework does not stop: {}", e.getMessage());
      }
    }, "sluice-stop");
    stop.setDaemon(true);
    stop.start();
  }

  @Deactivate
  void deactivate() {
    Server running;
    synchronized (this) {
      stopped = true;
      running = server;
      server = null;
    }
    if (running != null) running.close();
  }
}
