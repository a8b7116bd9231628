package sluice.console.ui.act;

import java.util.List;
import sluice.console.ui.look.Looks;
import sluice.console.ui.wizards.AddDisksWizard;
import sluice.model.Disk;
import sluice.model.Pool;
import sluice.model.San;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.RecheckDisks;
import sluice.protocol.v1.RemoveDiskAndErase;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.SetDisk;

/** What can be done with disks. */
final class DiskActions {
  private DiskActions() {}

  static List<SanAction> all() {
    return List.of(
        new SanAction("disk.add", "Add disks\u2026", "add-disk", "Label disks for this cluster, of those that the server sees or that you name.",
            s -> s.objects().isEmpty() || s.one(San.class).isPresent() || s.one(Pool.class).isPresent() || s.one(Disk.class).isPresent(),
            Rules.may(Role.OPERATOR), s -> s.cluster().ifPresent(c -> VolumeActions.open(s, new AddDisksWizard(c)))),
        new SanAction("disk.recheck", "Look again", "refresh", "Let the server look at every disk now, instead of at its next turn.", Rules.one(Disk.class),
            Rules.may(Role.OPERATOR), s -> Ask.call(s, "Look at the disks again", Call.newBuilder().setRecheckDisks(RecheckDisks.getDefaultInstance()), r -> {})),
        new SanAction("disk.spare", "Keep as spare", "recovery", "Let the disk take copies that replace lost ones, and nothing else.", Rules.one(Disk.class),
            Rules.all(Rules.may(Role.OPERATOR), Rules.about(Disk.class, d -> d.isSpare() ? "it is a spare already" : "")), s -> spare(s, true)),
        new SanAction("disk.unspare", "Use for volumes", "volume", "Let the disk take new volumes again.", Rules.one(Disk.class),
            Rules.all(Rules.may(Role.OPERATOR), Rules.about(Disk.class, d -> d.isSpare() ? "" : "it is no spare")), s -> spare(s, false)),
        new SanAction("disk.rename", "Rename\u2026", "rename", "Give the disk another name.", Rules.one(Disk.class), Rules.may(Role.OPERATOR), DiskActions::rename),
        new SanAction("disk.remove", "Remove\u2026", "delete", "Take the disk out of the cluster and erase its label.", Rules.one(Disk.class),
            Rules.all(Rules.may(Role.OPERATOR), Rules.about(Disk.class, d -> d.getAllocatedBytes() > 0 ? "volumes lie on it; move them off first" : "")), DiskActions::remove));
  }

  private static void spare(Subject s, boolean spare) {
    s.one(Disk.class).ifPresent(d -> Ask.change(s, (spare ? "Keep " : "Use ") + d.getName() + (spare ? " as spare" : " for volumes"),
        Change.newBuilder().setSetDisk(SetDisk.newBuilder().setDiskId(d.getId()).setSpare(spare))));
  }

  private static void rename(Subject s) {
    s.one(Disk.class).ifPresent(d -> {
      List<String> taken = d.getSan().getDisks().stream().filter(o -> o != d).map(Looks::name).toList();
      Confirm.text(s.window().getShell(), "Rename disk " + d.getName(), "Its new name:", d.getName(), t -> Inputs.name(t, "disk", taken))
          .ifPresent(n -> Ask.change(s, "Rename disk " + d.getName(), Change.newBuilder().setSetDisk(SetDisk.newBuilder().setDiskId(d.getId()).setName(n))));
    });
  }

  private static void remove(Subject s) {
    s.one(Disk.class).ifPresent(d -> {
      if (Confirm.byName(s.window().getShell(), "Remove", "Disk " + d.getName() + " leaves the cluster and its label is erased.", d.getName())) {
        Ask.call(s, "Remove disk " + d.getName(), Call.newBuilder().setRemoveDisk(RemoveDiskAndErase.newBuilder().setDiskId(d.getId())), r -> {});
      }
    });
  }
}
