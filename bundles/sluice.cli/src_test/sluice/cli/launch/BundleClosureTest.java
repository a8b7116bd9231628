package sluice.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class BundleClosureTest {
  private final Map<String, PluginJar> folder = new LinkedHashMap<>();

  private void jar(String name, String host, Set<String> exports, Set<String> imports) {
    folder.put(name, new PluginJar(Path.of("/p/" + name + ".jar"), name, Version.emptyVersion, host, exports, imports, Set.of(), "1:1"));
  }

  private List<String> closure(String... named) {
    return BundleClosure.of(folder, List.of(named), "/p").stream().map(PluginJar::name).toList();
  }

  @Test
  void importsAreFollowedToTheirExporters() {
    jar("app", null, Set.of(), Set.of("lib.api"));
    jar("lib", null, Set.of("lib.api"), Set.of("deep.api"));
    jar("deep", null, Set.of("deep.api"), Set.of());
    jar("console", null, Set.of("ui"), Set.of("lib.api"));
    assertEquals(List.of("app", "deep", "lib"), closure("app"));
  }

  @Test
  void fragmentsComeWithTheirHostsAndBringWhatTheyImport() {
    jar("net", null, Set.of(), Set.of());
    jar("net.native", "net", Set.of(), Set.of("jni"));
    jar("jni", null, Set.of("jni"), Set.of());
    assertEquals(List.of("jni", "net", "net.native"), closure("net"));
  }

  @Test
  void circlesEnd() {
    jar("a", null, Set.of("a"), Set.of("b"));
    jar("b", null, Set.of("b"), Set.of("a"));
    assertEquals(List.of("a", "b"), closure("a"));
  }

  @Test
  void theFrameworkIsNoBundleOfItself() {
    jar("a", null, Set.of(), Set.of("org.osgi.framework"));
    jar("org.eclipse.osgi", null, Set.of("org.osgi.framework"), Set.of());
    assertEquals(List.of("a"), closure("a"));
  }

  @Test
  void aMissingBundleIsNamedWithTheFolder() {
    SluiceException e = assertThrows(SluiceException.class, () -> closure("sluice.server"));
    assertEquals(ErrorCode.CORRUPT, e.code());
    assertTrue(e.getMessage().contains("sluice.server") && e.getMessage().contains("/p"), e.getMessage());
  }

  @Test
  void noProgramIsMadeOfTheOther() {
    for (String name : Roles.SERVER.compositions()) assertFalse(Roles.AGENT.compositions().contains(name), name);
  }

  @Test
  void loggingStartsBeforeEverythingThatLogs() {
    assertEquals(2, Roles.startLevel("ch.qos.logback.classic"));
    assertEquals(2, Roles.startLevel("org.apache.aries.spifly.dynamic.bundle"));
    assertEquals(2, Roles.startLevel("org.apache.felix.scr"));
    assertEquals(3, Roles.startLevel("slf4j.api"));
    assertEquals(4, Roles.startLevel("sluice.server"));
  }
}
