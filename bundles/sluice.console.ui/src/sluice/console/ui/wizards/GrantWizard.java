package sluice.console.ui.wizards;

import java.util.List;
import java.util.Optional;
import org.eclipse.swt.widgets.Combo;
import sluice.console.ui.clusters.ShownCluster;
import sluice.model.Access;
import sluice.model.Host;
import sluice.model.Volume;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.PutGrant;
import sluice.protocol.v1.RemoveGrant;

/** What a host may do with a volume. */
public final class GrantWizard extends SanWizard {
  private static final List<String> RIGHTS = List.of("read and write", "read only", "nothing");

  private final Volume volume;
  private final List<Host> hosts;
  private Host host;
  private int right;

  public GrantWizard(ShownCluster cluster, Volume volume) {
    super(cluster, "Grant volume " + volume.getName());
    this.volume = volume;
    hosts = cluster.san().getHosts();
    pages(new Fields());
  }

  private final class Fields extends FormPage {
    private Combo which;
    private Combo rights;

    Fields() {
      super("grant", "Grant volume " + volume.getName(), "Which host may do what with it?");
    }

    @Override
    void fill() {
      which = choice("Host", hosts.stream().map(h -> h.getName() + "  (may " + RIGHTS.get(now(h)) + ")").toList(), 0);
      rights = choice("May", RIGHTS, 0);
      field(rights, () -> now(hosts.get(which.getSelectionIndex())) == rights.getSelectionIndex() ? "That is what it may do already." : null);
      changed();
    }

    @Override
    void changed() {
      host = hosts.get(which.getSelectionIndex());
      right = rights.getSelectionIndex();
    }
  }

  private int now(Host h) {
    Optional<Access> a = volume.getGrants().stream().filter(g -> g.getHostId().equals(h.getId())).map(g -> g.getAccess()).findFirst();
    return a.map(x -> x == Access.READ_ONLY ? 1 : 0).orElse(2);
  }

  @Override
  List<Call.Builder> calls() {
    Change.Builder change = Change.newBuilder();
    if (right == 2) change.setRemoveGrant(RemoveGrant.newBuilder().setVolumeId(volume.getId()).setHostId(host.getId()));
    else {
      change.setPutGrant(PutGrant.newBuilder().setVolumeId(volume.getId()).setGrant(Grant.newBuilder().setHostId(host.getId())
          .setAccess(right == 1 ? sluice.protocol.v1.Access.READ_ONLY : sluice.protocol.v1.Access.READ_WRITE)));
    }
    return List.of(Call.newBuilder().setChange(change));
  }

  @Override
  List<String> plan() {
    return List.of("Host " + host.getName() + " may " + RIGHTS.get(now(host)) + " with volume " + volume.getName() + " now; afterwards: " + RIGHTS.get(right) + ".");
  }

  @Override
  String command() {
    String on = word(volume.getName()) + " " + word(host.getName());
    return right == 2 ? "sluice volume revoke " + on : "sluice volume grant " + on + (right == 1 ? " --read-only" : "");
  }
}
