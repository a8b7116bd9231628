package sluice.cli;

import java.util.Locale;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.cli.output.Table;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** Verbs that look at disks. */
final class DiskQueries {
  private DiskQueries() {}

  @Command(name = "list", description = "List the cluster's disks, and whether the server reaches them.", footerHeading = "%nExamples:%n",
      footer = {"  sluice disk list", "  sluice disk list -o json"})
  static final class ListAll extends RemoteCommand {
    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      Names names = new Names(p);
      show(() -> p.getDisksList().stream().map(d -> tree(p, names, d)).toList(), () -> {
        Table table = table();
        for (Disk d : p.getDisksList()) row(table, p, names, d);
        table.print(context().out(), names.ofHost() ? "Disks are shown to administrators." : "There are no disks. 'sluice disk scan' shows what could be added.");
      });
      return 0;
    }
  }

  @Command(name = "show", description = "Show a disk: the ways to it, its state, and which volumes lie on it.", footerHeading = "%nExamples:%n",
      footer = {"  sluice disk show d1"})
  static final class Show extends RemoteCommand {
    @Parameters(paramLabel = "DISK", description = "Its name or id.")
    String disk;

    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      Names names = new Names(p);
      Disk d = names.disk(disk);
      show(() -> tree(p, names, d), () -> print(p, names, d));
      return 0;
    }

    private void print(Picture p, Names names, Disk d) {
      DiskStatus s = status(p, d);
      say("disk      " + d.getName() + "  (" + d.getId() + ")");
      say("pool      " + (d.getPoolId().isEmpty() ? "none" : names.of(d.getPoolId())));
      say("capacity  " + new ByteSize(d.getCapacityBytes()) + ", " + new ByteSize(usable(d)) + " for volumes, "
          + new ByteSize(usable(d) - allocated(p, d)) + " free");
      say("domain    " + (d.getDomain().isEmpty() ? "none" : d.getDomain()));
      if (d.getSpare()) say("role      spare: kept for legs that replace others");
      if (d.getClosed()) say("use       " + use(p, d).strip().replaceAll("[()]", "") + ": takes no new extents");
      say(Table.printable("state     " + state(s) + (s.getSinceMs() == 0 ? "" : " since " + Moments.at(s.getSinceMs()))
          + (s.getReason().isEmpty() ? "" : ": " + s.getReason())));
      for (String uri : d.getUrisList()) say(Table.printable("way       " + uri + (uri.equals(s.getUri()) ? "  (in use)" : "")));
      say("");
      Table table = new Table().text("VOLUME").number("OFFSET", "LENGTH");
      for (Volume v : p.getVolumesList()) extents(v, d, table);
      table.print(context().out(), "No volume lies on it.");
    }

    private static void extents(Volume v, Disk d, Table table) {
      for (Extent e : extentsOf(v)) if (e.getDiskId().equals(d.getId())) table.row(v.getName(), e.getOffsetBytes(), new ByteSize(e.getLengthBytes()));
      for (LegInfo leg : v.getLayout().getLegsList()) {
        Extent e = leg.getIntents();
        if (e.getDiskId().equals(d.getId())) table.row(v.getName() + "'s write intents", e.getOffsetBytes(), new ByteSize(e.getLengthBytes()));
      }
    }
  }

  static Table table() {
    return new Table().text("DISK", "POOL").number("CAPACITY", "FREE").text("STATE", "SINCE", "WAY", "WHY");
  }

  static void row(Table table, Picture p, Names names, Disk d) {
    DiskStatus s = status(p, d);
    String way = s.getUri().isEmpty() && d.getUrisCount() > 0 ? d.getUris(0) : s.getUri();
    table.row(d.getName(), names.of(d.getPoolId()) + (d.getSpare() ? " (spare)" : "") + use(p, d), new ByteSize(d.getCapacityBytes()), new ByteSize(usable(d) - allocated(p, d)),
        state(s), Moments.at(s.getSinceMs()), way, s.getReason());
  }

  /** " (evacuating)", " (closed)"; empty of a disk that takes new extents. */
  private static String use(Picture p, Disk d) {
    if (!d.getClosed()) return "";
    for (Task t : p.getTasksList()) {
      if (!Tasks.ended(t) && t.getMove().getDiskId().equals(d.getId())) return t.getKind() == Task.Kind.EVACUATE ? " (evacuating)" : " (being replaced)";
    }
    return allocated(p, d) == 0 ? " (closed, empty)" : " (closed)";
  }

  static DiskStatus status(Picture p, Disk d) {
    for (DiskStatus s : p.getDiskStatusList()) if (s.getDiskId().equals(d.getId())) return s;
    return DiskStatus.getDefaultInstance();
  }

  static String state(DiskStatus s) {
    return s.getState() == DiskStatus.State.STATE_UNSPECIFIED ? "unknown" : s.getState().name().toLowerCase(Locale.ROOT);
  }

  private static long usable(Disk d) {
    return Math.max(0, d.getDataEndBytes() - d.getDataStartBytes());
  }

  /** Of all legs; what a leg has in common with the one that it is to replace once. */
  private static List<Extent> extentsOf(Volume v) {
    List<Extent> extents = new ArrayList<>();
    for (int l = 0; l < Math.max(1, v.getLayout().getLegsCount()); l++) extents.addAll(LegExtents.moved(v.getLayout(), l));
    return extents;
  }

  private static long allocated(Picture p, Disk d) {
    long sum = 0;
    for (Volume v : p.getVolumesList()) {
      for (Extent e : extentsOf(v)) if (e.getDiskId().equals(d.getId())) sum += e.getLengthBytes();
      for (LegInfo leg : v.getLayout().getLegsList()) if (leg.getIntents().getDiskId().equals(d.getId())) sum += leg.getIntents().getLengthBytes();
    }
    return sum;
  }

  private static Map<String, Object> tree(Picture p, Names names, Disk d) {
    Map<String, Object> tree = MessageJson.of(d);
    DiskStatus s = status(p, d);
    tree.put("pool", names.of(d.getPoolId()));
    tree.put("usable_bytes", usable(d));
    tree.put("allocated_bytes", allocated(p, d));
    tree.put("free_bytes", usable(d) - allocated(p, d));
    tree.put("state", state(s));
    tree.put("reason", s.getReason());
    tree.put("since_ms", s.getSinceMs());
    tree.put("uri", s.getUri());
    return tree;
  }
}
