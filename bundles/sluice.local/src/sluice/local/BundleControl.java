package sluice.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.LocalBundle;
import sluice.protocol.v1.LocalBundleAction;
import sluice.protocol.v1.LocalBundleList;
import sluice.protocol.v1.LocalCheck;
import sluice.protocol.v1.LocalReply;

/**
 * Lists and exchanges Sluice's bundles while the program runs. Actions run one at a time, on the caller's thread, and
 * return when the bundle has started or stopped and its dependents have been rewired.
 *
 * <p>What holds the rest together cannot be exchanged alone; {@link ExchangeRules} says which bundles, and why.
 */
public final class BundleControl {
  private static final Logger LOG = LoggerFactory.getLogger(BundleControl.class);

  private final BundleContext context;
  private final BundleRefresh refresh;

  /**
   * @param context of the bundle that is the program (the agent's or the server's), whose framework this controls; an
   *     update that would restart that bundle is refused
   */
  public BundleControl(BundleContext context) {
    this.context = context;
    refresh = new BundleRefresh(context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class));
  }

  /** A handler that does bundle calls here and leaves all others to {@code rest}. */
  public LocalHandler over(LocalHandler rest) {
    return call -> {
      switch (call.getBodyCase()) {
        case BUNDLES:
          return LocalReply.newBuilder().setBundles(list()).build();
        case BUNDLE_ACTION:
          act(call.getBundleAction());
          return LocalReply.newBuilder().setDone(Done.getDefaultInstance()).build();
        case HEALTH:
          return withBundles(rest.handle(call));
        default:
          return rest.handle(call);
      }
    };
  }

  /** A program is not whole while one of its bundles stands still, whatever it says of itself. */
  private LocalReply withBundles(LocalReply reply) {
    if (!reply.hasHealth()) return reply;
    List<String> stopped = new ArrayList<>();
    for (Bundle b : context.getBundles()) if (name(b).startsWith("sluice.") && !isStarted(b) && !isFragment(b)) stopped.add(name(b));
    if (stopped.isEmpty()) return reply;
    stopped.sort(Comparator.naturalOrder());
    LocalCheck check = LocalCheck.newBuilder().setName("bundles").setGood(false).setText("stopped: " + String.join(", ", stopped)).build();
    return reply.toBuilder().setHealth(reply.getHealth().toBuilder().setHealthy(false).addChecks(check)).build();
  }

  private static boolean isFragment(Bundle b) {
    return (b.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
  }

  /** Every bundle, by name. */
  public LocalBundleList list() {
    LocalBundleList.Builder all = LocalBundleList.newBuilder();
    List<Bundle> bundles = new ArrayList<>(List.of(context.getBundles()));
    bundles.sort(Comparator.comparing(BundleControl::name).thenComparing(Bundle::getBundleId));
    for (Bundle b : bundles) {
      all.addBundles(LocalBundle.newBuilder()
          .setId(b.getBundleId()).setName(name(b)).setVersion(b.getVersion().toString()).setState(state(b.getState())));
    }
    return all.build();
  }

  /**
   * Starts, stops or updates one bundle.
   *
   * @throws SluiceException NOT_FOUND, INVALID_ARGUMENT or FORBIDDEN (with the reason) before anything is changed;
   *     CONFLICT if the framework refuses; IO if the new jar cannot be read
   */
  public synchronized void act(LocalBundleAction action) {
    Bundle bundle = find(action.getName());
    ExchangeRules.checkOwn(name(bundle));
    switch (action.getAction()) {
      case START -> framework(bundle, "start", bundle::start);
      case STOP -> {
        ExchangeRules.check(name(bundle), "stop");
        ExchangeRules.checkStop(name(bundle), name(context.getBundle()));
        ExchangeRules.checkNeeded(name(bundle), refresh.restarts(bundle));
        framework(bundle, "stop", bundle::stop);
      }
      case UPDATE -> {
        ExchangeRules.check(name(bundle), "update");
        update(bundle, action.getLocation());
      }
      default -> throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "no such action on a bundle", "",
          "start, stop or update", action.getName());
    }
    LOG.info("bundle {} {}: {} is {}", bundle.getBundleId(), action.getAction(), bundle, state(bundle.getState()));
  }

  private void update(Bundle bundle, String location) {
    String name = name(bundle);
    ExchangeRules.checkDependents(name, refresh.restarts(bundle), List.of(name(context.getBundle())));
    boolean ran = isStarted(bundle);
    if (location.isEmpty()) {
      framework(bundle, "update", bundle::update);
    } else {
      Path jar = Path.of(location);
      ExchangeRules.checkJar(jar, name);
      framework(bundle, "update", () -> {
        try (InputStream in = Files.newInputStream(jar)) {
          bundle.update(in);
        } catch (IOException e) {
          throw ExchangeRules.unreadable(e, jar);
        }
      });
    }
    // until the packages are refreshed, dependents go on with the classes of the old version
    refresh.refresh(bundle);
    if (ran && !isStarted(bundle)) framework(bundle, "start the new version of", bundle::start);
  }

  /** STARTING is the state of a bundle that is started and whose first class has not been asked for yet. */
  private static boolean isStarted(Bundle bundle) {
    return (bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0;
  }

  private interface Step {
    void run() throws BundleException;
  }

  private void framework(Bundle bundle, String verb, Step step) {
    try {
      step.run();
    } catch (BundleException | IllegalStateException e) {
      LOG.warn("bundle {}: {} failed", bundle, verb, e);
      throw new SluiceException(e, ErrorCode.CONFLICT, "cannot " + verb + " " + name(bundle),
          String.valueOf(e.getMessage()), "see the program's log; an update with the earlier jar goes back",
          List.of(name(bundle)));
    }
  }

  private Bundle find(String name) {
    Bundle found = null;
    for (Bundle b : context.getBundles()) if (name.equals(b.getSymbolicName())) found = b;
    if (found != null) return found;
    throw new SluiceException(ErrorCode.NOT_FOUND, "no bundle is called '" + name + "'", "",
        "list the bundles for their names", name);
  }

  private static String name(Bundle b) {
    return b.getSymbolicName() == null ? b.getLocation() : b.getSymbolicName();
  }

  /** The framework's word for a state. */
  static String state(int state) {
    return switch (state) {
      case Bundle.UNINSTALLED -> "uninstalled";
      case Bundle.INSTALLED -> "installed";
      case Bundle.RESOLVED -> "resolved";
      case Bundle.STARTING -> "starting";
      case Bundle.STOPPING -> "stopping";
      case Bundle.ACTIVE -> "active";
      default -> "unknown";
    };
  }
}
