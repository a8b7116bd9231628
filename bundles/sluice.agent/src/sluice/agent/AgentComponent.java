package sluice.agent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.agent.volume.RouteProviders;
import sluice.api.block.DiskOpener;
import sluice.api.route.RouteProvider;
import sluice.api.security.TlsIdentity;
import sluice.local.BundleControl;

/**
 * The agent in the framework: does nothing unless the framework property {@code sluice.program} is {@code agent}. Starting may
 * take as long as a server takes to answer, so it has a thread of its own; the launcher hears how it went.
 */
@Component(immediate = true, service = {})
public final class AgentComponent {
  private static final Logger LOG = LoggerFactory.getLogger(AgentComponent.class);
  /** How long a provider that goes waits for what goes by it; then its bundle stops regardless, and requests wait or are in doubt. */
  private static final long DRAIN_SECONDS = 10;
  private static final long SESSION_MILLIS = 5_000;
  private static final long JOIN_MILLIS = 10_000;

  private final RouteProviders providers = new RouteProviders();
  private final List<DiskOpener> openers = new CopyOnWriteArrayList<>();
  private BundleContext context;
  private Thread starter;
  private Agent agent;
  private ServiceRegistration<TlsIdentity> registration;
  private boolean stopping;

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addProvider(RouteProvider provider) {
    providers.added(provider);
  }

  /** Returns when nothing goes by the provider any more, so that its bundle can stop. */
  void removeProvider(RouteProvider provider) {
    try {
      providers.removed(provider).toCompletableFuture().get(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("requests by the {} way are still under way while its bundle stops", provider.kind());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addOpener(DiskOpener opener) {
    openers.add(opener);
  }

  void removeOpener(DiskOpener opener) {
    openers.remove(opener);
  }

  @Activate
  void activate(BundleContext bundleContext) {
    context = bundleContext;
    if (!"agent".equals(context.getProperty("sluice.program"))) return;
    starter = new Thread(this::run, "sluice-agent-start");
    starter.setDaemon(true);
    starter.start();
  }

  private void run() {
    LaunchReport report = new LaunchReport(context);
    Agent starting = null;
    try {
      BundleControl bundles = new BundleControl(context);
      starting = new Agent(AgentConfig.of(context::getProperty), providers, openers, bundles::over, this::stopProgram, why -> {
        report.failed(why);
        stopProgram();
      });
      TlsIdentity identity = starting.identify();
      starting.start();
      if (!take(starting, identity)) {
        starting.close();
        return;
      }
      report.ready(starting.describe(starting.awaitSession(SESSION_MILLIS)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError e) {
      if (starting != null) starting.close();
      if (!Thread.currentThread().isInterrupted()) report.failed(e);
    }
  }

  private synchronized boolean take(Agent started, TlsIdentity identity) {
    if (stopping) return false;
    agent = started;
    registration = context.registerService(TlsIdentity.class, identity, null);
    return true;
  }

  private void stopProgram() {
    new Thread(() -> {
      try {
        context.getBundle(0).stop();
      } catch (BundleException | IllegalStateException e) {
        LOG.error("the framework cannot be stopped: {}", e.toString());
      }
    }, "sluice-agent-stop").start();
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    Agent running;
    synchronized (this) {
      stopping = true;
      running = agent;
      agent = null;
    }
    if (starter != null && running == null) {
      starter.interrupt();
      starter.join(JOIN_MILLIS);
    }
    if (running != null) running.close();
    if (registration != null) registration.unregister();
  }
}
