package sluice.server;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.client.Profiles;
import sluice.net.HostPort;

/**
 * How a server is to run.
 *
 * @param dir its folder
 * @param listen one address for each network
 * @param nbdPortOffset the server route listens at the control port plus this
 * @param advertise what peers are told instead of {@code listen}, in the same order; may be empty
 * @param clusterName of a cluster that is made
 * @param config the command line's folder, for the first administrator's credential
 * @param loops event loops for disks and the server route
 * @param leaseMs hosts' leases
 * @param heartbeatMs hosts' heartbeats
 * @param metrics loopback address of the metrics
 * @param software name and version, as peers see it
 */
public record ServerSettings(Path dir, List<HostPort> listen, int nbdPortOffset, List<HostPort> advertise, String clusterName,
    Path config, int loops, int leaseMs, int heartbeatMs, HostPort metrics, String software) {
  public static final int DEFAULT_LEASE_MS = 15_000;
  public static final int DEFAULT_HEARTBEAT_MS = 2_000;
  private static final int MOST_NETWORKS = 8;

  public ServerSettings {
    listen = List.copyOf(listen);
    advertise = List.copyOf(advertise);
    if (listen.size() > MOST_NETWORKS) throw wrong("sluice.server.listen", "there are more than " + MOST_NETWORKS + " networks");
    if (!advertise.isEmpty() && advertise.size() != listen.size()) {
      throw wrong("sluice.server.advertise", "it must name as many addresses as the server listens on, in the same order");
    }
    if (nbdPortOffset < 1 || nbdPortOffset > 1000) throw wrong("sluice.server.nbdPortOffset", "it must be 1 to 1000");
    for (HostPort a : listen) if (a.port() + nbdPortOffset > 65535) throw wrong("sluice.server.listen", a + " leaves no port for the server route");
    if (!clusterName.matches("[a-z0-9][a-z0-9._-]{0,63}")) throw wrong("sluice.server.name", "names are 1 to 64 of a-z, 0-9, '-', '_' and '.'");
    if (loops < 1 || loops > 64) throw wrong("sluice.server.loops", "it must be 1 to 64");
    if (heartbeatMs < 100 || leaseMs < 3 * heartbeatMs || leaseMs > 600_000) {
      throw wrong("sluice.server.leaseMs", "a lease lasts three heartbeats at least, and ten minutes at most");
    }
  }

  /** From the framework's properties {@code sluice.server.*}. @param property by full name, null if it is not set */
  public static ServerSettings of(UnaryOperator<String> property, String software) {
    String dir = property.apply("sluice.server.dir");
    if (dir == null || dir.isBlank()) throw wrong("sluice.server.dir", "it is not set");
    String config = property.apply("sluice.server.config");
    return new ServerSettings(Path.of(dir), HostPort.parseList(text(property, "sluice.server.listen", "127.0.0.1:7440")),
        number(property, "sluice.server.nbdPortOffset", 1), advertised(property.apply("sluice.server.advertise")),
        text(property, "sluice.server.name", "sluice"), config == null || config.isBlank() ? Profiles.standard().root() : Path.of(config),
        number(property, "sluice.server.loops", Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2))),
        number(property, "sluice.server.leaseMs", DEFAULT_LEASE_MS), number(property, "sluice.server.heartbeatMs", DEFAULT_HEARTBEAT_MS),
        HostPort.parse(text(property, "sluice.server.metrics", "127.0.0.1:0")), software);
  }

  private static List<HostPort> advertised(String value) {
    return value == null || value.isBlank() ? List.of() : HostPort.parseList(value);
  }

  private static String text(UnaryOperator<String> property, String name, String otherwise) {
    String value = property.apply(name);
    return value == null || value.isBlank() ? otherwise : value.strip();
  }

  private static int number(UnaryOperator<String> property, String name, int otherwise) {
    String value = text(property, name, Integer.toString(otherwise));
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw wrong(name, "'" + value + "' is not a number");
    }
  }

  private static SluiceException wrong(String setting, String why) {
    return new SluiceException(ErrorCode.INVALID_ARGUMENT, "the setting " + setting + " is wrong", why, "correct it, then start the server again", setting);
  }
}
