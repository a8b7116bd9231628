package sluice.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** The real framework with bundles that are made here. */
class FrameworkLauncherTest {
  @TempDir Path temp;
  private Path plugins;
  private Path dir;

  @BeforeEach
  void bundles() throws IOException {
    plugins = Files.createDirectories(temp.resolve("plugins"));
    dir = temp.resolve("agent");
    for (String name : Roles.INFRASTRUCTURE) bundle(name, "1.0.0", null);
    bundle("sluice.agent", "1.0.0", "org.osgi.framework");
    bundle("sluice.agent.direct", "1.0.0", null);
    bundle("sluice.agent.serverroute", "1.0.0", null);
    bundle("sluice.server", "1.0.0", null);
  }

  private void bundle(String name, String version, String imports) throws IOException {
    Manifest m = new Manifest();
    Attributes a = m.getMainAttributes();
    a.putValue("Manifest-Version", "1.0");
    a.putValue("Bundle-ManifestVersion", "2");
    a.putValue("Bundle-SymbolicName", name);
    a.putValue("Bundle-Version", version);
    if (imports != null) a.putValue("Import-Package", imports);
    boolean program = name.equals("sluice.agent");
    if (program) a.putValue("Bundle-Activator", FakeProgram.class.getName());
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(plugins.resolve(name + "_" + version + ".jar")), m)) {
      if (!program) return;
      String path = FakeProgram.class.getName().replace('.', '/') + ".class";
      jar.putNextEntry(new JarEntry(path));
      try (InputStream in = FakeProgram.class.getClassLoader().getResourceAsStream(path)) {
        in.transferTo(jar);
      }
    }
  }

  private String run(Map<String, String> settings) {
    StringWriter out = new StringWriter();
    assertEquals(0, new FrameworkLauncher(Roles.AGENT, dir, new PluginFolder(plugins), new PrintWriter(out)).run(settings));
    return out.toString().strip();
  }

  @Test
  void theProgramRunsIsolatedWithItsOwnBundlesUntilItStops() {
    assertEquals("ready: agent 1.0.0, 8 bundles, dir /x, isolated", run(Map.of("sluice.agent.dir", "/x")));
  }

  @Test
  void changedNewAndRemovedJarsAreTakenUpAtTheNextStart() throws IOException {
    run(Map.of());
    Files.delete(plugins.resolve("sluice.agent_1.0.0.jar"));
    bundle("sluice.agent", "1.0.1", "org.osgi.framework,lib");
    bundle("lib", "1.0.0", null);
    rewriteExporting("lib");
    assertEquals("ready: agent 1.0.1, 9 bundles, dir null, isolated", run(Map.of()));
    Files.delete(plugins.resolve("sluice.agent_1.0.1.jar"));
    bundle("sluice.agent", "1.0.0", "org.osgi.framework");
    assertEquals("ready: agent 1.0.0, 8 bundles, dir null, isolated", run(Map.of()));
  }

  private void rewriteExporting(String name) throws IOException {
    Manifest m = new Manifest();
    Attributes a = m.getMainAttributes();
    a.putValue("Manifest-Version", "1.0");
    a.putValue("Bundle-ManifestVersion", "2");
    a.putValue("Bundle-SymbolicName", name);
    a.putValue("Bundle-Version", "1.0.0");
    a.putValue("Export-Package", name);
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(plugins.resolve(name + "_1.0.0.jar")), m)) {
      jar.putNextEntry(new JarEntry(name + "/x"));
    }
  }

  @Test
  void aCompositionThatFailsGivesItsWordsAndItsCode() {
    ProgramFailed e = assertThrows(ProgramFailed.class, () -> run(Map.of("test.fails", "true")));
    assertEquals(5, e.exitCode());
    assertEquals("port 7440 is taken\n  give another one", e.getMessage());
  }

  @Test
  void aCompositionThatDoesNotResolveIsToldAtOnceWithWhatItMisses() throws IOException {
    bundle("sluice.agent", "1.0.0", "no.such.thing");
    SluiceException e = assertThrows(SluiceException.class, () -> run(Map.of()));
    assertTrue(e.getMessage().contains("sluice.agent") && e.getMessage().contains("no.such.thing"), e.getMessage());
  }

  @Test
  void aSecondProgramInTheSameFolderIsRefusedAndTouchesNothing() {
    try (StorageLock first = StorageLock.take(dir.resolve("osgi"), "agent")) {
      SluiceException e = assertThrows(SluiceException.class, () -> run(Map.of()));
      assertEquals(ErrorCode.CONFLICT, e.code());
      assertTrue(e.what().contains("already running"), e.what());
    }
    run(Map.of());
  }

  @Test
  void aFolderThatIsAFileIsRefused() throws IOException {
    dir = Files.createFile(temp.resolve("file"));
    SluiceException e = assertThrows(SluiceException.class, () -> run(Map.of()));
    assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
  }

  @Test
  void aFolderThatCannotBeMadeIsToldWithTheReason() throws IOException {
    dir = Files.createFile(temp.resolve("file")).resolve("below");
    SluiceException e = assertThrows(SluiceException.class, () -> run(Map.of()));
    assertTrue(e.what().contains(dir.toString()), e.what());
  }

  @Test
  void aDamagedJarIsNamed() throws IOException {
    Files.writeString(plugins.resolve("broken.jar"), "no jar");
    SluiceException e = assertThrows(SluiceException.class, () -> run(Map.of()));
    assertTrue(e.what().contains("broken.jar"), e.what());
  }
}
