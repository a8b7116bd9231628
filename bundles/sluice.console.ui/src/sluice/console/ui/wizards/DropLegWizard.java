package sluice.console.ui.wizards;

import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Text;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.model.LegInfo;
import sluice.model.LegState;
import sluice.model.Volume;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.DropLegOf;

/** One copy less; the last good one is never offered. */
public final class DropLegWizard extends SanWizard {
  private final Volume volume;
  private final List<LegInfo> legs;
  private LegInfo leg;

  public DropLegWizard(ShownCluster cluster, Volume volume) {
    super(cluster, "Drop a copy of " + volume.getName());
    this.volume = volume;
    legs = List.copyOf(volume.getLayout().getLegs());
    pages(new Fields());
  }

  private final class Fields extends FormPage {
    private Combo which;

    Fields() {
      super("drop", "Drop a copy of " + volume.getName(), "Which copy shall go? Type the volume's name to show that you mean it.");
    }

    @Override
    void fill() {
      which = choice("Copy", legs.stream().map(l -> words(volume, legs, l)).toList(), 0);
      field(which, () -> last(legs.get(which.getSelectionIndex())) ? "That is the last good copy: without it the data is lost." : null);
      Text confirm = text("Volume's name", "", volume.getName(), t -> t.isEmpty() ? "" : t.equals(volume.getName()) ? null : "That is not its name.");
      confirm.setToolTipText("To show that you mean it");
      changed();
    }

    @Override
    void changed() {
      leg = legs.get(which.getSelectionIndex());
    }
  }

  private boolean last(LegInfo l) {
    return l.getState() == LegState.IN_SYNC && AddLegWizard.good(volume) < 2;
  }

  /** "copy 1 on d1, d2 (in sync)". */
  static String words(Volume v, List<LegInfo> legs, LegInfo l) {
    int index = legs.indexOf(l);
    String disks = v.getLayout().getSegments().stream().flatMap(s -> s.getLegs().get(index).getColumns().stream())
        .map(e -> Clusters.name(v.getSan(), e.getDiskId())).distinct().collect(Collectors.joining(", "));
    return "copy " + (index + 1) + " on " + disks + "  (" + l.getState().getName().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ")";
  }

  @Override
  List<Call.Builder> calls() {
    return List.of(Call.newBuilder().setDropLeg(DropLegOf.newBuilder().setVolumeId(volume.getId()).setLegId(leg.getId())));
  }

  @Override
  List<String> plan() {
    int after = AddLegWizard.good(volume) - (leg.getState() == LegState.IN_SYNC ? 1 : 0);
    return List.of("The " + words(volume, legs, leg) + " is given up; " + Format.bytes(volume.getSizeBytes()) + " become free.",
        "Volume " + volume.getName() + " then has " + after + " good " + (after == 1 ? "copy" : "copies") + ": " + Math.max(0, after - 1) + " disk failures would lose nothing.");
  }

  @Override
  String command() {
    return "sluice volume drop-leg " + word(volume.getName()) + " " + (legs.indexOf(leg) + 1);
  }
}
