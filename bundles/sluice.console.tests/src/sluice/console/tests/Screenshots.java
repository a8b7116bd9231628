package sluice.console.tests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.console.core.ops.Operation;
import sluice.console.core.ops.Operations;
import sluice.console.core.ops.Outcome;
import sluice.console.core.ops.Progress;
import sluice.console.core.verdict.Action;
import sluice.console.core.view.ObjectKey;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.Credentials;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.editor.ObjectEditor;
import sluice.console.ui.look.Theme;
import sluice.model.Health;
import sluice.model.HostState;
import sluice.model.San;
import sluice.model.SanObject;
import sluice.model.TaskState;
import sluice.model.Volume;
import sluice.net.HostPort;

/**
 * No test, so it is run only when it is asked for: makes the pictures of docs/screenshots anew, of every perspective, light
 * and dark, small and large, on a cluster in the middle of a rebuild and with a host that is rerouted. Needs a display of
 * 1920x1080 without a window manager, and ImageMagick.
 */
@ExtendWith(WorkbenchExtension.class)
class Screenshots {
  private static final List<String> PERSPECTIVES = List.of("operate", "provision", "recover", "performance", "audit");
  private static final List<Point> SIZES = List.of(new Point(1280, 800), new Point(1920, 1080));
  private static final int DISKS = 5;

  private final UiBot bot = new UiBot();
  private ShownCluster cluster;
  private volatile boolean done;

  @Test
  void ofEveryPerspective() throws Exception {
    Path to = Files.createDirectories(Path.of(System.getProperty("sluice.screenshots")));
    Path config = Path.of(System.getProperty(Credentials.FOLDER));
    try (Lab lab = new Lab(config, DISKS, 400)) {
      cluster = bot.ui(() -> Clusters.get().open("prod", List.of(HostPort.parse(lab.address)), Credentials.profiles().get("prod").identity()));
      bot.waitFor("connected", cluster::connected);
      build(lab);
      Thread load = new Thread(() -> load(lab), "load");
      load.start();
      // Long enough for curves.
      look(10_000);
      trouble(lab);
      // The first window is copied before there is a percentage.
      look(20_000);
      for (boolean dark : new boolean[] {false, true}) {
        bot.run(() -> Theme.use(dark));
        for (Point size : SIZES) for (String p : PERSPECTIVES) picture(lab, to, p, dark, size);
      }
      done = true;
      load.join();
    } finally {
      done = true;
      bot.run(() -> Clusters.get().all().forEach(Clusters.get()::close));
    }
  }

  private Outcome run(Operation o) throws Exception {
    return o.run(cluster.connection(), Progress.none()).get(60, TimeUnit.SECONDS);
  }

  private Operation of(Action action, ObjectKey... keys) {
    return Operations.of(action, cluster.view(), List.of(keys));
  }

  private ObjectKey key(String name) {
    Object[] found = new Object[1];
    bot.waitFor(name, () -> (found[0] = object(name)) != null);
    return Clusters.key((SanObject) found[0]).orElseThrow();
  }

  private SanObject object(String name) {
    San san = cluster.san();
    for (List<? extends SanObject> some : List.of(san.getDisks(), san.getPools(), san.getHosts(), san.getVolumes())) {
      for (SanObject o : some) if (name.equals(o.getName())) return o;
    }
    return null;
  }

  private void build(Lab lab) throws Exception {
    for (int d = 1; d <= DISKS; d++) run(of(Action.ADD_DISKS).set("uris", lab.uri("server", d)).set("name", "d" + d).set("domain", "shelf-" + (char) ('a' + (d - 1) % 3)));
    run(of(Action.CREATE_POOL).set("name", "gold").set("disks", List.of(key("d1").id(), key("d2").id(), key("d3").id(), key("d4").id())));
    run(of(Action.CREATE_POOL).set("name", "silver").set("disks", List.of(key("d5").id())));
    run(of(Action.SET_POOL, key("gold")).set("wait", "1s").set("max", "1500k").set("min", "512k"));
    run(of(Action.CREATE_VOLUME, key("gold")).set("name", "mail").set("size", "280M").set("legs", "2"));
    run(of(Action.CREATE_VOLUME, key("gold")).set("name", "db").set("size", "80M").set("legs", "2"));
    run(of(Action.CREATE_VOLUME, key("silver")).set("name", "scratch").set("size", "60M").set("legs", "1"));
    for (String host : List.of("web1", "db1")) {
      String token = run(of(Action.JOIN_HOST).set("name", host)).secret();
      lab.startHost(host, token);
      bot.waitFor(host, () -> cluster.san().getHosts().stream().anyMatch(h -> host.equals(h.getName()) && h.getState() == HostState.ONLINE));
    }
    attach("mail", "web1");
    attach("scratch", "web1");
    attach("db", "db1");
  }

