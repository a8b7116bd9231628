package sluice.console.ui.wizards;

import java.util.List;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.model.Disk;
import sluice.model.Pool;
import sluice.protocol.v1.AddPoolDisks;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Reply;

/** More disks for a pool. */
public final class AddPoolDisksWizard extends SanWizard {
  private final Pool pool;
  private final List<Disk> loose;
  private List<Disk> disks = List.of();

  public AddPoolDisksWizard(ShownCluster cluster, Pool pool) {
    super(cluster, "Add disks to pool " + pool.getName());
    this.pool = pool;
    loose = cluster.san().getDisks().stream().filter(d -> d.getPool() == null).toList();
    pages(new Fields());
  }

  private final class Fields extends FormPage {
    private DiskChecks checks;

    Fields() {
      super("disks", "Add disks to pool " + pool.getName(), "Choose disks that are in no pool.");
    }

    @Override
    void fill() {
      checks = new DiskChecks(body(), loose, List.of(), this::touched);
      field(checks.control(), () -> checks.ticked().isEmpty() ? "" : null);
    }

    @Override
    void changed() {
      disks = checks.ticked();
    }
  }

  @Override
  List<Call.Builder> calls() {
    return List.of(Call.newBuilder().setChange(Change.newBuilder().setAddPoolDisks(
        AddPoolDisks.newBuilder().setPoolId(pool.getId()).addAllDiskIds(disks.stream().map(Disk::getId).toList()))));
  }

  @Override
  List<String> plan() {
    long bytes = disks.stream().mapToLong(d -> d.getDataEndBytes() - d.getDataStartBytes()).sum();
    return List.of("Pool " + pool.getName() + " gets " + Format.count(disks.size(), "disk") + " and " + Format.bytes(bytes) + " more space.",
        "Volumes stay where they are; new ones, and copies that replace lost ones, may lie on the new disks.");
  }

  @Override
  String command() {
    return "sluice pool add " + word(pool.getName()) + " " + String.join(" ", disks.stream().map(d -> word(d.getName())).toList());
  }

  @Override
  void done(Reply last) {
    reveal(pool.getId());
  }
}
