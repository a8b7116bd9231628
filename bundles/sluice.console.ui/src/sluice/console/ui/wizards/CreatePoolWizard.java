package sluice.console.ui.wizards;

import java.util.List;
import java.util.UUID;
import org.eclipse.swt.widgets.Text;
import sluice.console.ui.act.Inputs;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Looks;
import sluice.model.Disk;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreatePool;
import sluice.protocol.v1.Reply;

/** A pool of disks that are in none. */
public final class CreatePoolWizard extends SanWizard {
  private final String id = UUID.randomUUID().toString();
  private final List<Disk> loose;
  private final List<Disk> seed;
  private String name = "";
  private List<Disk> disks = List.of();

  /** @param seed disks that are selected: ticked at first; if there are none of them, all are */
  public CreatePoolWizard(ShownCluster cluster, List<Disk> seed) {
    super(cluster, "New pool");
    loose = cluster.san().getDisks().stream().filter(d -> d.getPool() == null).toList();
    List<Disk> wanted = seed.stream().filter(loose::contains).toList();
    this.seed = wanted.isEmpty() ? loose : wanted;
    pages(new Fields());
  }

  private final class Fields extends FormPage {
    private Text nameText;
    private DiskChecks checks;

    Fields() {
      super("pool", "A new pool", "Give it a name and choose its disks.");
    }

    @Override
    void fill() {
      List<String> taken = cluster.san().getPools().stream().map(Looks::name).toList();
      nameText = text("Name", "", "like gold", t -> Inputs.name(t, "pool", taken));
      checks = new DiskChecks(body(), loose, seed, this::touched);
      field(checks.control(), () -> checks.ticked().isEmpty() ? "A pool has at least one disk." : null);
      changed();
    }

    @Override
    void changed() {
      name = nameText.getText().strip();
      disks = checks.ticked();
    }
  }

  @Override
  List<Call.Builder> calls() {
    return List.of(Call.newBuilder().setChange(Change.newBuilder().setCreatePool(
        CreatePool.newBuilder().setPoolId(id).setName(name).addAllDiskIds(disks.stream().map(Disk::getId).toList()))));
  }

  @Override
  List<String> plan() {
    long bytes = disks.stream().mapToLong(d -> d.getDataEndBytes() - d.getDataStartBytes()).sum();
    return List.of("Pool " + name + " is made of " + Format.count(disks.size(), "disk") + " with " + Format.bytes(bytes) + " in all.",
        "Volumes of up to " + Math.min(4, disks.size()) + " copies can be made in it, since copies lie on different disks.");
  }

  @Override
  String command() {
    return "sluice pool create " + word(name) + " " + String.join(" ", disks.stream().map(d -> word(d.getName())).toList());
  }

  @Override
  void done(Reply last) {
    reveal(id);
  }
}
