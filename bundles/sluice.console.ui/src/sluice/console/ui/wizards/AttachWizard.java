package sluice.console.ui.wizards;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.swt.widgets.Combo;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Looks;
import sluice.model.Host;
import sluice.model.HostState;
import sluice.model.Volume;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.AttachAndWait;
import sluice.protocol.v1.AttachVolume;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.PutGrant;
import sluice.protocol.v1.Reply;

/** A volume is given to a host; where it has no grant yet, that is part of it. */
public final class AttachWizard extends SanWizard {
  private static final int WAIT_MS = 60_000;

  private final Volume volume;
  private final List<Host> hosts;
  private Host host;
  private boolean readOnly;

  public AttachWizard(ShownCluster cluster, Volume volume) {
    super(cluster, "Attach volume " + volume.getName());
    this.volume = volume;
    hosts = cluster.san().getHosts();
    pages(new Fields());
  }

  private final class Fields extends FormPage {
    private Combo which;
    private Combo access;

    Fields() {
      super("attach", "Attach volume " + volume.getName(), "Which host shall hold it?");
    }

    @Override
    void fill() {
      which = choice("Host", hosts.stream().map(h -> h.getName() + (h.getState() == HostState.ONLINE ? "" : "  (offline)")).toList(), 0);
      access = choice("Access", List.of("read and write", "read only"), 0);
      field(which, () -> held(hosts.get(which.getSelectionIndex())) ? "It holds the volume already." : null);
      changed();
    }

    @Override
    void changed() {
      host = hosts.get(which.getSelectionIndex());
      readOnly = access.getSelectionIndex() == 1;
    }
  }

  private boolean held(Host h) {
    return volume.getAttachments().stream().anyMatch(a -> a.getHostId().equals(h.getId()));
  }

  private boolean granted() {
    return volume.getGrants().stream().anyMatch(g -> g.getHostId().equals(host.getId()) && (readOnly || g.getAccess() == sluice.model.Access.READ_WRITE));
  }

  private Access access() {
    return readOnly ? Access.READ_ONLY : Access.READ_WRITE;
  }

  @Override
  List<Call.Builder> calls() {
    List<Call.Builder> calls = new ArrayList<>();
    if (!granted()) {
      calls.add(Call.newBuilder().setChange(Change.newBuilder().setPutGrant(
          PutGrant.newBuilder().setVolumeId(volume.getId()).setGrant(Grant.newBuilder().setHostId(host.getId()).setAccess(access())))));
    }
    calls.add(Call.newBuilder().setAttach(AttachAndWait.newBuilder().setWaitMs(WAIT_MS)
        .setAttach(AttachVolume.newBuilder().setVolumeId(volume.getId()).setHostId(host.getId()).setAccess(access()))));
    return calls;
  }

  @Override
  List<String> plan() {
    List<String> plan = new ArrayList<>();
    if (!granted()) plan.add("Host " + Looks.name(host) + " is granted " + (readOnly ? "reading" : "reading and writing") + " the volume, which it was not before.");
    plan.add("Host " + Looks.name(host) + " then holds volume " + volume.getName() + ". Its programs find it as an NBD export.");
    if (host.getState() != HostState.ONLINE) plan.add("The host is offline: it gets the volume when it comes back.");
    return plan;
  }

  @Override
  String command() {
    String grant = granted() ? "" : "sluice volume grant " + word(volume.getName()) + " " + word(host.getName()) + (readOnly ? " --read-only" : "") + " && ";
    return grant + "sluice volume attach " + word(volume.getName()) + " " + word(host.getName()) + (readOnly ? " --read-only" : "");
  }

  @Override
  void done(Reply last) {
    reveal(volume.getId());
  }
}
