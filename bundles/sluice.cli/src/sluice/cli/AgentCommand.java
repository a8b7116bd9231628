package sluice.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.launch.Roles;
import sluice.net.pki.Identity;

/** Runs an agent. */
@Command(
    name = "agent",
    description = {
      "Run the agent of this host, until it is told to stop (SIGTERM or Ctrl-C).",
      "The first start joins the cluster with a token; each attached volume is then an NBD export in DIR/volumes."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice agent --dir /var/lib/sluice-agent --server 10.0.0.1:7440 --token-file t     the first time",
      "  sluice agent --dir /var/lib/sluice-agent --server 10.0.0.1:7440,10.1.0.1:7440      over two networks",
      "  sluice agent --dir /var/lib/sluice-agent                                           from then on",
      "  sluice agent --config /etc/sluice/agent.properties"
    })
final class AgentCommand extends ProgramCommand {
  @Option(names = "--server", paramLabel = "HOST:PORT", split = ",",
      description = "The server's addresses, one for each network; several with commas or several times. Needed once: what the server told is kept in DIR.")
  List<String> servers;

  @Option(names = "--token", paramLabel = "TOKEN", description = "What 'sluice host token' printed; needed once.")
  String token;

  @Option(names = "--token-file", paramLabel = "FILE",
      description = "A file that holds the token: unlike --token, it is not seen in the list of processes.")
  String tokenFile;

  @Option(names = "--disk", paramLabel = "URI",
      description = "A way by which this host reaches a shared disk; several times. Tried before those that the server knows. The label tells which disk it is.")
  List<String> disks;

  @Option(names = "--only-own-disks", arity = "0",
      description = "Reach disks by --disk alone, not by the ways that the server knows: for hosts where those would lead elsewhere.")
  boolean onlyOwnDisks;

  @Option(names = "--tcp", arity = "0", description = "Offer volumes on 127.0.0.1 as well, beside their Unix sockets.")
  boolean tcp;

  @Option(names = "--io-timeout", paramLabel = "TIME", description = "How long I/O waits for either way before it fails. Default: 60s.")
  String ioTimeout;

  @Option(names = "--direct-deadline", paramLabel = "TIME", description = "How long a request may take straight before the way is doubted. Default: 2s.")
  String directDeadline;

  @Option(names = "--loops", paramLabel = "N", description = "Event loops for I/O. Default: one for each two processors.")
  String loops;

  @Override
  Roles role() {
    return Roles.AGENT;
  }

  @Override
  void settings(Map<String, String> to) {
    String addresses = addresses(servers, "server");
    boolean joined = Files.exists(Path.of(to.get("sluice.agent.dir")).resolve("cluster.properties"));
    if (addresses.isEmpty() && !joined) throw missing("--server", "the server's address, like --server 10.0.0.1:7440");
    if (!addresses.isEmpty()) to.put("sluice.agent.servers", addresses);
    String file = text(tokenFile, "token-file");
    String read = TokenOption.read(text(token, "token"), file);
    if (read == null && file != null && !Identity.exists(Path.of(to.get("sluice.agent.dir")).resolve("identity"))) {
      throw new SluiceException(ErrorCode.NOT_FOUND, "this host cannot join: there is no file '" + file + "'", "it is to hold the token (--token-file)",
          "write into it what 'sluice host token NAME' prints", file);
    }
    put(to, "sluice.agent.token", read);
    List<String> ways = list(disks, "disk").stream().map(d -> Converters.disk(d).text()).toList();
    if (!ways.isEmpty()) to.put("sluice.agent.disks", String.join(",", ways));
    flag(to, "sluice.agent.onlyOwnDisks", onlyOwnDisks, "only-own-disks");
    flag(to, "sluice.agent.tcp", tcp, "tcp");
    duration(to, "sluice.agent.ioTimeoutMs", ioTimeout, "io-timeout");
    duration(to, "sluice.agent.directDeadlineMs", directDeadline, "direct-deadline");
    Long count = number(loops, "loops", 1, 256);
    if (count != null) to.put("sluice.agent.loops", count.toString());
  }

  private void flag(Map<String, String> to, String property, boolean given, String key) {
    String value = text(given ? "true" : null, key);
    if (value == null || value.equals("false")) return;
    if (!value.equals("true")) throw invalid(key + " = '" + value + "'", "write true or false");
    to.put(property, value);
  }

  private void duration(Map<String, String> to, String property, String typed, String key) {
    String value = text(typed, key);
    if (value != null) to.put(property, Long.toString(Converters.duration(value).toMillis()));
  }
}
