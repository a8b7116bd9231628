package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import sluice.protocol.v1.Allowance;
import sluice.protocol.v1.DeclareHostDead;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.RemoveHost;
import sluice.protocol.v1.RenameHost;
import sluice.protocol.v1.SetAllowance;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Volume;

/** Hosts that have joined. */
final class HostChanges {
  private HostChanges() {}

  static void rename(Transaction t, RenameHost rename) {
    Host old = t.host(rename.getHostId());
    t.about(old.getId());
    if (old.getName().equals(rename.getName())) return;
    FieldRules.name(Kind.HOST, rename.getName());
    Host sameName = t.inventory.hosts.named(rename.getName());
    if (sameName != null) throw Refusal.exists(Kind.HOST, rename.getName(), sameName.getId());
    t.put(old.toBuilder().setName(rename.getName()).build());
    t.info("host-renamed", "host " + old.getName() + " renamed to " + rename.getName(), old.getId());
  }

  static void allow(Transaction t, SetAllowance set) {
    Host old = t.host(set.getHostId());
    Allowance allowance = TokenChanges.allowance(t, set.getAllowance());
    Host now = allowance == null
        ? old.toBuilder().clearAllowance().build()
        : old.toBuilder().setAllowance(allowance).build();
    t.about(old.getId());
    if (now.equals(old)) return;
    t.put(now);
    String what = allowance == null
        ? "nothing"
        : FieldRules.bytes(allowance.getMaxBytes()) + " in pool " + t.pool(allowance.getPoolId()).getName();
    t.info("host-allowance", "host " + old.getName() + " allowed to allocate " + what, old.getId());
  }

  static void remove(Transaction t, RemoveHost remove) {
    Host old = t.host(remove.getHostId());
    List<Volume> held = t.inventory.volumes(t.inventory.volumesBy.heldBy.of(old.getId()));
    if (!held.isEmpty()) {
      throw Refusal.conflict("Host " + old.getName() + " cannot be removed", "it holds " + VolumeWords.list(held),
          "detach them first, or declare the host dead if it is off for good",
          VolumeWords.ids(old.getId(), held));
    }
    for (Volume volume : t.inventory.volumes(t.inventory.volumesBy.grantedTo.of(old.getId()))) {
      t.put(GrantChanges.without(volume, old.getId()));
    }
    t.remove(old);
    t.about(old.getId());
    t.info("host-removed", "host " + old.getName() + " removed", old.getId());
  }

  static void declareDead(Transaction t, DeclareHostDead dead) {
    Host host = t.host(dead.getHostId());
    if (!host.getName().equals(dead.getConfirmName())) {
      throw Refusal.invalid("The name does not confirm that host " + host.getName() + " is dead",
          "if it still writes, data are lost, so its name is asked for", "give the name exactly as it is", host.getId());
    }
    List<Volume> held = t.inventory.volumes(t.inventory.volumesBy.heldBy.of(host.getId()));
    t.about(host.getId());
    for (Volume volume : held) {
      t.put(Slots.released(volume, host.getId(), true));
      t.about(volume.getId());
    }
    List<String> names = new ArrayList<>();
    for (Volume volume : held) names.add(volume.getName());
    t.event(Severity.WARNING, "host-declared-dead", "host " + host.getName() + " declared dead by " + t.actorWords()
        + (names.isEmpty() ? "; it held no volume" : "; released: " + Words.list(names)), VolumeWords.ids(host.getId(), held));
  }
}
