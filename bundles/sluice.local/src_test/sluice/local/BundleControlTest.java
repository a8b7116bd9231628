package sluice.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.LocalBundle;
import sluice.protocol.v1.LocalBundleAction;
import sluice.protocol.v1.LocalBundleAction.Action;
import sluice.protocol.v1.LocalBundles;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalHealth;
import sluice.protocol.v1.LocalHealthReport;
import sluice.protocol.v1.LocalReply;

/** In a real framework, with bundles that have nothing but a manifest. */
class BundleControlTest {
  @TempDir Path temp;
  private Framework framework;
  private Bundle program;
  private BundleControl control;

  @BeforeEach
  void start() throws Exception {
    framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(
        Map.of(Constants.FRAMEWORK_STORAGE, temp.resolve("osgi").toString(), Constants.FRAMEWORK_STORAGE_CLEAN, "onFirstInit"));
    framework.start();
    install("sluice.parts", "1.0.0", "Export-Package", "sluice.parts");
    program = install("sluice.agent", "1.0.0", "Import-Package", "sluice.parts");
    install("sluice.agent.direct", "1.0.0", "Export-Package", "sluice.direct");
    install("sluice.follower", "1.0.0", "Import-Package", "sluice.direct");
    install("org.apache.felix.scr", "2.2.18", "X-Nothing", "x");
    install("sluice.api", "1.0.0", "X-Nothing", "x");
    for (Bundle b : framework.getBundleContext().getBundles()) b.start();
    control = new BundleControl(program.getBundleContext());
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(20_000);
  }

  private Path jar(String file, String name, String version, String header, String value) throws IOException {
    Manifest m = new Manifest();
    m.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    m.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
    m.getMainAttributes().putValue("Bundle-SymbolicName", name + ";singleton:=true");
    m.getMainAttributes().putValue("Bundle-Version", version);
    m.getMainAttributes().putValue(header, value);
    Path jar = temp.resolve(file);
    try (OutputStream out = Files.newOutputStream(jar); JarOutputStream zip = new JarOutputStream(out, m)) {
      zip.putNextEntry(new ZipEntry("sluice/parts/x.txt"));
    }
    return jar;
  }

  private Bundle install(String name, String version, String header, String value) throws IOException, BundleException {
    return framework.getBundleContext().installBundle(jar(name + ".jar", name, version, header, value).toUri().toString());
  }

  private void act(String name, Action action, String location) {
    control.act(LocalBundleAction.newBuilder().setName(name).setAction(action).setLocation(location).build());
  }

  private SluiceException refused(String name, Action action, String location) {
    return assertThrows(SluiceException.class, () -> act(name, action, location));
  }

