package sluice.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.cli.output.Table;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.RecoverySettings;
import sluice.protocol.v1.Volume;

/** Verbs that look at pools. */
final class PoolQueries {
  private PoolQueries() {}

  @Command(name = "list", description = "List pools and their space, which adds up: allocated + free = total.",
      footerHeading = "%nExamples:%n", footer = {"  sluice pool list", "  sluice pool list -o json"})
  static final class ListAll extends RemoteCommand {
    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      show(() -> p.getPoolsList().stream().map(pool -> tree(p, pool)).toList(),
          () -> table(p).print(context().out(), "There are no pools. 'sluice pool create' makes one of disks."));
      return 0;
    }
  }

  @Command(name = "show", description = "Show a pool with its disks and volumes.", footerHeading = "%nExamples:%n", footer = {"  sluice pool show gold"})
  static final class Show extends RemoteCommand {
    @Parameters(paramLabel = "POOL", description = "Its name or id.")
    String pool;

    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      Names names = new Names(p);
      Pool found = names.pool(pool);
      show(() -> tree(p, found), () -> print(p, names, found));
      return 0;
    }

    private void print(Picture p, Names names, Pool found) {
      PoolUsage use = usage(p, found);
      say("pool       " + found.getName() + "  (" + found.getId() + ")");
      say("unit       " + new ByteSize(found.getUnitBytes()));
      if (names.ofHost()) {
        say("Its space and disks are shown to administrators.");
        return;
      }
      say("total      " + new ByteSize(use.getTotalBytes()));
      say("allocated  " + new ByteSize(use.getAllocatedBytes()));
      say("free       " + new ByteSize(use.getFreeBytes()) + ", largest linear volume " + new ByteSize(use.getLargestLinearBytes()));
      RecoverySettings r = found.getRecovery();
      say("recovery   a lost disk is replaced after " + Moments.duration(r.getWaitMs() == 0 ? 60_000 : r.getWaitMs()) + "; copying at most "
          + Rates.words(r.getMaxBytesPerSecond(), "as fast as the disks") + ", beside other I/O at least "
          + Rates.words(r.getMinBytesPerSecond(), "8 MiB/s"));
      say("");
      Table disks = DiskQueries.table();
      for (Disk d : disks(p, found)) DiskQueries.row(disks, p, names, d);
      disks.print(context().out(), "It has no disks.");
      say("");
      Table volumes = new Table().text("NAME").number("SIZE").text("LAYOUT");
      for (Volume v : volumes(p, found)) volumes.row(v.getName(), new ByteSize(v.getSizeBytes()), new VolumeView(p, names, v).layout());
      volumes.print(context().out(), "It has no volumes.");
    }
  }

  /** The pools with their space; for the status as well. */
  static Table table(Picture p) {
    Table table = new Table().text("POOL").number("DISKS", "VOLUMES", "TOTAL", "ALLOCATED", "FREE", "LARGEST");
    // A host learns that the pool is there, not how full it is, nor what else is in it.
    boolean ofHost = new Names(p).ofHost();
    for (Pool pool : p.getPoolsList()) {
      PoolUsage u = usage(p, pool);
      if (ofHost) {
        table.row(pool.getName(), "", volumes(p, pool).size(), "", "", "", "");
        continue;
      }
      table.row(pool.getName(), disks(p, pool).size(), volumes(p, pool).size(), new ByteSize(u.getTotalBytes()),
          new ByteSize(u.getAllocatedBytes()), new ByteSize(u.getFreeBytes()), new ByteSize(u.getLargestLinearBytes()));
    }
    return table;
  }

  private static Map<String, Object> tree(Picture p, Pool pool) {
    Map<String, Object> tree = MessageJson.of(pool);
    PoolUsage u = usage(p, pool);
    if (!new Names(p).ofHost()) {
      tree.put("total_bytes", u.getTotalBytes());
      tree.put("allocated_bytes", u.getAllocatedBytes());
      tree.put("free_bytes", u.getFreeBytes());
      tree.put("largest_linear_bytes", u.getLargestLinearBytes());
      tree.put("disks", disks(p, pool).stream().map(Disk::getName).toList());
    }
    tree.put("volumes", volumes(p, pool).stream().map(Volume::getName).toList());
    return tree;
  }

  private static PoolUsage usage(Picture p, Pool pool) {
    for (PoolUsage u : p.getPoolUsageList()) if (u.getPoolId().equals(pool.getId())) return u;
    return PoolUsage.getDefaultInstance();
  }

  private static List<Disk> disks(Picture p, Pool pool) {
    return p.getDisksList().stream().filter(d -> d.getPoolId().equals(pool.getId())).toList();
  }

  private static List<Volume> volumes(Picture p, Pool pool) {
    return p.getVolumesList().stream().filter(v -> v.getPoolId().equals(pool.getId())).toList();
  }
}
