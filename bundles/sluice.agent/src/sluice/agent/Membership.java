package sluice.agent;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.HostPort;
import sluice.net.JoinClient;
import sluice.net.pki.Identity;
import sluice.net.pki.JoinTokenText;
import sluice.net.pki.KeyRequest;
import sluice.net.pki.PrivateFiles;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Joined;

/**
 * Who this host is in which cluster: {@code DIR/identity/} and {@code DIR/cluster.properties}, in the form of a profile of the
 * command line, so that {@code --identity DIR} works. Made by joining once; the key never leaves the folder. Blocks.
 *
 * @param addresses of the server's control ports: those given, or those remembered
 */
record Membership(Path dir, Identity identity, String clusterName, List<HostPort> addresses) {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 64 * 1024;

  /** What there is in the folder; without an identity, joins with the token. */
  static Membership of(AgentConfig config) {
    Path folder = config.dir().resolve("identity");
    if (!Identity.exists(folder)) return join(config, folder);
    Identity identity = Identity.load(folder);
    Properties known = properties(file(config.dir()));
    List<HostPort> addresses = new ArrayList<>(config.servers());
    if (addresses.isEmpty() && known.containsKey("addresses")) addresses.addAll(HostPort.parseList(known.getProperty("addresses")));
    if (addresses.isEmpty()) throw noServer();
    if (!config.token().isEmpty()) LOG.info("this host has joined already, the token is not used");
    Membership m = new Membership(config.dir(), identity, known.getProperty("cluster.name", ""), List.copyOf(addresses));
    m.save(m.addresses);
    return m;
  }

  private static Membership join(AgentConfig config, Path folder) {
    if (config.servers().isEmpty()) throw noServer();
    if (config.token().isEmpty()) {
      throw new SluiceException(ErrorCode.UNAUTHENTICATED, "this host has not joined a cluster", "there is no identity in " + folder,
          "make a token with 'sluice host token NAME', put it into a file, and start the agent once with --token-file FILE", folder.toString());
    }
    JoinTokenText token = JoinTokenText.parse(config.token());
    KeyRequest key = KeyRequest.in(folder);
    Joined joined = JoinClient.join(config.servers(), token, Join.As.HOST, key, PATIENCE);
    Identity identity = key.identity(joined);
    Membership m = new Membership(config.dir(), identity, joined.getClusterName(), config.servers());
    // The certificate comes last: a start in between joins again with the same key, and gets the same answer.
    m.save(m.addresses);
    identity.save(folder);
    LOG.info("joined cluster {} as host {} ({})", joined.getClusterName(), joined.getName(), joined.getId());
    return m;
  }

  /** How a host whose identity is not accepted any more comes back. */
  String remedy() {
    return "stop the agent, remove " + dir.resolve("identity") + " and " + file(dir) + ", make a token with 'sluice host token "
        + identity.self().name() + "', and start the agent with --server HOST:PORT --token-file FILE";
  }

  private static SluiceException noServer() {
    return new SluiceException(ErrorCode.INVALID_ARGUMENT, "the agent does not know where the server is", "no address was given",
        "name it with --server HOST:PORT");
  }

  /** Keeps what the server told, for the next start and for the command line. */
  void learned(String name, List<HostPort> told) {
    List<HostPort> all = new ArrayList<>(addresses);
    for (HostPort a : told) if (!all.contains(a)) all.add(a);
    new Membership(dir, identity, name, addresses).save(all);
  }

  private void save(List<HostPort> all) {
    Properties p = new Properties();
    p.setProperty("cluster.id", identity.self().clusterId());
    p.setProperty("cluster.name", clusterName.isEmpty() ? identity.self().clusterId() : clusterName);
    p.setProperty("identity.kind", identity.self().kind().name());
    p.setProperty("identity.id", identity.self().id());
    p.setProperty("identity.name", identity.self().name());
    p.setProperty("addresses", all.stream().map(HostPort::toString).collect(Collectors.joining(",")));
    if (p.equals(properties(file(dir)))) return;
    StringWriter text = new StringWriter();
    try {
      p.store(text, null);
    } catch (IOException e) {
      throw new IllegalStateException("a StringWriter does not fail", e);
    }
    PrivateFiles.write(file(dir), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static Path file(Path dir) {
    return dir.resolve("cluster.properties");
  }

  private static Properties properties(Path file) {
    Properties p = new Properties();
    if (!Files.exists(file)) return p;
    try {
      p.load(new StringReader(new String(PrivateFiles.read(file, MAX_BYTES), StandardCharsets.UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} is not readable and will be written anew: {}", file, e.getMessage());
      p.clear();
    }
    return p;
  }
}
