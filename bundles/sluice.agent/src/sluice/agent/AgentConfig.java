package sluice.agent;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.HostPort;

/**
 * How an agent was told to run.
 *
 * @param dir its folder
 * @param servers control addresses, best first; may be empty if the folder knows them
 * @param token to join with; empty if it has joined
 * @param disks this host's own ways to disks
 * @param onlyOwnDisks whether the ways that the server knows are left alone
 * @param tcp first port of exports over TCP on loopback; 0: any; -1: none
 * @param ioTimeoutMs how long a request waits for a way
 * @param directDeadlineMs when a request by the direct way casts doubt on it
 * @param loops event loops
 * @param metrics loopback address of the metrics; port 0: any
 */
record AgentConfig(Path dir, List<HostPort> servers, String token, List<DiskUri> disks, boolean onlyOwnDisks, int tcp, long ioTimeoutMs,
    long directDeadlineMs, int loops, HostPort metrics) {
  private static final int MAX_LOOPS = 64;

  /** @param property value by name, or null; fails with INVALID_ARGUMENT that names the property */
  static AgentConfig of(UnaryOperator<String> property) {
    String dir = text(property, "sluice.agent.dir");
    if (dir.isEmpty()) throw wrong("sluice.agent.dir", "", "it is missing", "name the agent's folder with --dir");
    String servers = text(property, "sluice.agent.servers");
    int cores = Runtime.getRuntime().availableProcessors();
    return new AgentConfig(
        path(dir),
        servers.isEmpty() ? List.of() : HostPort.parseList(servers),
        text(property, "sluice.agent.token"),
        disks(text(property, "sluice.agent.disks")),
        text(property, "sluice.agent.onlyOwnDisks").equals("true"),
        tcp(text(property, "sluice.agent.tcp")),
        number(property, "sluice.agent.ioTimeoutMs", 60_000, 100, 86_400_000),
        number(property, "sluice.agent.directDeadlineMs", 2_000, 50, 600_000),
        (int) number(property, "sluice.agent.loops", Math.max(1, Math.min(4, cores / 2)), 1, MAX_LOOPS),
        metrics(text(property, "sluice.agent.metrics")));
  }

  private static Path path(String dir) {
    try {
      return Path.of(dir).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw wrong("sluice.agent.dir", dir, e.getReason(), "name a folder");
    }
  }

  private static List<DiskUri> disks(String text) {
    List<DiskUri> disks = new ArrayList<>();
    for (String part : text.split("[,\\s]+")) if (!part.isEmpty()) disks.add(new DiskUri(part));
    return List.copyOf(disks);
  }

  private static HostPort metrics(String text) {
    return text.isEmpty() ? new HostPort("127.0.0.1", 0) : HostPort.parse(text);
  }

  private static int tcp(String text) {
    if (text.isEmpty() || text.equals("false")) return -1;
    if (text.equals("true")) return 0;
    return (int) number(name -> text, "sluice.agent.tcp", -1, 0, 65_535);
  }

  private static String text(UnaryOperator<String> property, String name) {
    String value = property.apply(name);
    return value == null ? "" : value.strip();
  }

  private static long number(UnaryOperator<String> property, String name, long otherwise, long least, long most) {
    String value = text(property, name);
    if (value.isEmpty()) return otherwise;
    String range = "give a whole number from " + least + " to " + most;
    try {
      long number = Long.parseLong(value);
      if (number < least || number > most) throw wrong(name, value, "it is out of range", range);
      return number;
    } catch (NumberFormatException e) {
      throw wrong(name, value, "it is not a number", range);
    }
  }

  private static SluiceException wrong(String name, String value, String why, String correction) {
    return new SluiceException(ErrorCode.INVALID_ARGUMENT, "the agent cannot start with " + name + " '" + value + "'", why, correction, name);
  }
}
