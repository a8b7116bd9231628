package sluice.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A server with its hosts, each a process of the product, in a folder of its own. */
final class Cluster implements AutoCloseable {
  private static final Path PRODUCT = Path.of(System.getProperty("sluice.product"));
  private static final ObjectMapper JSON = new ObjectMapper();

  final Path dir;
  final Path config;
  final List<String> listen;
  private final List<Host> hosts = new ArrayList<>();
  private final List<String> serverOptions;
  private Program server;

  /**
   * @param addresses on which the server listens, such as 127.0.0.1 and 127.0.0.2
   * @param options more of `sluice server`
   */
  Cluster(String name, String[] addresses, String... options) {
    serverOptions = List.of(options);
    dir = Scratch.folder(name);
    config = dir.resolve("config");
    int port = twoFreePorts();
    listen = Arrays.stream(addresses).map(a -> a + ":" + port).toList();
    startServer();
  }

  static Cluster start(String name) {
    return new Cluster(name, new String[] {"127.0.0.1"});
  }

  /** A port that is free, as is the one after it. */
  static int twoFreePorts() {
    while (true) {
      int port = Tool.freePort();
      try (java.net.ServerSocket next = new java.net.ServerSocket(port + 1, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
        return port;
      } catch (IOException e) {
        // the next one is taken: look on
      }
    }
  }

  Map<String, String> environment() {
    return Map.of("SLUICE_CONFIG", config.toString());
  }

  static String sluice() {
    return PRODUCT.resolve("sluice").toString();
  }

  void startServer() {
    List<String> c = new ArrayList<>(List.of(sluice(), "server", "--dir", dir.resolve("s").toString()));
    for (String l : listen) c.addAll(List.of("--listen", l));
    c.addAll(serverOptions);
    server = new Program("server", dir, environment(), c).awaitOutput("ready");
  }

  Program server() {
    return server;
  }

  Tool.Result cli(String... arguments) {
    List<String> c = new ArrayList<>();
    c.add(sluice());
    c.addAll(List.of(arguments));
    return Tool.run(environment(), c);
  }

  /** Runs a command that must succeed; its output. */
  String ok(String... arguments) {
    return cli(arguments).ok().out();
  }

  JsonNode json(String... arguments) {
    List<String> a = new ArrayList<>(List.of(arguments));
    a.addAll(List.of("-o", "json"));
    try {
      return JSON.readTree(ok(a.toArray(String[]::new)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A sparse file for a disk. */
  Path disk(String name, long megabytes) {
    try {
      Path file = Files.createDirectories(dir.resolve("disks")).resolve(name + ".img");
      try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
        f.setLength(megabytes << 20);
      }
      return file;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Adds disks by file to the server and makes the pool of them. */
  void pool(String pool, Path... files) {
    List<String> names = new ArrayList<>();
    for (Path f : files) {
      String name = f.getFileName().toString().replace(".img", "");
      names.add(name);
      ok("disk", "add", "file:" + f, "--name", name);
    }
    List<String> create = new ArrayList<>(List.of("pool", "create", pool));
    create.addAll(names);
    ok(create.toArray(String[]::new));
  }

  /** Joins and starts a host. */
  Host host(String name, String... more) {
    return hostAt(String.join(",", listen), name, more);
  }

  /** The same, for a host that knows the server by other addresses. */
  Host hostAt(String servers, String name, String... more) {
    Host h = new Host(this, servers, name, ok("host", "token", name, "-q").trim(), more);
    hosts.add(h);
    return h;
  }

  @Override
  public void close() {
    for (Host h : hosts) h.close();
    server.close();
  }
}
