package sluice.console.ui.act;

import java.util.List;
import sluice.console.ui.look.Looks;
import sluice.console.ui.wizards.JoinHostWizard;
import sluice.model.Host;
import sluice.model.HostState;
import sluice.model.San;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DeclareHostDead;
import sluice.protocol.v1.RemoveHost;
import sluice.protocol.v1.RenameHost;
import sluice.protocol.v1.Role;

/** What can be done with hosts. */
final class HostActions {
  private HostActions() {}

  static List<SanAction> all() {
    return List.of(
        new SanAction("host.join", "Join a host\u2026", "join-host", "Make a token, and show the command to run on the host that joins.",
            s -> s.objects().isEmpty() || s.one(San.class).isPresent() || s.one(Host.class).isPresent(), Rules.may(Role.ADMIN),
            s -> s.cluster().ifPresent(c -> VolumeActions.open(s, new JoinHostWizard(c)))),
        new SanAction("host.rename", "Rename\u2026", "rename", "Give the host another name.", Rules.one(Host.class), Rules.may(Role.ADMIN), HostActions::rename),
        new SanAction("host.dead", "Declare dead\u2026", "cancel", "Say that the host is off and will not write again: what it holds can be given to others.",
            Rules.one(Host.class), Rules.all(Rules.may(Role.ADMIN),
                Rules.about(Host.class, h -> h.getState() == HostState.ONLINE ? "it is online; detach its volumes instead" : "")), HostActions::dead),
        new SanAction("host.remove", "Remove\u2026", "delete", "Let the host be no member any more: its certificate is good for nothing from then on.",
            Rules.one(Host.class), Rules.all(Rules.may(Role.ADMIN), Rules.about(Host.class, h -> holds(h) ? "it holds volumes; detach them first" : "")), HostActions::remove));
  }

  private static boolean holds(Host h) {
    return h.getSan().getVolumes().stream().anyMatch(v -> v.getAttachments().stream().anyMatch(a -> a.getHostId().equals(h.getId())));
  }

  private static void rename(Subject s) {
    s.one(Host.class).ifPresent(h -> {
      List<String> taken = h.getSan().getHosts().stream().filter(o -> o != h).map(Looks::name).toList();
      Confirm.text(s.window().getShell(), "Rename host " + h.getName(), "Its new name:", h.getName(), t -> Inputs.name(t, "host", taken))
          .ifPresent(n -> Ask.change(s, "Rename host " + h.getName(), Change.newBuilder().setRenameHost(RenameHost.newBuilder().setHostId(h.getId()).setName(n))));
    });
  }

  private static void dead(Subject s) {
    s.one(Host.class).ifPresent(h -> {
      String consequence = "If " + h.getName() + " is not really off, it goes on writing to volumes that others are given then, and data is lost. Switch it off first.";
      if (Confirm.byName(s.window().getShell(), "Declare dead", consequence, h.getName())) {
        Ask.change(s, "Declare host " + h.getName() + " dead", Change.newBuilder().setDeclareHostDead(DeclareHostDead.newBuilder().setHostId(h.getId()).setConfirmName(h.getName())));
      }
    });
  }

  private static void remove(Subject s) {
    s.one(Host.class).ifPresent(h -> {
      if (Confirm.byName(s.window().getShell(), "Remove", "Host " + h.getName() + " is no member any more, and its grants go with it.", h.getName())) {
        Ask.change(s, "Remove host " + h.getName(), Change.newBuilder().setRemoveHost(RemoveHost.newBuilder().setHostId(h.getId())));
      }
    });
  }
}
