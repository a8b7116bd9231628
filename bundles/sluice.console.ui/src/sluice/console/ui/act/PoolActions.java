package sluice.console.ui.act;

import java.util.List;
import sluice.console.ui.look.Looks;
import sluice.console.ui.wizards.AddPoolDisksWizard;
import sluice.console.ui.wizards.CreatePoolWizard;
import sluice.model.Disk;
import sluice.model.Pool;
import sluice.model.San;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DeletePool;
import sluice.protocol.v1.RenamePool;
import sluice.protocol.v1.Role;

/** What can be done with pools. */
final class PoolActions {
  private static final SanAction.Reason LOOSE = s -> s.cluster().filter(c -> c.san().getDisks().stream().noneMatch(d -> d.getPool() == null)).isPresent()
      ? "every disk is in a pool already; add disks first" : "";

  private PoolActions() {}

  static List<SanAction> all() {
    return List.of(
        new SanAction("pool.create", "New pool\u2026", "new-pool", "Make a pool of disks, from which volumes are allocated.",
            s -> s.objects().isEmpty() || s.one(San.class).isPresent() || s.one(Pool.class).isPresent() || !s.all(Disk.class).isEmpty(),
            Rules.all(Rules.may(Role.OPERATOR), LOOSE), s -> s.cluster().ifPresent(c -> VolumeActions.open(s, new CreatePoolWizard(c, s.all(Disk.class))))),
        new SanAction("pool.add", "Add disks to pool\u2026", "add-disk", "Put disks that are in no pool into this one.", Rules.one(Pool.class),
            Rules.all(Rules.may(Role.OPERATOR), LOOSE), s -> s.one(Pool.class).ifPresent(p -> s.cluster().ifPresent(c -> VolumeActions.open(s, new AddPoolDisksWizard(c, p))))),
        new SanAction("pool.rename", "Rename\u2026", "rename", "Give the pool another name.", Rules.one(Pool.class), Rules.may(Role.OPERATOR), PoolActions::rename),
        new SanAction("pool.delete", "Delete\u2026", "delete", "Take the pool away; its disks stay, in no pool.", Rules.one(Pool.class),
            Rules.all(Rules.may(Role.OPERATOR), Rules.about(Pool.class, p -> p.getVolumes().isEmpty() ? "" : "it has volumes; delete them first")), PoolActions::delete));
  }

  private static void rename(Subject s) {
    s.one(Pool.class).ifPresent(p -> {
      List<String> taken = p.getSan().getPools().stream().filter(o -> o != p).map(Looks::name).toList();
      Confirm.text(s.window().getShell(), "Rename pool " + p.getName(), "Its new name:", p.getName(), t -> Inputs.name(t, "pool", taken))
          .ifPresent(n -> Ask.change(s, "Rename pool " + p.getName(), Change.newBuilder().setRenamePool(RenamePool.newBuilder().setPoolId(p.getId()).setName(n))));
    });
  }

  private static void delete(Subject s) {
    s.one(Pool.class).ifPresent(p -> {
      if (Confirm.byName(s.window().getShell(), "Delete", "Pool " + p.getName() + " is taken away; its disks are in no pool then.", p.getName())) {
        Ask.change(s, "Delete pool " + p.getName(), Change.newBuilder().setDeletePool(DeletePool.newBuilder().setPoolId(p.getId())));
      }
    });
  }
}