  private void attach(String volume, String host) throws Exception {
    run(of(Action.ATTACH, key(volume), key(host)));
    bot.waitFor(volume + " is held", () -> ((Volume) object(volume)).getRoutes().stream().anyMatch(r -> r.isHeld() && r.getNbdUri() != null));
  }

  private Volume mail() {
    return (Volume) object("mail");
  }

  private String export(String volume) {
    return bot.ui(() -> ((Volume) object(volume)).getRoutes().get(0).getNbdUri());
  }

  /** Programs on the hosts, until the pictures are made. */
  private void load(Lab lab) {
    List<String> exports = List.of(export("mail"), export("db"), export("scratch"));
    try {
      while (!done) {
        for (String e : exports) lab.run("qemu-io", "-f", "raw", e, "-c", "write -P 7 0 4M", "-c", "read 0 8M", "-c", "write -P 9 8M 2M", "-c", "read 4M 8M");
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A disk dies whose copy is rebuilt, and another host loses its way to a disk. */
  private void trouble(Lab lab) throws Exception {
    String lost = bot.ui(() -> Clusters.name(cluster.san(), mail().getLayout().getSegments().get(0).getLegs().get(1).getColumns().get(0).getDiskId()));
    int number = lost.charAt(1) - '0';
    lab.breakWay("host", 5);
    lab.breakWay("host", number);
    lab.breakWay("server", number);
    bot.waitFor("a rebuild is on its way", () -> cluster.san().getTasks().stream().anyMatch(t -> t.getState() == TaskState.RUNNING && t.getBytesPerSecond() > 0));
    bot.waitFor("a host is rerouted", () -> ((SanObject) object("scratch")).getHealth() == Health.DEGRADED);
  }

  private void picture(Lab lab, Path to, String perspective, boolean dark, Point size) throws Exception {
    bot.run(() -> {
      try {
        IWorkbenchWindow window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
        window.getShell().setMaximized(false);
        fit(window.getShell(), size);
        IWorkbenchPage page = PlatformUI.getWorkbench().showPerspective("sluice.console.ui." + perspective, window);
        page.resetPerspective();
        page.closeAllEditors(false);
        ObjectEditor.open(page, object("mail"), perspective.equals("recover") ? "Layout" : "Overview");
        IViewPart tree = page.showView("sluice.console.ui.tree");
        tree.getSite().getSelectionProvider().setSelection(new StructuredSelection(object("mail")));
      } catch (org.eclipse.core.runtime.CoreException e) {
        throw new IllegalStateException(e);
      }
    });
    look(1800);
    Path file = to.resolve(perspective + (dark ? "-dark" : "-light") + "-" + size.x + "x" + size.y + ".png");
    // What the X server shows, for a picture that SWT takes of its own display is not always the newest.
    if (!lab.run("import", "-window", "root", "-crop", size.x + "x" + size.y + "+0+0", "+repage", "-colors", "250", file.toString())) throw new AssertionError("ImageMagick's import has failed");
  }

  /** SWT takes off what a window manager's frame would take, though there is none. */
  private static void fit(Shell shell, Point size) {
    shell.setBounds(0, 0, size.x, size.y);
    int wide = shell.getClientArea().width;
    int high = shell.toDisplay(0, 0).y + shell.getClientArea().height;
    shell.setBounds(0, 0, 2 * size.x - wide, 2 * size.y - high);
  }

  /** Lets the console show what goes on for a while, as somebody would look at it. */
  private void look(int ms) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    bot.run(() -> Display.getCurrent().timerExec(ms, over::countDown));
    over.await();
  }
}
