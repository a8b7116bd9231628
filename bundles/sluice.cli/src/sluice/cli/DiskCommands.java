package sluice.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Table;
import sluice.protocol.v1.AddDisks;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.NewDisk;
import sluice.protocol.v1.RecheckDisks;
import sluice.protocol.v1.RemoveDiskAndErase;
import sluice.protocol.v1.ScanDisks;
import sluice.protocol.v1.ScanResult;
import sluice.protocol.v1.ScannedDisk;
import sluice.protocol.v1.SetDisk;

/** The noun {@code disk}. */
@Command(
    name = "disk",
    description = "Disks: files, block devices and NBD exports that the server shares out.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      DiskCommands.Scan.class, DiskCommands.Add.class, DiskQueries.ListAll.class, DiskQueries.Show.class, DiskCommands.Set.class,
      DiskCommands.Remove.class, DiskCommands.Recheck.class, MoveCommands.Evacuate.class, MoveCommands.Replace.class
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sluice disk scan", "  sluice disk add dev:/dev/disk/by-id/scsi-36001405 --name d1"})
final class DiskCommands {
  @Command(name = "scan", description = "Show what the server could add as a disk, and for the rest why not.", footerHeading = "%nExamples:%n",
      footer = {"  sluice disk scan                          block devices that the server sees", "  sluice disk scan file:/srv/d1.img nbd://10.0.0.9/lun1"})
  static final class Scan extends RemoteCommand {
    @Parameters(arity = "0..*", paramLabel = "URI", description = "What to look at. Default: all block devices.")
    List<DiskUri> uris;

    @Override
    protected int run(ClusterSession session) {
      ScanDisks.Builder scan = ScanDisks.newBuilder();
      if (uris != null) uris.forEach(u -> scan.addUris(u.text()));
      ScanResult found = ask(session, "looking at disks", Call.newBuilder().setScanDisks(scan)).getScan();
      show(() -> MessageJson.of(found.getDisksList()), () -> {
        Table table = new Table().text("URI").number("CAPACITY").text("ADDABLE", "WHAT", "WHY NOT");
        for (ScannedDisk d : found.getDisksList()) {
          table.row(d.getUri(), new ByteSize(d.getCapacityBytes()), d.getAddable() ? "yes" : "no", d.getWhat(), d.getWhyNot());
        }
        table.print(context().out(), "The server sees no block devices. Name files or NBD exports: 'sluice disk scan file:/srv/d1.img'");
      });
      return 0;
    }
  }

  @Command(name = "add", description = "Add disks: the server writes its label on them.", footerHeading = "%nExamples:%n",
      footer = {
        "  sluice disk add file:/srv/d1.img --name d1",
        "  sluice disk add dev:/dev/sdb dev:/dev/sdc --domain shelf1",
        "  sluice disk add dev:/dev/sdd --overwrite      though something is on it, which is lost",
        "  sluice disk add dev:/dev/sde --overwrite --confirm d7      a disk of a cluster that is gone"
      })
  static final class Add extends RemoteCommand {
    @Parameters(arity = "1..*", paramLabel = "URI",
        description = "Ways by which the server reaches them, like file:/srv/d1.img, dev:/dev/sdb, nbd://host:10809/export or nbd+unix:///export?socket=/path.")
    List<DiskUri> uris;

    @Option(names = "--name", paramLabel = "NAME", description = "The disk's name; for one disk. Default: one is made.")
    String name;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "What fails together: a shelf, a room. Copies and stripes go to different ones.")
    String domain;

    @Option(names = "--overwrite", description = "Take it though it holds a label, partitions or a file system. What is on it is lost.")
    boolean overwrite;

    @Option(names = "--confirm", paramLabel = "NAME", description = "With --overwrite, for a disk of another cluster: its name there. Whether that cluster uses it cannot always be seen.")
    String confirm;

    @Override
    protected int run(ClusterSession session) {
      if (name != null && uris.size() > 1) {
        throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "one name was given for " + uris.size() + " disks", "names are unique",
            "leave --name out, or add the disks one by one");
      }
      AddDisks.Builder add = AddDisks.newBuilder();
      for (DiskUri uri : uris) {
        NewDisk.Builder disk = NewDisk.newBuilder().setUri(uri.text()).setOverwrite(overwrite);
        if (name != null) disk.setName(name);
        if (domain != null) disk.setDomain(domain);
        if (confirm != null) disk.setConfirm(confirm);
        add.addDisks(disk);
      }
      Done done = ask(session, "writing labels", Call.newBuilder().setAddDisks(add)).getDone();
      Names names = new Names(session.picture());
      List<String> added = new ArrayList<>();
      for (int i = 0; i < uris.size(); i++) {
        String uri = uris.get(i).text();
        added.add(i < done.getObjectsCount() ? names.of(done.getObjects(i)) + " (" + uri + ")" : uri);
      }
      return done(done, (uris.size() == 1 ? "disk " : "disks ") + String.join(", ", added) + " added");
    }
  }

  @Command(name = "set", description = "Change a disk's name, failure domain, role, or the ways to it.", footerHeading = "%nExamples:%n",
      footer = {"  sluice disk set d1 --name shelf1-d1 --domain shelf1", "  sluice disk set d1 --uri dev:/dev/sdx      it is called that now",
      "  sluice disk set d9 --spare      only legs that replace others lie on it"})
  static final class Set extends RemoteCommand {
    @Parameters(paramLabel = "DISK", description = "Its name or id.")
    String disk;

    @Option(names = "--name", paramLabel = "NAME", description = "The new name.")
    String name;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "The new failure domain; '' for none.")
    String domain;

    @Option(names = "--uri", paramLabel = "URI", description = "A way to it; several times, best first. Replaces those there are.")
    List<DiskUri> uris;

    @Option(names = "--spare", negatable = true, description = "Whether it is kept for legs that replace lost ones: new volumes get nothing of it.")
    Boolean spare;

    @Option(names = "--closed", negatable = true, description = "Whether it takes no new extents. What lies on it stays.")
    Boolean closed;

    @Override
    protected int run(ClusterSession session) {
      if (name == null && domain == null && uris == null && spare == null && closed == null) {
        throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "nothing to change was given", "", "use --name, --domain, --uri, --spare or --closed");
      }
      Disk d = new Names(session.picture()).disk(disk);
      SetDisk.Builder set = SetDisk.newBuilder().setDiskId(d.getId());
      if (name != null) set.setName(name);
      if (domain != null) set.setDomain(domain);
      if (uris != null) uris.forEach(u -> set.addUris(u.text()));
      if (spare != null) set.setSpare(spare);
      if (closed != null) set.setClosed(closed);
      return change(session, Change.newBuilder().setSetDisk(set), "disk " + d.getName() + " changed");
    }
  }

  @Command(name = "remove", description = "Remove a disk that no volume lies on, and erase its label.", footerHeading = "%nExamples:%n",
      footer = {"  sluice disk remove d1"})
  static final class Remove extends RemoteCommand {
    @Parameters(paramLabel = "DISK", description = "Its name or id.")
    String disk;

    @Override
    protected int run(ClusterSession session) {
      Disk d = new Names(session.picture()).disk(disk);
      return done(ask(session, "erasing the label", Call.newBuilder().setRemoveDisk(RemoveDiskAndErase.newBuilder().setDiskId(d.getId()))).getDone(),
          "disk " + d.getName() + " removed");
    }
  }

  @Command(name = "recheck", description = "Look now at every disk of the cluster: whether the server reaches it, by which way, and whether it is the right one.", footerHeading = "%nExamples:%n",
      footer = {"  sluice disk recheck"})
  static final class Recheck extends RemoteCommand {
    @Override
    protected int run(ClusterSession session) {
      return done(ask(session, "checking disks", Call.newBuilder().setRecheckDisks(RecheckDisks.getDefaultInstance())).getDone(),
          "disks checked; see 'sluice disk list'");
    }
  }
}
