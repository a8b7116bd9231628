package sluice.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An agent, as a process. */
final class Host implements AutoCloseable {
  final String name;
  final Path dir;
  private final Cluster cluster;
  private final String servers;
  private final List<String> more;
  private Program agent;

  Host(Cluster cluster, String servers, String name, String token, String... more) {
    this.cluster = cluster;
    this.servers = servers;
    this.name = name;
    this.more = List.of(more);
    dir = cluster.dir.resolve(name);
    start(List.of("--token", token));
  }

  private void start(List<String> join) {
    List<String> c = new ArrayList<>(List.of(Cluster.sluice(), "agent", "--dir", dir.toString(), "--server", servers));
    c.addAll(join);
    c.addAll(more);
    agent = new Program(name, cluster.dir, cluster.environment(), c).awaitOutput("ready");
  }

  Program agent() {
    return agent;
  }

  void restart() {
    start(List.of());
  }

  /** Grants, attaches and waits; the volume's NBD URI on this host. */
  String attach(String volume) {
    cluster.ok("volume", "grant", volume, name);
    return cluster.json("volume", "attach", volume, name).path("uri").asText();
  }

  /** What `volume show` says of the volume on this host. */
  JsonNode route(String volume) {
    for (JsonNode h : cluster.json("volume", "show", volume).path("hosts")) if (h.path("host").asText().equals(name)) return h;
    throw new AssertionError(volume + " is not on " + name);
  }

  void awaitRoute(String volume, String route) {
    Await.until(volume + " on " + name + " goes " + route, () -> route(volume).path("route").asText().equals(route));
  }

  @Override
  public void close() {
    agent.close();
  }
}
