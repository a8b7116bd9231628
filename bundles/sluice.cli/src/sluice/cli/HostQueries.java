package sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.cli.output.Table;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Volume;

/** Verbs that look at hosts. */
final class HostQueries {
  private HostQueries() {}

  @Command(name = "list", description = "List hosts, whether they are online, and over which networks.", footerHeading = "%nExamples:%n",
      footer = {"  sluice host list", "  sluice host list -o json"})
  static final class ListAll extends RemoteCommand {
    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      Names names = new Names(p);
      show(() -> p.getHostsList().stream().map(h -> tree(p, names, h)).toList(),
          () -> table(p).print(context().out(), "There are no hosts. 'sluice host token NAME' lets one join."));
      return 0;
    }
  }

  @Command(name = "show", description = "Show a host: its networks, lease, allowance and volumes.", footerHeading = "%nExamples:%n",
      footer = {"  sluice host show h1"})
  static final class Show extends RemoteCommand {
    @Parameters(paramLabel = "HOST", description = "Its name or id.")
    String host;

    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      Names names = new Names(p);
      Host h = names.host(host);
      show(() -> tree(p, names, h), () -> print(p, names, h));
      return 0;
    }

    private void print(Picture p, Names names, Host h) {
      HostStatus s = status(p, h);
      say("host       " + h.getName() + "  (" + h.getId() + ")");
      say("state      " + state(s) + (s.getSinceMs() == 0 ? "" : " since " + Moments.at(s.getSinceMs()) + " (" + Moments.ago(s.getSinceMs(), p.getTimeMs()) + ")"));
      say(Table.printable("software   " + (s.getSoftware().isEmpty() ? "-" : s.getSoftware())));
      say("lease      " + (s.getLeaseLeftMs() > 0 ? Moments.duration(s.getLeaseLeftMs()) + " left" : "run out"));
      say("allowance  " + (h.getAllowance().getPoolId().isEmpty() ? "none"
          : new ByteSize(h.getAllowance().getMaxBytes()) + " in pool " + names.of(h.getAllowance().getPoolId())));
      say("");
      Table networks = new Table().text("NETWORK", "STATE", "SINCE", "FROM", "WHY");
      for (NetworkStatus n : s.getNetworksList()) {
        networks.row(n.getServerAddress(), n.getUp() ? "up" : "down", Moments.at(n.getSinceMs()), n.getPeerAddress(), n.getReason());
      }
      networks.print(context().out(), "It has not connected since the server started.");
      say("");
      Table volumes = new Table().text("NAME", "POOL").number("SIZE").text("LAYOUT", "HOST", "ACCESS", "ROUTE", "SINCE", "WHY");
      for (Volume v : p.getVolumesList()) if (holds(h, v)) VolumeQueries.rows(volumes, p, names, v);
      volumes.print(context().out(), "It holds no volumes.");
    }
  }

  /** The hosts with a row for each of their networks; for the status as well. */
  static Table table(Picture p) {
    Table table = new Table().text("HOST", "STATE", "SINCE").number("VOLUMES").text("NETWORK", "LINK", "LINK SINCE", "WHY");
    for (Host h : p.getHostsList()) {
      HostStatus s = status(p, h);
      long held = p.getVolumesList().stream().filter(v -> holds(h, v)).count();
      if (s.getNetworksCount() == 0) table.row(h.getName(), state(s), Moments.at(s.getSinceMs()), held, "", "", "", "");
      for (NetworkStatus n : s.getNetworksList()) {
        table.row(h.getName(), state(s), Moments.at(s.getSinceMs()), held, n.getServerAddress(), n.getUp() ? "up" : "down",
            Moments.at(n.getSinceMs()), n.getReason());
      }
    }
    return table;
  }

  static HostStatus status(Picture p, Host h) {
    for (HostStatus s : p.getHostStatusList()) if (s.getHostId().equals(h.getId())) return s;
    return HostStatus.getDefaultInstance();
  }

  static String state(HostStatus s) {
    return s.getState() == HostStatus.State.STATE_UNSPECIFIED ? "offline" : s.getState().name().toLowerCase(Locale.ROOT);
  }

  private static boolean holds(Host h, Volume v) {
    for (Attachment a : v.getAttachmentsList()) if (a.getHostId().equals(h.getId())) return true;
    return false;
  }

  private static Map<String, Object> tree(Picture p, Names names, Host h) {
    Map<String, Object> tree = MessageJson.of(h);
    HostStatus s = status(p, h);
    tree.put("state", state(s));
    tree.put("since_ms", s.getSinceMs());
    tree.put("software", s.getSoftware());
    tree.put("lease_left_ms", s.getLeaseLeftMs());
    tree.put("networks", MessageJson.of(s.getNetworksList()));
    List<String> volumes = new ArrayList<>();
    for (Volume v : p.getVolumesList()) if (holds(h, v)) volumes.add(v.getName());
    tree.put("volumes", volumes);
    if (!h.getAllowance().getPoolId().isEmpty()) tree.put("allowance_pool", names.of(h.getAllowance().getPoolId()));
    return tree;
  }
}
