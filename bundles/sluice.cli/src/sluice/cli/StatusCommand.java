package sluice.cli;

import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.cli.output.Json;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.cli.output.Table;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** The whole cluster at a glance. */
@Command(
    name = "status",
    description = "Show the cluster: alerts, tasks, hosts with their networks, pools, disks, and each volume's route, why and since when.",
    footerHeading = "%nExamples:%n",
    footer = {"  sluice status", "  sluice status --watch", "  sluice status -o json"})
final class StatusCommand extends RemoteCommand {
  /** ANSI: home, and erase to the end: repainting without flicker. */
  private static final String HOME = "\u001b[H\u001b[J";
  /** Nobody reads faster than this. */
  private static final long REPAINT_MS = 500;

  @Option(names = "--watch", description = "Keep showing it as it changes, until interrupted.")
  boolean watch;

  @Override
  protected int run(ClusterSession session) {
    if (watch) return follow(session);
    Picture p = session.picture();
    show(() -> MessageJson.of(p), () -> print(p));
    return 0;
  }

  private int follow(ClusterSession session) {
    NewestPicture newest = new NewestPicture(this::paint, context().err());
    session.watch(newest);
    try {
      while (!context().out().checkError()) {
        newest.next();
        TimeUnit.MILLISECONDS.sleep(REPAINT_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private void paint(Picture p) {
    if (json()) say(Json.write(MessageJson.of(p)).replaceAll("\\n *", " "));
    else {
      context().out().print(context().terminal() ? HOME : System.lineSeparator());
      print(p);
    }
    context().out().flush();
  }

  private void print(Picture p) {
    Names names = new Names(p);
    say("cluster " + p.getCluster().getName() + ", " + Moments.at(p.getTimeMs()) + ", server at "
        + String.join(", ", p.getControlAddressesList()));
    say("");
    if (p.getAlertsCount() > 0) {
      AlertCommands.table(p.getAlertsList()).print(context().out());
      say("");
    }
    List<Task> running = p.getTasksList().stream().filter(t -> !Tasks.ended(t)).toList();
    if (!running.isEmpty()) {
      Tasks.table(p, running).print(context().out());
      say("");
    }
    HostQueries.table(p).print(context().out(), "No hosts. 'sluice host token NAME' lets one join.");
    say("");
    PoolQueries.table(p).print(context().out(), "No pools. 'sluice pool create' makes one of disks.");
    say("");
    Table disks = DiskQueries.table();
    for (Disk d : p.getDisksList()) DiskQueries.row(disks, p, names, d);
    disks.print(context().out(), names.ofHost() ? "Disks are shown to administrators." : "No disks. 'sluice disk scan' shows what could be added.");
    say("");
    Table volumes = new Table().text("VOLUME", "POOL").number("SIZE").text("LAYOUT", "HOST", "ACCESS", "ROUTE", "SINCE", "WHY");
    for (Volume v : p.getVolumesList()) VolumeQueries.rows(volumes, p, names, v);
    volumes.print(context().out(), "No volumes. 'sluice volume create' makes one.");
  }
}
