package sluice.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.cli.output.Near;
import sluice.cli.output.Table;
import sluice.client.ClusterProfile;
import sluice.client.Profiles;
import sluice.net.HostPort;

/** The noun {@code cluster}: what this command line knows; nothing here asks a server. */
@Command(
    name = "cluster",
    description = "Clusters that this command line knows, and which one it talks to.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {ClusterCommands.ListAll.class, ClusterCommands.Use.class, ClusterCommands.Remove.class, ClusterCommands.Add.class},
    footerHeading = "%nExamples:%n",
    footer = {"  sluice cluster list", "  sluice cluster use lab"})
final class ClusterCommands {
  @Command(name = "list", description = "List the clusters; a star marks the current one.", footerHeading = "%nExamples:%n",
      footer = {"  sluice cluster list", "  sluice cluster list -o json"})
  static final class ListAll extends OutputCommand {
    @Override
    public Integer call() {
      Profiles profiles = new Profiles(context().configFolder());
      String current = profiles.current().orElse("");
      List<Object> trees = new ArrayList<>();
      Table table = new Table().text("CURRENT", "NAME", "CLUSTER", "AS", "ADDRESSES");
      for (String name : profiles.list()) {
        ClusterProfile p = profiles.get(name);
        String as = p.kind().name().toLowerCase(Locale.ROOT) + " " + p.name();
        table.row(name.equals(current) ? "*" : "", name, p.clusterName(), as, words(p.addresses()));
        trees.add(tree(name, name.equals(current), p));
      }
      show(() -> trees, () -> table.print(context().out(), "None. 'sluice server' makes one, 'sluice user join' joins one."));
      return 0;
    }

    private static Map<String, Object> tree(String name, boolean current, ClusterProfile p) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("name", name);
      tree.put("current", current);
      tree.put("cluster_id", p.clusterId());
      tree.put("cluster_name", p.clusterName());
      tree.put("identity_kind", p.kind().name().toLowerCase(Locale.ROOT));
      tree.put("identity_name", p.name());
      tree.put("addresses", p.addresses().stream().map(HostPort::toString).toList());
      return tree;
    }
  }

  @Command(name = "use", description = "Talk to this cluster from now on.", footerHeading = "%nExamples:%n", footer = "  sluice cluster use lab")
  static final class Use extends CliCommand {
    @Parameters(paramLabel = "NAME", description = "As in 'sluice cluster list'.")
    String name;

    @Override
    public Integer call() {
      Profiles profiles = new Profiles(context().configFolder());
      Near.require("cluster", name, profiles.list());
      profiles.use(name);
      say("commands go to cluster " + name);
      return 0;
    }
  }

  @Command(name = "remove", description = "Forget a cluster and the key to it. The cluster itself is not touched.", footerHeading = "%nExamples:%n",
      footer = "  sluice cluster remove lab")
  static final class Remove extends CliCommand {
    @Parameters(paramLabel = "NAME", description = "As in 'sluice cluster list'.")
    String name;

    @Override
    public Integer call() {
      Profiles profiles = new Profiles(context().configFolder());
      Near.require("cluster", name, profiles.list());
      profiles.remove(name);
      say("cluster " + name + " forgotten");
      return 0;
    }
  }

  @Command(name = "add", description = "Take over a cluster's folder that was copied from elsewhere, such as the one that a server's first start made.",
      footerHeading = "%nExamples:%n", footer = "  sluice cluster add lab --from /media/stick/lab")
  static final class Add extends CliCommand {
    @Parameters(paramLabel = "NAME", description = "What to call it here.")
    String name;

    @Option(names = "--from", required = true, paramLabel = "DIR", description = "The folder: cluster.properties and identity/ are in it. It may be deleted afterwards.")
    Path from;

    @Option(names = "--server", paramLabel = "HOST:PORT", split = ",", description = "The server's addresses as seen from here, if they differ from those in the folder.")
    List<HostPort> servers;

    @Override
    public Integer call() {
      ClusterProfile there = ClusterProfile.load(from.toAbsolutePath());
      new Profiles(context().configFolder()).create(name, there.identity(), there.clusterName(), servers == null ? there.addresses() : servers);
      say("cluster " + there.clusterName() + " added as " + name + "; 'sluice cluster use " + name + "' makes it the current one");
      return 0;
    }
  }

  private static String words(List<HostPort> addresses) {
    return String.join(", ", addresses.stream().map(HostPort::toString).toList());
  }
}
