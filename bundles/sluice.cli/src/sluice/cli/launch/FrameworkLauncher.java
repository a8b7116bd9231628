package sluice.cli.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Runs one program until it is told to stop: starts the framework in this JVM, waits for the composition's report,
 * then for the framework's end. Main thread.
 */
public final class FrameworkLauncher {
  /** A big catalog's log takes seconds to replay, not minutes: whoever has said nothing by then hangs. */
  private static final long REPORT_SECONDS = 120;
  /** What systemd and people wait for; bounded so that a stuck bundle cannot keep a machine from going down. */
  static final long STOP_MS = 10_000;

  private final Roles role;
  private final Path dir;
  private final PluginFolder folder;
  private final PrintWriter out;

  public FrameworkLauncher(Roles role, Path dir, PluginFolder folder, PrintWriter out) {
    this.role = role;
    this.dir = dir.toAbsolutePath().normalize();
    this.folder = folder;
    this.out = out;
  }

  /**
   * Returns 0 after an orderly stop.
   *
   * @param settings framework properties for the composition, {@code sluice.program} excepted
   * @throws SluiceException if the program could not be started
   */
  public int run(Map<String, String> settings) {
    List<String> named = new ArrayList<>(Roles.INFRASTRUCTURE);
    named.addAll(role.compositions());
    List<PluginJar> wanted = BundleClosure.of(folder.bundles(), named, folder.path().toString());
    ProgramDir.prepare(dir);
    Path storage = dir.resolve("osgi");
    try (StorageLock lock = StorageLock.take(storage, role.program())) {
      StartLogging.prepare(storage, settings);
      return run(storage, settings, wanted);
    }
  }

  private int run(Path storage, Map<String, String> settings, List<PluginJar> wanted) {
    Framework framework = create(properties(storage, settings));
    OrderlyStop stop = new OrderlyStop(framework);
    LaunchReport report = new LaunchReport();
    try {
      framework.init();
      framework.getBundleContext().addFrameworkListener(new FrameworkLog(dir));
      new InstalledBundles(framework.getBundleContext(), storage).reconcile(wanted);
      register(framework, report);
      Runtime.getRuntime().addShutdownHook(stop);
      framework.start();
      LaunchReport.Outcome outcome = await(framework, report);
      if (outcome.exitCode() != 0) throw new ProgramFailed(outcome.exitCode(), outcome.text());
      // The word is what scripts wait for.
      out.println(outcome.text().startsWith("ready") ? outcome.text() : "ready: " + outcome.text());
      out.flush();
      framework.waitForStop(0);
      if (report.end().exitCode() != 0) throw new ProgramFailed(report.end().exitCode(), report.end().text());
      return 0;
    } catch (BundleException | IOException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    } finally {
      stop.now();
    }
  }

  private Map<String, String> properties(Path storage, Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("sluice.program", role.program());
    all.put("org.osgi.framework.storage", storage.toString());
    all.put("org.osgi.framework.startlevel.beginning", Integer.toString(Roles.LAST_LEVEL));
    // Bundles see the whole JDK, whether they import its packages or not, and what they import of each other; nothing
    // of the class path that the command line runs on.
    all.put("org.osgi.framework.bundle.parent", "ext");
    all.put("osgi.compatibility.bootdelegation", "true");
    all.put("osgi.instance.area", "@none");
    all.put("osgi.user.area", "@none");
    all.put("eclipse.consoleLog", "false");
    // FrameworkLog takes its place.
    all.put("eclipse.log.enabled", "false");
    return all;
  }

  private static Framework create(Map<String, String> properties) {
    FrameworkFactory factory = ServiceLoader.load(FrameworkFactory.class).findFirst()
        .orElseThrow(() -> PluginFolder.broken("the class path", "there is no OSGi framework on it"));
    return factory.newFramework(properties);
  }

  private static void register(Framework framework, LaunchReport report) {
    Hashtable<String, Object> marks = new Hashtable<>();
    marks.put(LaunchReport.PROPERTY, "true");
    framework.getBundleContext().registerService(BiConsumer.class, report, marks);
  }

  private LaunchReport.Outcome await(Framework framework, LaunchReport report) throws InterruptedException {
    failIfNotStarted(framework);
    for (long second = 0; second < REPORT_SECONDS; second++) {
      try {
        return report.outcome().get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        if (framework.getState() != Bundle.ACTIVE) throw silent("it was stopped while it started");
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    throw silent("it has not said how its start went for " + REPORT_SECONDS + " s");
  }

  private SluiceException silent(String why) {
    return new SluiceException(ErrorCode.TIMEOUT, "the " + role.program() + " did not start", why,
        "look into " + dir.resolve("log") + " for what it was doing", dir.toString());
  }

  private SluiceException failed(Exception e) {
    return new SluiceException(e, e instanceof IOException ? ErrorCode.IO : ErrorCode.INTERNAL,
        "the " + role.program() + "'s bundles could not be started", String.valueOf(e.getMessage()),
        "install Sluice again; if it stays, remove " + dir.resolve("osgi") + ", which holds nothing but a copy",
        List.of(dir.toString()));
  }

  /** A composition that does not start will never report, so there is no use waiting for it. */
  private void failIfNotStarted(Framework framework) {
    for (Bundle bundle : framework.getBundleContext().getBundles()) {
      String name = bundle.getSymbolicName();
      boolean needed = role.compositions().contains(name) || Roles.INFRASTRUCTURE.contains(name);
      if (!needed || bundle.getState() >= Bundle.STARTING) continue;
      try {
        // The framework has told its listeners why; to ask once more gives the reason here.
        bundle.start(Bundle.START_ACTIVATION_POLICY);
      } catch (BundleException e) {
        throw PluginFolder.broken(name, String.valueOf(e.getMessage()).strip());
      }
    }
  }
}
