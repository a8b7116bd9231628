package sluice.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CLabel;
import org.eclipse.swt.graphics.DeviceData;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.ProgressBar;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.console.core.scene.Line;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.Credentials;
import sluice.console.ui.editor.ObjectEditor;
import sluice.console.ui.views.TopologyView;
import sluice.model.Health;
import sluice.model.HostState;
import sluice.model.LegState;
import sluice.model.Route;
import sluice.model.San;
import sluice.model.Task;
import sluice.model.TaskState;
import sluice.model.Volume;

/**
 * An administrator's day, from an empty cluster on: each step goes on where the one before left off, because a cluster takes
 * longer to start than all that is done with it.
 */
@ExtendWith(WorkbenchExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperateTest {
  private static final String ID = "sluice.console.ui.";
  private static final List<String> VIEWS = List.of(ID + "tree", ID + "alerts", ID + "tasks", ID + "events", ID + "audit", ID + "diskmap", ID + "topology",
      ID + "recovery", ID + "whatif", ID + "performance", ID + "properties", "org.eclipse.pde.runtime.LogView", "org.eclipse.ui.views.ProgressView");
  private static final int ROUNDS = 50;
  private static final int DISKS = 3;
  private static final int VOLUME_MIB = 96;

  private UiBot bot;
  private Lab lab;
  private FreezeWatch freezes;
  private String uri;
  private int dead;

  @BeforeAll
  void start() throws Exception {
    bot = new UiBot();
    lab = new Lab(Path.of(System.getProperty(Credentials.FOLDER)), DISKS, 160);
    // The workbench's own start is over; from here on nothing may hold its thread.
    freezes = new FreezeWatch(PlatformUI.getWorkbench().getDisplay());
  }

  @AfterAll
  void stop() throws Exception {
    if (freezes != null) freezes.close();
    bot.run(() -> Clusters.get().all().forEach(Clusters.get()::close));
    if (lab != null) lab.close();
  }

  private static San san() {
    return Clusters.get().sans().get(0);
  }

  private static Volume volume() {
    return san().getVolumes().stream().filter(v -> "mail".equals(v.getName())).findFirst().orElseThrow();
  }

  private Tree tree() {
    return bot.find("the tree", Tree.class, t -> t.isVisible() && t.getItemCount() > 0 && t.getItem(0).getText().startsWith("prod"));
  }

  private void waitForLine(String line) {
    Tree tree = tree();
    bot.waitFor("the tree has a line '" + line + "'", () -> UiBot.line(tree.getItems(), line) != null);
  }

  private void select(String line) {
    bot.clickTree(tree(), line);
    bot.waitFor(line + " is selected", () -> Stream.of(tree().getSelection()).anyMatch(i -> i.getText().startsWith(line)));
  }

  /** Names of the disks that a copy of the volume lies on. */
  private List<String> disksOf(int leg) {
    return bot.ui(() -> volume().getLayout().getSegments().stream().flatMap(s -> s.getLegs().get(leg).getColumns().stream())
        .map(e -> Clusters.name(san(), e.getDiskId())).distinct().toList());
  }

  /** The lab's number of a disk. */
  private int number(String disk) {
    String uri = bot.ui(() -> san().getDisks().stream().filter(d -> disk.equals(d.getName())).findFirst().orElseThrow().getUris().get(0));
    for (int d = 1; d <= DISKS; d++) if (uri.equals(lab.uri("server", d))) return d;
    throw new AssertionError("no disk " + uri);
  }

  /** Programs on the host write; what is broken is noticed by that. */
  private void write() throws Exception {
    assertTrue(lab.run("qemu-io", "-f", "raw", uri, "-c", "write -P 0x5a 0 1M", "-c", "read -P 0x5a 0 1M"), "the host's program got an error");
  }

  private List<Line> rerouted() {
    return bot.view(ID + "topology", TopologyView.class).pane().scene().lines().stream().filter(Line::dashed).toList();
  }

  private boolean alertShown(String begin) {
    for (Shell s : PlatformUI.getWorkbench().getDisplay().getShells()) if (row(s, begin)) return true;
    return false;
  }

  private static boolean row(Composite c, String begin) {
    if (c instanceof Table t && t.isVisible()) for (TableItem i : t.getItems()) if (i.getText(1).startsWith(begin)) return true;
    for (Control k : c.getChildren()) if (k instanceof Composite below && row(below, begin)) return true;
    return false;
  }

  @Test
  @Order(1)
  void connectsToAClusterWhoseCredentialsAreHere() {
    bot.command(ID + "connect");
    bot.field(Combo.class, "Cluster");
    bot.press("Finish");
    bot.waitFor("connected", () -> !Clusters.get().all().isEmpty() && Clusters.get().all().get(0).connected());
    waitForLine("prod");
  }

  @Test
  @Order(2)
  void addsDisksThatAreNamedAndSaysBesideTheFieldWhatIsNone() {
    bot.command(ID + "disk.add");
    Text disks = bot.field(Text.class, "Disks");
    bot.type(disks, "sdb");
    bot.waitFor("the mistake is told beside the field", () -> bot.beside(disks).startsWith("'sdb' is no disk"));
    assertFalse(bot.ui(() -> bot.anyButton("Finish").isEnabled()));
    bot.type(disks, String.join(", ", IntStream.rangeClosed(1, DISKS).mapToObj(d -> lab.uri("server", d)).toList()));
    bot.press("Finish");
    bot.waitFor("the disks are there", () -> san().getDisks().size() == DISKS);
  }

  @Test
  @Order(3)
  void createsAPoolAndSaysHowItHeals() {
    bot.command(ID + "pool.create");
    bot.type(bot.field(Text.class, "Name"), "gold");
    Table disks = bot.field(Table.class, "Disks");
    bot.run(() -> {
      for (TableItem i : disks.getItems()) i.setChecked(true);
      disks.notifyListeners(SWT.Selection, new Event());
    });
    bot.press("Finish");
    waitForLine("gold");
    select("gold");
    bot.command(ID + "pool.set");
    bot.type(bot.field(Text.class, "Wait for a lost disk"), "1s");
    bot.type(bot.field(Text.class, "Copy at most"), "24MiB/s");
    bot.press("Finish");
    bot.waitFor("it is set", () -> san().getPools().get(0).getRecovery() != null && san().getPools().get(0).getRecovery().getWaitMs() == 1000);
  }

  @Test
  @Order(4)
  void aHostJoinsByTheCommandThatIsShown() throws Exception {
    bot.command(ID + "host.token");
    bot.type(bot.field(Text.class, "Name"), "h1");
    bot.press("Finish");
    Text line = bot.find("the command", Text.class, t -> t.isVisible() && t.getText().startsWith("sluice agent "));
    String command = bot.ui(line::getText);
    bot.press("Close");
    lab.startHost("h1", command.substring(command.indexOf("--token ") + 8).strip());
    bot.waitFor("the host is there", () -> san().getHosts().stream().anyMatch(h -> h.getState() == HostState.ONLINE));
    waitForLine("h1");
  }

  @Test
  @Order(5)
  void createsAVolumeByKeysAndSeesFirstWhereItWouldLie() {
    select("gold");
    bot.chord(SWT.CTRL, 'n');
    Text name = bot.field(Text.class, "Name");
    Text size = bot.field(Text.class, "Size");
    bot.waitFor("one can type", name::isFocusControl);
    bot.keys("gold");
    bot.press(SWT.TAB);
    bot.press(SWT.TAB);
    bot.waitFor("tab goes on", size::isFocusControl);
    bot.keys("9x");
    bot.waitFor("the mistake is told beside the field", () -> bot.beside(size).startsWith("'9x' is not a size"));
    bot.type(size, VOLUME_MIB + "M");
    bot.waitFor("it is told no more", () -> bot.beside(size).isEmpty());
    bot.type(name, "mail");
    bot.find("where it would lie", Text.class, t -> t.isVisible() && t.getText().contains("Any 1 disk may fail"));
    assertFalse(bot.ui(() -> bot.anyButton("Finish").isEnabled()), "what the server plans is to be seen first");
    bot.press("Next");
    bot.find("the command", Text.class, t -> t.isVisible() && t.getText().equals("sluice volume create mail --size " + VOLUME_MIB + "M --pool gold --legs 2"));
    bot.press("Finish");
    bot.waitFor("its page is open", () -> PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage().getActiveEditor() instanceof ObjectEditor e && e.getTitle().equals("mail"));
    assertEquals(Health.HEALTHY, bot.ui(() -> volume().getHealth()));
  }

  @Test
  @Order(6)
  void attachesItToTheHostAndShowsTheExport() throws Exception {
    select("mail");
    bot.command(ID + "volume.attach");
    bot.press("Finish");
    Text line = bot.find("the export", Text.class, t -> t.isVisible() && t.getText().startsWith("nbd+unix://"));
    uri = bot.ui(line::getText);
    bot.press("Close");
    bot.waitFor("it goes directly", () -> volume().getRoutes().stream().anyMatch(r -> r.isHeld() && r.getRoute() == Route.DIRECT));
    write();
    assertTrue(bot.ui(() -> rerouted().isEmpty()));
  }

  @Test
  @Order(7)
  void aBrokenPathShowsInTreePicturesAndAlertsAndGoesAgain() throws Exception {
    int disk = number(disksOf(0).get(0));
    lab.breakWay("host", disk);
    write();
    waitForLine("mail  \u00b7  degraded");
    bot.waitFor("the picture of the paths has the reroute with its reason", () -> rerouted().stream().anyMatch(l -> !l.text().isEmpty()));
    bot.view(ID + "alerts", IViewPart.class);
    bot.waitFor("an alert tells of it", () -> alertShown("Host h1"));
    lab.startWay("host", disk);
    bot.waitFor("straight again", () -> volume().getRoutes().stream().allMatch(r -> r.getRoute() == Route.DIRECT) && rerouted().isEmpty());
    waitForLine("mail  \u00b7  " + VOLUME_MIB + " MiB");
    bot.view(ID + "alerts", IViewPart.class);
    bot.waitFor("nothing is left to see to", () -> !alertShown("Host h1"));
  }

  @Test
  @Order(8)
  void aDiskThatDiesIsReplacedWhileOneWatches() throws Exception {
    dead = number(disksOf(1).get(0));
    bot.view(ID + "recovery", IViewPart.class);
    lab.breakWay("host", dead);
    lab.breakWay("server", dead);
    write();
    waitForLine("mail  \u00b7  syncing");
    ProgressBar bar = bot.find("the recovery", ProgressBar.class, b -> b.isVisible() && b.getSelection() > 0);
    int seen = bot.ui(bar::getSelection);
    bot.waitFor("it advances", () -> bar.isDisposed() || bar.getSelection() > seen);
    bot.waitFor("it ends", () -> san().getTasks().stream().anyMatch(t -> t.getState() == TaskState.DONE));
    bot.waitFor("both copies are good", () -> volume().getHealth() == Health.HEALTHY
        && volume().getLayout().getLegs().stream().allMatch(l -> l.getState() == LegState.IN_SYNC));
    bot.find("the view says that it is over", Label.class, l -> l.isVisible() && l.getText().startsWith("Nothing is being rebuilt"));
    assertFalse(disksOf(1).stream().anyMatch(d -> number(d) == dead), "the copy lies on another disk");
  }

  @Test
  @Order(9)
  void evacuatesADiskByTheServersPlan() throws Exception {
    lab.startWay("server", dead);
    lab.startWay("host", dead);
    bot.waitFor("the disk is back", () -> san().getDisks().stream().allMatch(d -> d.getHealth() == Health.HEALTHY));
    String disk = disksOf(0).get(0);
    select(disk);
    bot.command(ID + "disk.evacuate");
    bot.find("the plan", Text.class, t -> t.isVisible() && t.getText().contains("Copy 1 of volume mail") && t.getText().contains("now 1, meanwhile 1, afterwards 1"));
    bot.press("Next");
    bot.find("the command", Text.class, t -> t.isVisible() && t.getText().equals("sluice disk evacuate " + disk));
    bot.press("Finish");
    bot.waitFor("nothing lies there any more", () -> san().getTasks().stream().noneMatch(OperateTest::goesOn) && !disksOf(0).contains(disk) && !disksOf(1).contains(disk));
    bot.waitFor("all is well", () -> volume().getHealth() == Health.HEALTHY);
  }

  private static boolean goesOn(Task t) {
    return t.getState() == TaskState.RUNNING || t.getState() == TaskState.PAUSED;
  }

  @Test
  @Order(10)
  void aLostServerGreysEverythingOutAndSaysHowOldItIsUntilItIsBack() throws Exception {
    lab.killServer();
    waitForLine("prod  \u00b7  not connected");
    waitForLine("mail  \u00b7  stale");
    bot.find("how old the picture is", CLabel.class, l -> l.getText().matches("prod: disconnected . the picture is .* old"));
    bot.find("nothing old is shown as current", Label.class, l -> l.isVisible() && l.getText().startsWith("stale: was"));
    assertFalse(bot.canDo(ID + "disk.recheck"), "what the server would have to do cannot be asked for");
    lab.startServer();
    bot.waitFor("connected again", () -> Clusters.get().all().get(0).connected());
    waitForLine("mail  \u00b7  " + VOLUME_MIB + " MiB");
  }

  @Test
  @Order(11)
  void everyViewOpenedAndClosedManyTimesLeavesNothingBehind() {
    for (int i = 0; i < 3; i++) VIEWS.forEach(this::openAndClose);
    Map<String, Integer> before = resources();
    for (int i = 0; i < ROUNDS; i++) VIEWS.forEach(this::openAndClose);
    Map<String, Integer> after = resources();
    Map<String, Integer> more = new TreeMap<>();
    after.forEach((kind, n) -> {
      if (n > before.getOrDefault(kind, 0)) more.put(kind, n - before.getOrDefault(kind, 0));
    });
    // A view more or less open at the end of a round of the pulse is no leak; fifty of anything are.
    more.values().removeIf(n -> n < ROUNDS / 2);
    assertEquals(Map.of(), more, "left behind by " + ROUNDS + " rounds");
  }

  private void openAndClose(String view) {
    bot.run(() -> {
      IWorkbenchPage page = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage();
      try {
        page.hideView(page.showView(view));
      } catch (PartInitException e) {
        throw new IllegalStateException(view, e);
      }
    });
  }

  /** What the display holds: images, fonts and colours that take something from the system, and widgets, by kind. */
  private Map<String, Integer> resources() {
    return bot.ui(() -> {
      Map<String, Integer> count = new TreeMap<>();
      Display display = PlatformUI.getWorkbench().getDisplay();
      DeviceData data = display.getDeviceData();
      for (Object o : data.objects) if (o != null) count.merge(o.getClass().getSimpleName(), 1, Integer::sum);
      for (Shell s : display.getShells()) count(s, count);
      return count;
    });
  }

  private static void count(Composite c, Map<String, Integer> into) {
    into.merge(c.getClass().getName(), 1, Integer::sum);
    for (Control k : c.getChildren()) {
      if (k instanceof Composite below) count(below, into);
      else into.merge(k.getClass().getName(), 1, Integer::sum);
    }
  }

  @Test
  @Order(12)
  void nothingOfAllThatHeldTheUserInterface() {
    System.out.println("the UI thread was away from its events for at most " + freezes.longestMs() + " ms of its own doing");
    assertEquals(List.of(), freezes.freezes());
  }
}
