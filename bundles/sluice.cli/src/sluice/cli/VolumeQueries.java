package sluice.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.cli.output.Moments;
import sluice.cli.output.Table;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.IoCounters;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** Verbs that look at volumes. */
final class VolumeQueries {
  private VolumeQueries() {}

  @Command(name = "list", description = "List volumes, with the hosts that hold them and the route each goes.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume list", "  sluice volume list -o json"})
  static final class ListAll extends RemoteCommand {
    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      Names names = new Names(p);
      show(() -> p.getVolumesList().stream().map(v -> new VolumeView(p, names, v).tree()).toList(), () -> {
        Table table = new Table().text("NAME", "POOL").number("SIZE").text("LAYOUT", "HOST", "ACCESS", "ROUTE", "SINCE", "WHY");
        for (Volume v : p.getVolumesList()) rows(table, p, names, v);
        table.print(context().out(), "There are no volumes. 'sluice volume create' makes one.");
      });
      return 0;
    }
  }

  /** One row for each host that holds it; one with dashes if none does. */
  static void rows(Table table, Picture p, Names names, Volume v) {
    VolumeView view = new VolumeView(p, names, v);
    String pool = names.of(v.getPoolId());
    ByteSize size = new ByteSize(v.getSizeBytes());
    if (v.getAttachmentsCount() == 0) table.row(v.getName(), pool, size, view.layout(), "", "", "", "", "");
    for (Attachment a : v.getAttachmentsList()) {
      VolumeStatus s = view.status(a.getHostId());
      long since = s == null ? a.getSinceMs() : s.getSinceMs();
      table.row(v.getName(), pool, size, view.layout(), names.of(a.getHostId()), VolumeView.access(a.getAccess()),
          VolumeView.route(s), Moments.at(since), view.reason(a));
    }
  }

  @Command(name = "show", description = "Show a volume: where it lies, who may use it, who holds it by which route, why and since when.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume show v1", "  sluice volume show v1 -o json"})
  static final class Show extends RemoteCommand {
    @Parameters(paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      Names names = new Names(p);
      Volume v = names.volume(volume);
      VolumeView view = new VolumeView(p, names, v);
      show(view::tree, () -> print(v, view, names, p));
      return 0;
    }

    private void print(Volume v, VolumeView view, Names names, Picture p) {
      say("volume   " + v.getName() + "  (" + v.getId() + ")");
      say("size     " + new ByteSize(v.getSizeBytes()) + ", " + view.layout() + ", in pool " + names.of(v.getPoolId())
          + (v.getShared() ? ", shared" : ""));
      say("epoch    " + v.getLayout().getEpoch());
      say("created  " + Moments.at(v.getCreatedMs())
          + (v.getCreatedByHostId().isEmpty() ? "" : " by host " + names.of(v.getCreatedByHostId())));
      say("grants   " + (v.getGrantsCount() == 0 ? "none" : v.getGrantsList().stream()
          .map((Grant g) -> names.of(g.getHostId()) + " " + VolumeView.access(g.getAccess())).collect(Collectors.joining(", "))));
      for (Attachment a : v.getAttachmentsList()) host(a, view, names, p.getTimeMs());
      say("");
      Table legs = LegTable.legs(p, v);
      if (legs.size() > 0) {
        legs.print(context().out());
        say("");
      }
      LegTable.extents(names, v).print(context().out(), "Its layout is not shown to you.");
    }

    private static String count(long n, String noun) {
      return n + " " + noun + (n == 1 ? "" : "s");
    }

    private void host(Attachment a, VolumeView view, Names names, long now) {
      VolumeStatus s = view.status(a.getHostId());
      say("");
      say("host     " + names.of(a.getHostId()) + ", " + VolumeView.access(a.getAccess()));
      String reason = view.reason(a);
      long since = s == null ? a.getSinceMs() : s.getSinceMs();
      if (view.offlineSince(a.getHostId()) > 0) say(Table.printable("route    " + VolumeView.route(s) + " when it was last heard of: " + reason));
      else say(Table.printable("route    " + VolumeView.route(s) + " since " + Moments.at(since) + " (" + Moments.ago(since, now) + ")"
          + (reason.isEmpty() ? "" : ": " + reason)));
      if (s == null) return;
      if (!s.getNbdUri().isEmpty()) say(Table.printable("uri      " + s.getNbdUri()));
      IoCounters c = s.getCounters();
      say("I/O      " + count(c.getReads(), "read") + " (" + new ByteSize(c.getReadBytes()) + "), " + count(c.getWrites(), "write") + " ("
          + new ByteSize(c.getWrittenBytes()) + "), " + c.getRedirected() + " redirected, " + count(c.getErrors(), "error") + ", "
          + c.getInFlight() + " in flight, " + c.getInDoubt() + " in doubt");
    }
  }
}
