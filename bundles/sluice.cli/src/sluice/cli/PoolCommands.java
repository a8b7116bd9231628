package sluice.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.api.DiskUri;
import sluice.protocol.v1.AddPoolDisks;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreatePool;
import sluice.protocol.v1.DeletePool;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.ExportPool;
import sluice.protocol.v1.ImportPoolFrom;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RenamePool;

/** The noun {@code pool}. */
@Command(
    name = "pool",
    description = "Pools: disks that volumes are made of.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      PoolCommands.Create.class, PoolCommands.Add.class, PoolQueries.ListAll.class, PoolQueries.Show.class,
      PoolCommands.Rename.class, PoolSet.class, PoolCommands.Delete.class, PoolCommands.Import.class, PoolCommands.Export.class,
      MoveCommands.Rebalance.class
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sluice pool create gold d1 d2 d3", "  sluice pool list"})
final class PoolCommands {
  @Command(name = "create", description = "Make a pool of disks that are in none yet.", footerHeading = "%nExamples:%n",
      footer = {"  sluice pool create gold d1 d2", "  sluice pool create archive d3 --unit 64M"})
  static final class Create extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The new pool's name.")
    String name;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "DISK", description = "Names or ids of disks.")
    List<String> disks;

    @Option(names = "--unit", paramLabel = "SIZE", defaultValue = "1M",
        description = "What space is handed out in multiples of. Default: ${DEFAULT-VALUE}.")
    ByteSize unit;

    @Override
    protected int run(ClusterSession session) {
      List<Disk> found = find(session, disks);
      CreatePool.Builder create = CreatePool.newBuilder().setName(name).setUnitBytes(unit.bytes());
      found.forEach(d -> create.addDiskIds(d.getId()));
      return change(session, Change.newBuilder().setCreatePool(create), "pool " + name + " created of " + words(found));
    }
  }

  @Command(name = "add", description = "Add disks to a pool.", footerHeading = "%nExamples:%n", footer = {"  sluice pool add gold d4 d5"})
  static final class Add extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "POOL", description = "Its name or id.")
    String pool;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "DISK", description = "Names or ids of disks.")
    List<String> disks;

    @Override
    protected int run(ClusterSession session) {
      Pool p = new Names(session.picture()).pool(pool);
      List<Disk> found = find(session, disks);
      AddPoolDisks.Builder add = AddPoolDisks.newBuilder().setPoolId(p.getId());
      found.forEach(d -> add.addDiskIds(d.getId()));
      return change(session, Change.newBuilder().setAddPoolDisks(add), words(found) + " added to pool " + p.getName());
    }
  }

  @Command(name = "rename", description = "Give a pool another name.", footerHeading = "%nExamples:%n", footer = {"  sluice pool rename gold silver"})
  static final class Rename extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "POOL", description = "Its name or id.")
    String pool;

    @Parameters(index = "1", paramLabel = "NAME", description = "The new name.")
    String name;

    @Override
    protected int run(ClusterSession session) {
      Pool p = new Names(session.picture()).pool(pool);
      return change(session, Change.newBuilder().setRenamePool(RenamePool.newBuilder().setPoolId(p.getId()).setName(name)),
          "pool " + p.getName() + " is now " + name);
    }
  }

  @Command(name = "delete", description = "Delete a pool that has no volumes. Its disks stay, in no pool.", footerHeading = "%nExamples:%n",
      footer = {"  sluice pool delete gold"})
  static final class Delete extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "POOL", description = "Its name or id.")
    String pool;

    @Override
    protected int run(ClusterSession session) {
      Pool p = new Names(session.picture()).pool(pool);
      return change(session, Change.newBuilder().setDeletePool(DeletePool.newBuilder().setPoolId(p.getId())),
          "pool " + p.getName() + " deleted; its disks are in no pool");
    }
  }

  @Command(name = "import", description = "Bring in a pool with its volumes from its disks alone.", footerHeading = "%nExamples:%n",
      footer = {
        "  sluice pool import file:/srv/d1.img file:/srv/d2.img",
        "  sluice pool import --pool gold --take-over dev:/dev/sdb dev:/dev/sdc      of a cluster that is gone"
      })
  static final class Import extends RemoteCommand {
    @Parameters(arity = "1..*", paramLabel = "URI", description = "The pool's disks, like file:/srv/d1.img, dev:/dev/sdb or nbd://host/export.")
    List<DiskUri> uris;

    @Option(names = "--pool", paramLabel = "POOL", description = "Which pool, if the disks hold several. Its name or id.")
    String pool;

    @Option(names = "--take-over", description = "The disks are another cluster's: make them this one's. That cluster must not use them any more.")
    boolean takeOver;

    @Override
    protected int run(ClusterSession session) {
      ImportPoolFrom.Builder from = ImportPoolFrom.newBuilder().setTakeOver(takeOver);
      if (pool != null) from.setPool(pool);
      uris.forEach(u -> from.addUris(u.text()));
      return done(ask(session, "reading the disks", Call.newBuilder().setImportPool(from)).getDone(), "pool imported; see 'sluice pool list'");
    }
  }

  @Command(name = "export", description = "Let a pool go from this cluster, so that another may import it. The disks keep everything.",
      footerHeading = "%nExamples:%n", footer = {"  sluice pool export gold"})
  static final class Export extends RemoteCommand {
    @Parameters(paramLabel = "POOL", description = "Its name or id.")
    String pool;

    @Override
    protected int run(ClusterSession session) {
      Pool p = new Names(session.picture()).pool(pool);
      return change(session, Change.newBuilder().setExportPool(ExportPool.newBuilder().setPoolId(p.getId())),
          "pool " + p.getName() + " exported; 'sluice pool import' brings it in elsewhere");
    }
  }

  private static List<Disk> find(ClusterSession session, List<String> typed) {
    Names names = new Names(session.picture());
    return typed.stream().map(names::disk).toList();
  }

  private static String words(List<Disk> disks) {
    return (disks.size() == 1 ? "disk " : "disks ") + String.join(", ", disks.stream().map(Disk::getName).toList());
  }
}
