package sluice.console.ui.wizards;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;
import sluice.client.ManagementClient;
import sluice.console.ui.act.Inputs;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Icons;
import sluice.console.ui.look.Looks;
import sluice.model.Pool;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.PlanVolume;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.VolumePlan;

/** A volume: name, size, pool, copies, stripes; where it would lie is asked of the server while that is chosen. */
public final class CreateVolumeWizard extends SanWizard {
  private static final int ASK_AFTER_MS = 250;

  private final List<Pool> pools;
  private final Pool seed;
  private final String id = UUID.randomUUID().toString();
  private final Fields fields = new Fields();
  private String name = "";
  private String size = "";
  private Pool pool;
  private int copies = 1;
  private int stripes = 1;

  /** @param seed the pool to begin with; null: the first */
  public CreateVolumeWizard(ShownCluster cluster, Pool seed) {
    super(cluster, "New volume");
    pools = cluster.san().getPools();
    this.seed = seed;
    pages(fields);
  }

  private final class Fields extends FormPage {
    private Text nameText;
    private Text sizeText;
    private Combo poolCombo;
    private Combo copiesCombo;
    private Combo stripesCombo;
    private Label verdict;
    private LiveTable<Candidate> where;
    private int asked;

    Fields() {
      super("volume", "A new volume", "Say what it shall be called and how large it shall be.");
    }

    @Override
    void fill() {
      List<String> taken = cluster.san().getVolumes().stream().map(Looks::name).toList();
      nameText = text("Name", "", "like mail", t -> Inputs.name(t, "volume", taken));
      sizeText = text("Size", "", "like 10G", Inputs::size);
      poolCombo = choice("Pool", pools.stream().map(p -> p.getName() + "  (" + Format.bytes(p.getFreeBytes()) + " free)").toList(), Math.max(0, pools.indexOf(seed)));
      copiesCombo = choice("Copies", List.of("1: lost with its disk", "2: one disk may fail", "3: two disks may fail", "4: three disks may fail"), 1);
      stripesCombo = choice("Striped over", List.of("1 disk (linear)", "2 disks", "3 disks", "4 disks", "6 disks", "8 disks"), 0);
      verdict = new Label(body(), SWT.WRAP);
      GridData data = new GridData(SWT.FILL, SWT.TOP, true, false, 2, 1);
      data.heightHint = 34;
      data.widthHint = 420;
      verdict.setLayoutData(data);
      verdict.setText("Where it would lie is shown here, as soon as there is a size.");
      where = new LiveTable<Candidate>(body(), Candidate::getDiskId)
          .column("Disk", 110, Candidate::getDiskName, c -> Icons.get("disk"))
          .column("Would be used", 120, c -> c.getTaken() ? "yes" : "no", c -> Icons.get(c.getTaken() ? "state-healthy" : "state-offline"))
          .column("Why not", 300, Candidate::getReason, null);
      GridData table = new GridData(SWT.FILL, SWT.FILL, true, true, 2, 1);
      table.heightHint = 130;
      where.control().setLayoutData(table);
      changed();
    }

    @Override
    void changed() {
      name = nameText.getText().strip();
      size = sizeText.getText().strip();
      pool = pools.get(poolCombo.getSelectionIndex());
      copies = copiesCombo.getSelectionIndex() + 1;
      stripes = new int[] {1, 2, 3, 4, 6, 8}[stripesCombo.getSelectionIndex()];
      int number = ++asked;
      if (Inputs.size(size) == null) Display.getCurrent().timerExec(ASK_AFTER_MS, () -> ask(number));
    }

    private void ask(int number) {
      if (number != asked || verdict.isDisposed()) return;
      CreateVolume wanted = wanted().setName(name.isEmpty() ? "new" : name).build();
      Display display = Display.getCurrent();
      cluster.call(Call.newBuilder().setPlanVolume(PlanVolume.newBuilder().setVolume(wanted)), ManagementClient.DEADLINE, p -> {})
          .whenComplete((reply, failure) -> display.asyncExec(() -> {
            if (number != asked || verdict.isDisposed()) return;
            if (failure != null) verdict.setText(Clusters.words(failure));
            else show(reply.getPlan());
          }));
    }

    private void show(VolumePlan plan) {
      where.rows(plan.hasProblem() && plan.getCandidatesCount() == 0 ? plan.getProblem().getCandidatesList() : plan.getCandidatesList());
      if (plan.hasProblem()) {
        String why = plan.getProblem().getWhy().isEmpty() ? "" : ": " + plan.getProblem().getWhy();
        verdict.setText("Not possible: " + plan.getProblem().getWhat() + why + ". " + plan.getProblem().getCorrection());
      } else {
        long used = plan.getCandidatesList().stream().filter(Candidate::getTaken).count();
        verdict.setText("Possible: on " + Format.count((int) used, "disk") + ", " + Format.bytes(copies * Inputs.bytes(size)) + " in all.");
      }
    }
  }

  private CreateVolume.Builder wanted() {
    return CreateVolume.newBuilder().setVolumeId(id).setName(name).setPoolId(pool.getId()).setSizeBytes(Inputs.bytes(size)).setStripes(stripes).setLegs(copies);
  }

  @Override
  List<Call.Builder> calls() {
    return List.of(Call.newBuilder().setChange(Change.newBuilder().setCreateVolume(wanted())));
  }

  @Override
  List<String> plan() {
    List<String> plan = new ArrayList<>();
    plan.add("Volume " + name + " of " + Format.bytes(Inputs.bytes(size)) + " is made in pool " + pool.getName() + ".");
    plan.add(copies == 1 ? "It has one copy: if a disk that it lies on fails, its data is lost."
        : "It has " + copies + " copies on different disks: " + (copies - 1) + " of them may fail, and no data is lost.");
    if (stripes > 1) plan.add("Each copy is striped over " + stripes + " disks.");
    plan.add("No host may use it before it is granted to one, and none holds it before it is attached.");
    return plan;
  }

  @Override
  String command() {
    return "sluice volume create " + word(name) + " --size " + word(size) + " --pool " + word(pool.getName()) + (copies > 1 ? " --legs " + copies : "")
        + (stripes > 1 ? " --stripes " + stripes : "");
  }

  @Override
  void done(Reply last) {
    reveal(id);
  }
}
