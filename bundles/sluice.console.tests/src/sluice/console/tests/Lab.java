package sluice.console.tests;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A server, hosts and disks for the console to look at: processes of the built product and of nbdkit, in a folder of their
 * own. A disk has a way for the server and one for the host, so that either can be broken alone.
 */
final class Lab implements AutoCloseable {
  private static final Path PRODUCT = Path.of(System.getProperty("sluice.home"));
  private static final long PATIENCE_SECONDS = 120;

  final Path dir;
  final String address;
  private final Path config;
  private final int disks;
  private final Map<String, Process> running = new HashMap<>();

  /**
   * @param config folder of credentials; the server puts its administrator's there
   * @param disks how many there are; named by number from 1 on
   */
  Lab(Path config, int disks, long megabytes) throws IOException {
    this.config = config;
    this.disks = disks;
    // The path of a Unix socket is short, and /tmp may be memory, where disks cannot be driven directly.
    dir = Files.createTempDirectory(Path.of("/var/tmp"), "sl-ui");
    address = "127.0.0.1:" + twoFreePorts();
    for (int d = 1; d <= disks; d++) {
      try (RandomAccessFile f = new RandomAccessFile(image(d).toFile(), "rw")) {
        f.setLength(megabytes << 20);
      }
      startWay("server", d);
      startWay("host", d);
    }
    startServer();
  }

  private static int twoFreePorts() throws IOException {
    while (true) {
      try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
          ServerSocket next = new ServerSocket(one.getLocalPort() + 1, 1, InetAddress.getByName("127.0.0.1"))) {
        return one.getLocalPort();
      } catch (IOException e) {
        // the next one is taken: look on
        continue;
      }
    }
  }

  private Path image(int disk) {
    return dir.resolve("d" + disk + ".img");
  }

  /** How the server or the host reaches a disk. */
  String uri(String whose, int disk) {
    return "nbd+unix:///?socket=" + dir.resolve(whose + disk + ".nbd");
  }

  void startWay(String whose, int disk) throws IOException {
    Path socket = dir.resolve(whose + disk + ".nbd");
    Files.deleteIfExists(socket);
    start(whose + disk, List.of("nbdkit", "-f", "-U", socket.toString(), "file", image(disk).toString()));
    await(whose + "'s way to disk " + disk, () -> Files.exists(socket));
  }

  void breakWay(String whose, int disk) throws InterruptedException {
    running.get(whose + disk).destroyForcibly().waitFor();
  }

  void startServer() throws IOException {
    Path log = start("server", List.of(PRODUCT.resolve("sluice").toString(), "server", "--dir", dir.resolve("s").toString(), "--listen", address, "--name", "prod"));
    awaitReady("server", log);
  }

  void killServer() throws InterruptedException {
    running.get("server").destroyForcibly().waitFor();
  }

  void startHost(String name, String token) throws IOException {
    List<String> c = new ArrayList<>(List.of(PRODUCT.resolve("sluice").toString(), "agent", "--dir", dir.resolve(name).toString(), "--server", address, "--token", token, "--only-own-disks"));
    for (int d = 1; d <= disks; d++) c.addAll(List.of("--disk", uri("host", d)));
    awaitReady(name, start(name, c));
  }

  /** Runs a program to its end. @return is it content? */
  boolean run(String... command) throws IOException, InterruptedException {
    Process p = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Files.createTempFile(dir, "run", ".log").toFile()).start();
    if (p.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) return p.exitValue() == 0;
    p.destroyForcibly();
    return false;
  }

  private Path start(String name, List<String> command) throws IOException {
    Path log = Files.createTempFile(dir, name, ".log");
    ProcessBuilder b = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    b.environment().put("SLUICE_CONFIG", config.toString());
    running.put(name, b.start());
    return log;
  }

  private void awaitReady(String name, Path log) throws IOException {
    Process p = running.get(name);
    await(name + " is ready", () -> {
      String said = Files.readString(log);
      if (!p.isAlive()) throw new AssertionError(name + " has ended:\n" + said);
      return said.contains("ready");
    });
  }

  private interface Condition {
    boolean so() throws IOException;
  }

  private static void await(String what, Condition c) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!c.so()) {
      if (System.nanoTime() > end) throw new AssertionError("not within " + PATIENCE_SECONDS + " s: " + what);
      LockSupport.parkNanos(50_000_000);
    }
  }

  @Override
  public void close() throws Exception {
    for (Process p : running.values()) p.destroyForcibly();
    for (Process p : running.values()) p.waitFor();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path p : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(p);
    }
  }
}