  private LocalBundle listed(String name) {
    return control.list().getBundlesList().stream().filter(b -> b.getName().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void bundlesAreListedByNameWithVersionAndState() {
    assertEquals("1.0.0", listed("sluice.agent").getVersion());
    assertEquals("active", listed("sluice.agent").getState());
    assertEquals(program.getBundleId(), listed("sluice.agent").getId());
  }

  @Test
  void aBundleIsStoppedAndStarted() {
    act("sluice.follower", Action.STOP, "");
    assertEquals("resolved", listed("sluice.follower").getState());
    act("sluice.follower", Action.START, "");
    assertEquals("active", listed("sluice.follower").getState());
  }

  @Test
  void aBundleThatOthersAreBuiltOnIsNotStoppedUnderThem() {
    SluiceException e = refused("sluice.agent.direct", Action.STOP, "");
    assertEquals(ErrorCode.FORBIDDEN, e.code());
    assertTrue(e.why().contains("sluice.follower"), e.why());
    assertEquals("active", listed("sluice.agent.direct").getState());
  }

  @Test
  void aProgramIsNotHealthyWhileOneOfItsBundlesIsStopped() throws Exception {
    LocalHandler handler = control.over(call -> LocalReply.newBuilder().setHealth(LocalHealthReport.newBuilder().setHealthy(true)).build());
    LocalCall ask = LocalCall.newBuilder().setHealth(LocalHealth.getDefaultInstance()).build();
    assertTrue(handler.handle(ask).getHealth().getHealthy());
    act("sluice.follower", Action.STOP, "");
    LocalHealthReport stopped = handler.handle(ask).getHealth();
    assertFalse(stopped.getHealthy());
    assertEquals("stopped: sluice.follower", stopped.getChecks(0).getText());
    act("sluice.follower", Action.START, "");
    assertTrue(handler.handle(ask).getHealth().getHealthy());
  }

  @Test
  void anUpdateFromAJarRunsTheNewVersionAndRewiresItsDependents() throws IOException {
    Path next = jar("next.jar", "sluice.agent.direct", "1.1.0", "Export-Package", "sluice.direct;version=1.1");
    act("sluice.agent.direct", Action.UPDATE, next.toString());
    assertEquals("1.1.0", listed("sluice.agent.direct").getVersion());
    assertEquals("active", listed("sluice.agent.direct").getState());
    assertEquals("active", listed("sluice.follower").getState());
    assertEquals("active", listed("sluice.agent").getState());
  }

  @Test
  void anUpdateWithoutALocationReadsWhereTheBundleCameFrom() throws IOException {
    jar("sluice.agent.direct.jar", "sluice.agent.direct", "1.2.0", "Export-Package", "sluice.direct");
    act("sluice.agent.direct", Action.UPDATE, "");
    assertEquals("1.2.0", listed("sluice.agent.direct").getVersion());
  }

  @Test
  void anUpdateThatCannotBeUsedIsSaidAndTheEarlierJarGoesBack() throws IOException {
    Path next = jar("next.jar", "sluice.agent.direct", "2.0.0", "Import-Package", "not.there");
    SluiceException e = refused("sluice.agent.direct", Action.UPDATE, next.toString());
    assertEquals(ErrorCode.CONFLICT, e.code());
    assertTrue(e.why().contains("not.there"), e.why());
    act("sluice.agent.direct", Action.UPDATE, temp.resolve("sluice.agent.direct.jar").toString());
    act("sluice.agent.direct", Action.START, "");
    assertEquals("active", listed("sluice.agent.direct").getState());
  }

  @Test
  void whatTheProgramIsBuiltOnIsNotExchangedWhileItRuns() throws IOException {
    Path next = jar("next.jar", "sluice.parts", "2.0.0", "Export-Package", "sluice.parts");
    SluiceException e = refused("sluice.parts", Action.UPDATE, next.toString());
    assertEquals(ErrorCode.FORBIDDEN, e.code());
    assertTrue(e.why().startsWith("sluice.agent is built on it"), e.why());
    assertEquals("1.0.0", listed("sluice.parts").getVersion());
  }

  @Test
  void theProgramItselfIsNeitherStoppedNorExchanged() {
    assertEquals(ErrorCode.FORBIDDEN, refused("sluice.agent", Action.STOP, "").code());
    assertEquals(ErrorCode.FORBIDDEN, refused("sluice.agent", Action.UPDATE, "").code());
    assertEquals("active", listed("sluice.agent").getState());
  }

  @Test
  void whatHoldsTheRestTogetherIsRefusedWithTheReason() {
    assertTrue(refused("sluice.api", Action.UPDATE, "").why().contains("every other bundle"));
    assertTrue(refused("sluice.api", Action.STOP, "").why().contains("every other bundle"));
    assertTrue(refused("org.apache.felix.scr", Action.STOP, "").why().contains("not one of Sluice's"));
    assertTrue(refused("org.eclipse.osgi", Action.STOP, "").why().contains("not one of Sluice's"));
    for (String name : new String[] {"sluice.ratis", "sluice.catalog.ratis", "sluice.protocol", "sluice.local"}) {
      SluiceException e = assertThrows(SluiceException.class, () -> ExchangeRules.check(name, "update"));
      assertEquals(ErrorCode.FORBIDDEN, e.code());
    }
  }

  @Test
  void anotherBundlesJarAndWhatIsNoJarAreRefusedBeforeAnythingChanges() throws IOException {
    Path other = jar("other.jar", "sluice.other", "1.0.0", "X-Nothing", "x");
    assertTrue(refused("sluice.agent.direct", Action.UPDATE, other.toString()).why().contains("sluice.other"));
    Path text = Files.writeString(temp.resolve("text.jar"), "no jar");
    assertEquals(ErrorCode.IO, refused("sluice.agent.direct", Action.UPDATE, text.toString()).code());
    assertEquals(ErrorCode.IO, refused("sluice.agent.direct", Action.UPDATE, temp.resolve("none.jar").toString()).code());
    assertEquals("1.0.0", listed("sluice.agent.direct").getVersion());
  }

  @Test
  void unknownBundlesAndActionsAreRefused() {
    assertEquals(ErrorCode.NOT_FOUND, refused("sluice.nothing", Action.START, "").code());
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused("sluice.agent.direct", Action.ACTION_UNSPECIFIED, "").code());
  }

  @Test
  void bundleCallsAreAnsweredHereAndOthersByTheProgram() throws Exception {
    LocalReply own = LocalReply.newBuilder().build();
    LocalHandler handler = control.over(call -> own);
    assertTrue(handler.handle(LocalCall.newBuilder().setBundles(LocalBundles.getDefaultInstance()).build())
        .getBundles().getBundlesCount() >= 7);
    assertEquals(own, handler.handle(LocalCall.newBuilder().setHealth(LocalHealth.getDefaultInstance()).build()));
    LocalBundleAction stop = LocalBundleAction.newBuilder().setName("sluice.follower").setAction(Action.STOP).build();
    assertTrue(handler.handle(LocalCall.newBuilder().setBundleAction(stop).build()).hasDone());
    assertEquals("resolved", listed("sluice.follower").getState());
  }
}
