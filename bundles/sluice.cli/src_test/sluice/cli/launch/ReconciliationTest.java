package sluice.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class ReconciliationTest {
  static PluginJar jar(String name, String version, String fingerprint) {
    return new PluginJar(Path.of("/p/" + name + "_" + version + ".jar"), name, Version.parseVersion(version), null, Set.of(), Set.of(), Set.of(), fingerprint);
  }

  @Test
  void anEmptyStorageGetsEverything() {
    PluginJar a = jar("a", "1.0.0", "1:1");
    assertEquals(new Reconciliation(List.of(), List.of(), List.of(a)), Reconciliation.of(Map.of(), List.of(a)));
  }

  @Test
  void whatIsTheSameIsLeftAlone() {
    PluginJar a = jar("a", "1.0.0", "1:1");
    assertTrue(Reconciliation.of(Map.of(a.location(), "1:1"), List.of(a)).nothing());
  }

  @Test
  void aJarThatChangedInItsPlaceIsUpdated() {
    PluginJar a = jar("a", "1.0.0", "2:2");
    assertEquals(List.of(a), Reconciliation.of(Map.of(a.location(), "1:1"), List.of(a)).update());
  }

  @Test
  void aJarOfUnknownOriginIsUpdatedToBeSure() {
    PluginJar a = jar("a", "1.0.0", "2:2");
    assertEquals(List.of(a), Reconciliation.of(Map.of(a.location(), ""), List.of(a)).update());
  }

  @Test
  void aNewVersionUnderAnotherNameReplacesTheOldOne() {
    PluginJar old = jar("a", "1.0.0", "1:1");
    PluginJar fresh = jar("a", "1.0.1", "2:2");
    Reconciliation r = Reconciliation.of(Map.of(old.location(), "1:1"), List.of(fresh));
    assertEquals(List.of(old.location()), r.uninstall());
    assertEquals(List.of(fresh), r.install());
  }

  @Test
  void ofSeveralVersionsInTheFolderTheHighestCounts() {
    PluginJar low = jar("a", "1.9.0", "1:1");
    PluginJar high = jar("a", "1.10.0", "2:2");
    assertEquals(Map.of("a", high), PluginJar.newest(List.of(high, low)));
    assertEquals(Map.of("a", high), PluginJar.newest(List.of(low, high)));
  }
}
