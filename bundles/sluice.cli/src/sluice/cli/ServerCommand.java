package sluice.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.cli.launch.Roles;
import sluice.net.HostPort;

/** Runs a server. */
@Command(
    name = "server",
    description = {
      "Run the server, until it is told to stop (SIGTERM or Ctrl-C).",
      "The first start makes the cluster, and puts an administrator's credential into the command line's folder."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice server --dir /var/lib/sluice-server --listen 10.0.0.1:7440",
      "  sluice server --dir /var/lib/sluice-server --listen 10.0.0.1:7440 --listen 10.1.0.1:7440      two networks",
      "  sluice server --config /etc/sluice/server.properties"
    })
final class ServerCommand extends ProgramCommand {
  @Option(names = "--listen", paramLabel = "HOST:PORT", split = ",",
      description = "Where to take connections; several times for several networks. The server route listens beside it. Required.")
  List<String> listen;

  @Option(names = "--nbd-port-offset", paramLabel = "N", description = "The server route's port is the other one plus this. Default: 1.")
  String nbdPortOffset;

  @Option(names = "--advertise", paramLabel = "HOST:PORT", split = ",",
      description = "The addresses that hosts are told, in the order of --listen, where they differ.")
  List<String> advertise;

  @Option(names = "--name", paramLabel = "CLUSTER", description = "The cluster's name, at the first start. Default: sluice.")
  String name;

  @Override
  Roles role() {
    return Roles.SERVER;
  }

  @Override
  void settings(Map<String, String> to) {
    String addresses = addresses(listen, "listen");
    if (addresses.isEmpty()) throw missing("--listen", "an address, like --listen 10.0.0.1:7440");
    to.put("sluice.server.listen", addresses);
    Long offset = number(nbdPortOffset, "nbd-port-offset", -65534, 65534);
    if (offset != null && offset == 0) throw invalid("--nbd-port-offset is 0", "two things cannot listen on one port: give another number");
    long by = offset == null ? 1 : offset;
    for (String address : addresses.split(",")) {
      long nbd = HostPort.parse(address).port() + by;
      if (nbd < 1 || nbd > 65535) throw invalid("the server route of " + address + " would have port " + nbd, "change --listen or --nbd-port-offset");
    }
    to.put("sluice.server.nbdPortOffset", Long.toString(by));
    String advertised = addresses(advertise, "advertise");
    if (!advertised.isEmpty()) {
      if (advertised.split(",").length != addresses.split(",").length) {
        throw invalid("--advertise and --listen differ in number", "give one address to advertise for each that is listened on");
      }
      to.put("sluice.server.advertise", advertised);
    }
    String cluster = text(name, "name");
    if (cluster != null && !cluster.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
      throw invalid("'" + cluster + "' is not a cluster's name", "use 1 to 64 of a-z, 0-9, '-', '_' and '.', beginning with a letter or digit");
    }
    put(to, "sluice.server.name", cluster);
    to.put("sluice.server.config", context().configFolder().toString());
  }
}
