package sluice.console.ui.act;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jface.wizard.WizardDialog;
import org.eclipse.jface.wizard.IWizard;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Looks;
import sluice.console.ui.wizards.AddLegWizard;
import sluice.console.ui.wizards.AttachWizard;
import sluice.console.ui.wizards.CreateVolumeWizard;
import sluice.console.ui.wizards.DropLegWizard;
import sluice.console.ui.wizards.GrantWizard;
import sluice.console.ui.wizards.GrowWizard;
import sluice.model.LegState;
import sluice.model.Pool;
import sluice.model.San;
import sluice.model.Volume;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DeleteVolume;
import sluice.protocol.v1.DetachAndWait;
import sluice.protocol.v1.DetachVolume;
import sluice.protocol.v1.RecoverVolume;
import sluice.protocol.v1.RenameVolume;
import sluice.protocol.v1.Role;

/** What can be done with volumes. */
final class VolumeActions {
  private static final int WAIT_MS = 60_000;

  private VolumeActions() {}

  static List<SanAction> all() {
    return List.of(
        new SanAction("volume.create", "New volume\u2026", "new-volume", "Make a volume; where it would lie is shown while you choose.",
            s -> s.objects().isEmpty() || s.one(Pool.class).isPresent() || s.one(San.class).isPresent() || s.one(Volume.class).isPresent(),
            Rules.all(Rules.may(Role.OPERATOR), s -> s.cluster().filter(c -> c.san().getPools().isEmpty()).isPresent() ? "there is no pool yet; create one first" : ""),
            s -> s.cluster().ifPresent(c -> open(s, new CreateVolumeWizard(c, seed(s))))),
        volume("volume.attach", "Attach\u2026", "attach", "Let a host hold the volume: its programs then find it as an NBD export.",
            v -> v.getSan().getHosts().isEmpty() ? "no host has joined yet" : "", (s, v, c) -> open(s, new AttachWizard(c, v))),
        volume("volume.detach", "Detach\u2026", "detach", "Take the volume back from the hosts that hold it. Their programs lose it.",
            v -> v.getAttachments().isEmpty() ? "nobody holds it" : "", VolumeActions::detach),
        volume("volume.grant", "Grant\u2026", "grant", "Say which hosts may hold the volume, and how.",
            v -> v.getSan().getHosts().isEmpty() ? "no host has joined yet" : "", (s, v, c) -> open(s, new GrantWizard(c, v))),
        volume("volume.grow", "Grow\u2026", "grow", "Make the volume larger, also while it is used.",
            v -> "", (s, v, c) -> open(s, new GrowWizard(c, v))),
        volume("volume.addleg", "Add a copy\u2026", "add-leg", "Keep one more copy of the volume, on other disks; it is filled while the volume is used.",
            v -> legs(v) >= 4 ? "it has four copies, which is the most" : "", (s, v, c) -> open(s, new AddLegWizard(c, v))),
        volume("volume.dropleg", "Drop a copy\u2026", "drop-leg", "Give up one of the volume's copies; its space is free afterwards.",
            v -> legs(v) < 2 ? "it has one copy only" : "", (s, v, c) -> open(s, new DropLegWizard(c, v))),
        volume("volume.recover", "Recover", "recover", "Bring copies that are stale up to date again, also where that was cancelled.",
            v -> v.getLayout() != null && v.getLayout().getLegs().stream().anyMatch(l -> l.getState() == LegState.STALE) ? "" : "no copy of it is stale",
            (s, v, c) -> Ask.call(s, "Recover " + v.getName(), Call.newBuilder().setRecover(RecoverVolume.newBuilder().setVolumeId(v.getId())), r -> {})),
        volume("volume.rename", "Rename\u2026", "rename", "Give the volume another name. Its data and its holders do not notice.", v -> "", VolumeActions::rename),
        volume("volume.delete", "Delete\u2026", "delete", "Delete the volume and all that is on it.",
            v -> v.getAttachments().isEmpty() ? "" : "it is held by " + holders(v) + "; detach it first", VolumeActions::delete));
  }

  private interface Deed {
    void to(Subject s, Volume v, ShownCluster c);
  }

  private static SanAction volume(String id, String label, String icon, String describe, Function<Volume, String> not, Deed deed) {
    return new SanAction(id, label, icon, describe, Rules.one(Volume.class), Rules.all(Rules.may(Role.OPERATOR), Rules.about(Volume.class, not)),
        s -> s.one(Volume.class).ifPresent(v -> s.cluster().ifPresent(c -> deed.to(s, v, c))));
  }

  static void open(Subject s, IWizard wizard) {
    WizardDialog dialog = new WizardDialog(s.window().getShell(), wizard);
    dialog.setPageSize(560, 380);
    dialog.open();
  }

  private static Pool seed(Subject s) {
    return s.one(Pool.class).or(() -> s.one(Volume.class).flatMap(v -> Optional.ofNullable(v.getPool()))).orElse(null);
  }

  private static int legs(Volume v) {
    return v.getLayout() == null ? 1 : Math.max(1, v.getLayout().getLegs().size());
  }

  static String holders(Volume v) {
    return String.join(", ", v.getAttachments().stream().map(a -> Clusters.name(v.getSan(), a.getHostId())).toList());
  }

  private static void detach(Subject s, Volume v, ShownCluster c) {
    String consequence = v.getName() + " is held by " + holders(v) + ". Programs there that use it get errors once it is gone.";
    if (!Confirm.byName(s.window().getShell(), "Detach", consequence, v.getName())) return;
    v.getAttachments().forEach(a -> Ask.call(s, "Detach " + v.getName() + " from " + Clusters.name(v.getSan(), a.getHostId()),
        Call.newBuilder().setDetach(DetachAndWait.newBuilder().setWaitMs(WAIT_MS).setDetach(DetachVolume.newBuilder().setVolumeId(v.getId()).setHostId(a.getHostId()))),
        r -> {}));
  }

  private static void rename(Subject s, Volume v, ShownCluster c) {
    List<String> taken = v.getSan().getVolumes().stream().filter(o -> o != v).map(Looks::name).toList();
    Confirm.text(s.window().getShell(), "Rename volume " + v.getName(), "Its new name:", v.getName(), t -> Inputs.name(t, "volume", taken))
        .ifPresent(n -> Ask.change(s, "Rename volume " + v.getName(), Change.newBuilder().setRenameVolume(RenameVolume.newBuilder().setVolumeId(v.getId()).setName(n))));
  }

  private static void delete(Subject s, Volume v, ShownCluster c) {
    if (Confirm.byName(s.window().getShell(), "Delete", "All data of volume " + v.getName() + " is lost. That cannot be taken back.", v.getName())) {
      Ask.change(s, "Delete volume " + v.getName(), Change.newBuilder().setDeleteVolume(DeleteVolume.newBuilder().setVolumeId(v.getId())));
    }
  }
}
