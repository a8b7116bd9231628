package sluice.server.status;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Volume;

/**
 * What one host may see of the SAN: itself, the volumes granted to it without their layout and without who else has
 * them, and the names of those volumes' pools. It remembers what the host has been shown, so that the removal of
 * something else shows nothing (invariant 9). One for each watcher; pure.
 */
public final class HostView {
  private final String hostId;
  private final Set<String> volumes = new HashSet<>();
  private final Set<String> pools = new HashSet<>();

  public HostView(String hostId) {
    this.hostId = hostId;
  }

  /** The host's part of a picture; what follows is held against it. */
  public Picture of(Picture all) {
    volumes.clear();
    pools.clear();
    Picture.Builder p = Picture.newBuilder().setNumber(all.getNumber()).setTimeMs(all.getTimeMs())
        .setServerId(all.getServerId()).setCluster(all.getCluster()).setSoftware(all.getSoftware())
        .addAllControlAddresses(all.getControlAddressesList());
    all.getHostsList().stream().filter(h -> h.getId().equals(hostId)).forEach(p::addHosts);
    all.getHostStatusList().stream().filter(s -> s.getHostId().equals(hostId)).forEach(p::addHostStatus);
    for (Volume v : all.getVolumesList()) if (granted(v)) p.addVolumes(show(v));
    p.getHostsList().forEach(h -> pools.add(h.getAllowance().getPoolId()));
    for (Pool pool : all.getPoolsList()) if (pools.contains(pool.getId())) p.addPools(pool);
    all.getVolumeStatusList().stream().filter(s -> s.getHostId().equals(hostId)).forEach(p::addVolumeStatus);
    return p.build();
  }

  private boolean granted(Volume volume) {
    return volume.getGrantsList().stream().anyMatch(g -> g.getHostId().equals(hostId));
  }

  private Volume show(Volume v) {
    volumes.add(v.getId());
    pools.add(v.getPoolId());
    List<Grant> own = v.getGrantsList().stream().filter(g -> g.getHostId().equals(hostId)).toList();
    return v.toBuilder().clearLayout().clearUnreconciledSlots().clearGrants().addAllGrants(own).clearAttachments()
        .addAllAttachments(v.getAttachmentsList().stream().filter(a -> a.getHostId().equals(hostId)).toList()).build();
  }

  /** The host's part of what changed; empty if it is none of its business. */
  public List<ObjectChange> of(List<ObjectChange> changes) {
    List<ObjectChange> shown = new ArrayList<>();
    for (ObjectChange c : changes) {
      ObjectChange s = of(c);
      if (s != null) shown.add(s);
    }
    return shown;
  }

  private ObjectChange of(ObjectChange c) {
    return switch (c.getObjectCase()) {
      case CLUSTER -> c;
      case HOST -> c.getHost().getId().equals(hostId) ? c : null;
      case HOST_STATUS -> c.getHostStatus().getHostId().equals(hostId) ? c : null;
      case VOLUME_STATUS -> c.getVolumeStatus().getHostId().equals(hostId) ? c : null;
      case POOL -> pools.contains(c.getPool().getId()) ? c : null;
      case VOLUME -> volume(c.getVolume());
      case REMOVED -> removed(c.getRemoved());
      default -> null;
    };
  }

  private ObjectChange volume(Volume v) {
    if (granted(v)) return ObjectChange.newBuilder().setVolume(show(v)).build();
    if (!volumes.remove(v.getId())) return null;
    RemovedObject gone = RemovedObject.newBuilder().setKind(RemovedObject.Kind.VOLUME).setId(v.getId()).build();
    return ObjectChange.newBuilder().setRemoved(gone).build();
  }

  private ObjectChange removed(RemovedObject r) {
    boolean seen = switch (r.getKind()) {
      case VOLUME -> volumes.remove(r.getId());
      case POOL -> pools.remove(r.getId());
      case HOST -> r.getId().equals(hostId);
      default -> false;
    };
    return seen ? ObjectChange.newBuilder().setRemoved(r).build() : null;
  }

  /** Events about nothing but the host and what it sees. Their words may name others, so only those about it alone. */
  public List<Event> events(List<Event> events) {
    return events.stream().filter(e -> !e.getObjectsList().isEmpty()
        && e.getObjectsList().stream().allMatch(o -> o.equals(hostId) || volumes.contains(o))).collect(Collectors.toList());
  }
}
