package sluice.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.api.ErrorCode;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Table;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalCheck;
import sluice.protocol.v1.LocalHealth;
import sluice.protocol.v1.LocalHealthReport;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** Says whether all is well: of one program on this machine, or of the cluster. */
@Command(
    name = "health",
    description = "Check a server or agent on this machine, or the whole cluster. Exit code 0: all good; 1: something is not.",
    footerHeading = "%nExamples:%n",
    footer = {"  sluice health --dir /var/lib/sluice-agent      the agent on this machine", "  sluice health                                  the cluster"})
final class HealthCommand extends OutputCommand {
  @Option(names = "--dir", paramLabel = "DIR", description = "The folder of a server or agent on this machine. Default: look at the cluster.")
  Path dir;

  @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster to look at. Default: the current one.")
  String cluster;

  @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10s", description = "How long to look for a server that answers. Default: ${DEFAULT-VALUE}.")
  Duration timeout;

  @Override
  public Integer call() {
    return dir != null ? local() : remote();
  }

  private int local() {
    LocalCall call = LocalCall.newBuilder().setHealth(LocalHealth.getDefaultInstance()).build();
    LocalHealthReport report = LocalCommand.ask(context(), dir, call, "asking").getHealth();
    show(() -> MessageJson.of(report), () -> {
      say(Table.printable(report.getProgram() + " (" + report.getSoftware() + ") is " + (report.getHealthy() ? "healthy" : "not healthy")
          + (report.getMetricsAddress().isEmpty() ? "" : "; metrics at " + report.getMetricsAddress())));
      table(report.getChecksList());
    });
    return exit(report.getHealthy());
  }

  private int remote() {
    Picture p;
    try (ClusterSession session = context().connector().connect(context().configFolder(), cluster, null, timeout)) {
      p = session.picture();
    }
    List<LocalCheck> checks = checks(p);
    boolean healthy = checks.stream().allMatch(LocalCheck::getGood);
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("healthy", healthy);
    tree.put("checks", MessageJson.of(checks));
    show(() -> tree, () -> {
      say("cluster " + p.getCluster().getName() + " is " + (healthy ? "healthy" : "not healthy"));
      table(checks);
    });
    return exit(healthy);
  }

  private void table(List<LocalCheck> checks) {
    Table table = new Table().text("CHECK", "GOOD", "TEXT");
    for (LocalCheck c : checks) table.row(c.getName(), c.getGood() ? "yes" : "NO", c.getText());
    table.print(context().out(), "There is nothing to check yet.");
  }

  /** Every host is online, every disk is reached, every copy is in sync, every held volume goes straight to its disks. */
  static List<LocalCheck> checks(Picture p) {
    Names names = new Names(p);
    List<LocalCheck> checks = new ArrayList<>();
    for (Host h : p.getHostsList()) {
      HostStatus s = HostQueries.status(p, h);
      boolean up = s.getState() == HostStatus.State.ONLINE;
      long down = s.getNetworksList().stream().filter(n -> !n.getUp()).count();
      checks.add(check("host " + h.getName(), up && down == 0, HostQueries.state(s) + (down == 0 ? "" : ", " + down + " of its networks down")));
    }
    for (Disk d : p.getDisksList()) {
      DiskStatus s = DiskQueries.status(p, d);
      checks.add(check("disk " + d.getName(), s.getState() == DiskStatus.State.ONLINE,
          DiskQueries.state(s) + (s.getReason().isEmpty() ? "" : ": " + s.getReason())));
    }
    for (Volume v : p.getVolumesList()) {
      int legs = v.getLayout().getLegsCount();
      if (legs == 0) {
        checks.add(plain(p, names, v));
        continue;
      }
      String degraded = LegTable.degraded(v);
      checks.add(check("volume " + v.getName(), degraded.isEmpty(), degraded.isEmpty() ? legs + " legs in sync" : degraded));
    }
    for (VolumeStatus s : p.getVolumeStatusList()) {
      if (!s.getHeld()) continue;
      checks.add(check("volume " + names.of(s.getVolumeId()) + " on " + names.of(s.getHostId()), s.getRoute() == VolumeStatus.Route.DIRECT,
          "route " + VolumeView.route(s) + (s.getReason().isEmpty() ? "" : ": " + s.getReason())));
    }
    return checks;
  }

  /** A volume of one leg is there when its disks are. */
  private static LocalCheck plain(Picture p, Names names, Volume v) {
    Set<String> away = new TreeSet<>();
    for (Segment s : v.getLayout().getSegmentsList()) {
      for (Leg l : s.getLegsList()) {
        for (Extent e : l.getColumnsList()) {
          for (DiskStatus d : p.getDiskStatusList()) {
            if (d.getDiskId().equals(e.getDiskId()) && d.getState() != DiskStatus.State.ONLINE) away.add(names.of(e.getDiskId()));
          }
        }
      }
    }
    return check("volume " + v.getName(), away.isEmpty(), away.isEmpty() ? "1 leg, its disks are reached"
        : "1 leg, and not reached: " + (away.size() == 1 ? "disk " : "disks ") + String.join(", ", away));
  }

  private static LocalCheck check(String name, boolean good, String text) {
    return LocalCheck.newBuilder().setName(name).setGood(good).setText(text).build();
  }

  private static int exit(boolean healthy) {
    return healthy ? 0 : ErrorCode.INTERNAL.exitCode();
  }
}
