package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Layers are one-way. The table here is the one of docs/architecture.md; changing one means changing the other. */
class LayersTest {
  private static final Path BUNDLES = Path.of(System.getProperty("sluice.checkout"), "bundles");

  /** Bundle -> the Sluice bundles whose packages it may import. */
  private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
      Map.entry("sluice.api", Set.of()),
      Map.entry("sluice.protocol", Set.of("sluice.api")),
      Map.entry("sluice.core", Set.of("sluice.api", "sluice.protocol")),
      Map.entry("sluice.io", Set.of("sluice.api")),
      Map.entry("sluice.nbd", Set.of("sluice.api", "sluice.io")),
      Map.entry("sluice.volume", Set.of("sluice.api", "sluice.io", "sluice.core")),
      Map.entry("sluice.telemetry", Set.of("sluice.api")),
      Map.entry("sluice.local", Set.of("sluice.api", "sluice.protocol")),
      Map.entry("sluice.catalog", Set.of("sluice.api", "sluice.protocol", "sluice.core")),
      Map.entry("sluice.ratis", Set.of()),
      Map.entry("sluice.catalog.ratis", Set.of("sluice.api", "sluice.protocol", "sluice.core", "sluice.catalog")),
      Map.entry("sluice.net", Set.of("sluice.api", "sluice.protocol")),
      Map.entry("sluice.client", Set.of("sluice.api", "sluice.protocol", "sluice.net")),
      Map.entry("sluice.agent.direct", Set.of("sluice.api", "sluice.io", "sluice.core", "sluice.volume")),
      Map.entry("sluice.agent.serverroute", Set.of("sluice.api", "sluice.io", "sluice.nbd", "sluice.core")),
      Map.entry("sluice.agent", Set.of("sluice.api", "sluice.protocol", "sluice.core", "sluice.io", "sluice.nbd",
          "sluice.net", "sluice.client", "sluice.telemetry", "sluice.local")),
      Map.entry("sluice.server", Set.of("sluice.api", "sluice.protocol", "sluice.core", "sluice.io", "sluice.nbd",
          "sluice.net", "sluice.client", "sluice.telemetry", "sluice.local", "sluice.catalog", "sluice.catalog.ratis",
          "sluice.volume")),
      Map.entry("sluice.model", Set.of()),
      Map.entry("sluice.console.core", Set.of("sluice.api", "sluice.protocol", "sluice.net", "sluice.client", "sluice.model")),
      Map.entry("sluice.console.ui", Set.of("sluice.api", "sluice.protocol", "sluice.net", "sluice.client", "sluice.model", "sluice.console.core")),
      // Not in the product: what it clicks on, and the demo's cluster.
      Map.entry("sluice.console.tests", Set.of("sluice.api", "sluice.protocol", "sluice.net", "sluice.client", "sluice.model", "sluice.console.core",
          "sluice.console.ui", "sluice.cli")),
      Map.entry("sluice.cli", Set.of("sluice.api", "sluice.protocol", "sluice.io", "sluice.nbd", "sluice.net",
          "sluice.client", "sluice.local")));

  /**
   * What sluice.core must not know, since the simulator runs it: time, chance, threads, files, libraries, nor sets whose
   * order differs from run to run.
   */
  private static final List<String> IMPURE = List.of("io.netty", "org.osgi", "java.io.", "java.nio.file", "java.net.",
      "java.util.Random", "java.util.concurrent", "java.time.Clock", "org.slf4j", "System.currentTimeMillis",
      "System.nanoTime", "Instant.now", "Math.random", "UUID.randomUUID", "Thread.", "Set.of(", "Map.of(", "IdentityHashMap<");

  @Test
  void everyBundleUsesOnlyThoseBelowIt() throws IOException {
    Map<String, String> owner = exports();
    List<String> wrong = new ArrayList<>();
    for (Path bundle : bundles()) {
      String name = bundle.getFileName().toString();
      Set<String> may = MAY_USE.get(name);
      assertTrue(may != null, name + " is not in the table of layers");
      for (String used : imports(bundle)) {
        String from = owner.get(used);
        if (from == null && used.startsWith("sluice.")) wrong.add(name + " imports " + used + ", which nobody exports");
        if (from != null && !from.equals(name) && !may.contains(from)) wrong.add(name + " may not use " + from + " (" + used + ")");
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void whatDecidesIsPure() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path file : sources(BUNDLES.resolve("sluice.core/src"))) {
      String text = Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "").replace("java.util.concurrent.TimeUnit", "");
      for (String word : IMPURE) if (text.contains(word)) wrong.add(BUNDLES.relativize(file) + " uses " + word);
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    Set<String> wrong = new TreeSet<>();
    for (Path bundle : bundles()) {
      for (Path file : sources(bundle.resolve("src"))) {
        if (!Files.exists(file.resolveSibling("package-info.java"))) wrong.add(BUNDLES.relativize(file.getParent()).toString());
      }
    }
    assertEquals(Set.of(), wrong);
  }

  private static List<Path> bundles() throws IOException {
    try (Stream<Path> all = Files.list(BUNDLES)) {
      return all.filter(p -> Files.exists(p.resolve("META-INF/MANIFEST.MF"))).sorted().toList();
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    if (!Files.exists(root)) return List.of();
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(p -> p.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static Map<String, String> exports() throws IOException {
    Map<String, String> owner = new TreeMap<>();
    for (Path bundle : bundles()) {
      for (String p : packages(manifest(bundle), "Export-Package")) owner.put(p, bundle.getFileName().toString());
    }
    return owner;
  }

  private static Set<String> imports(Path bundle) throws IOException {
    return packages(manifest(bundle), "Import-Package");
  }

  private static Manifest manifest(Path bundle) throws IOException {
    try (InputStream in = Files.newInputStream(bundle.resolve("META-INF/MANIFEST.MF"))) {
      return new Manifest(in);
    }
  }

  private static Set<String> packages(Manifest manifest, String header) {
    Set<String> out = new TreeSet<>();
    String value = manifest.getMainAttributes().getValue(header);
    if (value == null) return out;
    Matcher m = Pattern.compile("([A-Za-z][\\w.]*)\\s*(?:;(?:[^,\"]|\"[^\"]*\")*)?(?:,|$)").matcher(value);
    while (m.find()) out.add(m.group(1));
    return out;
  }
}
