package sluice.console.ui.wizards;

import java.util.List;
import org.eclipse.swt.widgets.Text;
import sluice.console.ui.act.Inputs;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Looks;
import sluice.model.Volume;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.ResizeVolumeTo;

/** A larger volume. */
public final class GrowWizard extends SanWizard {
  private final Volume volume;
  private String size = "";

  public GrowWizard(ShownCluster cluster, Volume volume) {
    super(cluster, "Grow volume " + volume.getName());
    this.volume = volume;
    pages(new Fields());
  }

  private final class Fields extends FormPage {
    private Text text;

    Fields() {
      super("grow", "Grow volume " + volume.getName(), "It has " + Format.bytes(volume.getSizeBytes()) + ". How large shall it be?");
    }

    @Override
    void fill() {
      text = text("New size", "", "like 20G", GrowWizard.this::wrong);
      if (volume.getPool() != null) note(Format.bytes(volume.getPool().getFreeBytes()) + " are free in pool " + Looks.name(volume.getPool()) + ".");
    }

    @Override
    void changed() {
      size = text.getText().strip();
    }
  }

  private String wrong(String text) {
    String not = Inputs.size(text);
    if (not != null) return not;
    return Inputs.bytes(text) > volume.getSizeBytes() ? null : "A volume only grows: it has " + Format.bytes(volume.getSizeBytes()) + " already.";
  }

  @Override
  List<Call.Builder> calls() {
    return List.of(Call.newBuilder().setResize(ResizeVolumeTo.newBuilder().setVolumeId(volume.getId()).setSizeBytes(Inputs.bytes(size))));
  }

  @Override
  List<String> plan() {
    return List.of("Volume " + volume.getName() + " grows from " + Format.bytes(volume.getSizeBytes()) + " to " + Format.bytes(Inputs.bytes(size)) + ".",
        "What is on it stays where it is; what is new reads as zeroes. Its copies are as many as before.",
        volume.getAttachments().isEmpty() ? "Nobody holds it." : "It stays in use: its hosts stand still for a moment while the layout changes.");
  }

  @Override
  String command() {
    return "sluice volume resize " + word(volume.getName()) + " --size " + word(size);
  }
}
