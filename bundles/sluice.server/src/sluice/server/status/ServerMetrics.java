package sluice.server.status;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Volume;
import sluice.server.snapshot.SnapshotDesk;
import sluice.telemetry.Metrics;

/**
 * The server's numbers for Prometheus. Objects that come and go are shown by name, and forgotten when they are gone.
 * {@link #refresh} is called on the control thread; values are read by the endpoint's threads.
 */
public final class ServerMetrics {
  private final Metrics metrics;
  private final CatalogEngine engine;
  private final Supplier<ServerSnapshot> snapshot;
  private final Function<String, SnapshotDesk.Space> spaces;
  private final Set<String> shown = new HashSet<>();

  /** @param spaces what a volume's snapshots have; any thread */
  public ServerMetrics(Metrics metrics, CatalogEngine engine, Supplier<ServerSnapshot> snapshot, Function<String, SnapshotDesk.Space> spaces) {
    this.spaces = spaces;
    this.metrics = metrics;
    this.engine = engine;
    this.snapshot = snapshot;
    metrics.gauge("sluice_catalog_revision", "Number of the newest change of the catalog.", () -> engine.read(CatalogView::revision));
    metrics.gauge("sluice_control_connections", "Sessions of hosts and users, each network counted.", () -> snapshot.get().connections());
    metrics.gauge("sluice_watchers", "Watches of the picture.", () -> snapshot.get().watchers());
    metrics.gauge("sluice_route_connections", "Connections of hosts over the server route.", () -> snapshot.get().routeConnections());
    metrics.gauge("sluice_hosts", "Hosts of the cluster.", () -> snapshot.get().hosts().size());
    metrics.gauge("sluice_hosts_online", "Hosts with a session.",
        () -> snapshot.get().hosts().stream().filter(h -> h.getState() == HostStatus.State.ONLINE).count());
    metrics.gauge("sluice_alerts", "States that somebody should see to.", () -> snapshot.get().alerts().size());
    metrics.gauge("sluice_volumes", "Volumes of the cluster.", () -> engine.<Integer>read(v -> v.volumes().size()));
  }

  /** Shows what is new and forgets what is gone. */
  public void refresh() {
    Set<String> now = new HashSet<>();
    for (Pool p : engine.read(CatalogView::pools)) if (fresh(now, "pool", p.getName())) pool(p.getId(), p.getName());
    for (Disk d : engine.read(CatalogView::disks)) if (fresh(now, "disk", d.getName())) disk(d.getId(), d.getName());
    for (Host h : engine.read(CatalogView::hosts)) if (fresh(now, "host", h.getName())) host(h.getId(), h.getName());
    for (Volume v : engine.read(CatalogView::volumes)) if (v.getLayout().getLegsCount() > 0 && fresh(now, "volume", v.getName())) volume(v.getId(), v.getName());
    for (Volume v : engine.read(CatalogView::volumes)) if (v.getSnapshotsCount() > 0 && fresh(now, "origin", v.getName())) snapshots(v.getId(), v.getName());
    for (String key : List.copyOf(shown)) {
      if (now.contains(key)) continue;
      shown.remove(key);
      int space = key.indexOf(' ');
      metrics.forget(key.substring(0, space), key.substring(space + 1));
    }
  }

  private boolean fresh(Set<String> now, String label, String name) {
    now.add(label + " " + name);
    return shown.add(label + " " + name);
  }

  private void pool(String id, String name) {
    gauge("sluice_pool_total_bytes", "Bytes of a pool's disks that volumes may use.", "pool", name, () -> usage(id).getTotalBytes());
    gauge("sluice_pool_allocated_bytes", "Bytes of a pool that volumes have.", "pool", name, () -> usage(id).getAllocatedBytes());
    gauge("sluice_pool_free_bytes", "Bytes of a pool that are free.", "pool", name, () -> usage(id).getFreeBytes());
  }

  private PoolUsage usage(String id) {
    return engine.read(v -> v.poolUsage(id)).orElse(PoolUsage.getDefaultInstance());
  }

  private void disk(String id, String name) {
    gauge("sluice_disk_online", "1 if the server reaches the disk and it is the right one.", "disk", name, () -> {
      for (DiskStatus d : snapshot.get().disks()) if (d.getDiskId().equals(id)) return d.getState() == DiskStatus.State.ONLINE ? 1 : 0;
      return 0;
    });
  }

  private void host(String id, String name) {
    gauge("sluice_host_online", "1 if the host has a session.", "host", name, () -> host(id).getState() == HostStatus.State.ONLINE ? 1 : 0);
    gauge("sluice_host_networks_up", "Networks over which the host has a session.", "host", name,
        () -> host(id).getNetworksList().stream().filter(NetworkStatus::getUp).count());
    gauge("sluice_host_lease_left_seconds", "What is left of the host's lease.", "host", name, () -> host(id).getLeaseLeftMs() / 1000.0);
  }

  private void volume(String id, String name) {
    gauge("sluice_volume_legs", "Copies of a volume.", "volume", name, () -> legs(id).legs());
    gauge("sluice_volume_legs_in_sync", "Copies of a volume that are up to date.", "volume", name, () -> legs(id).inSync());
  }

  private void snapshots(String id, String name) {
    gauge("sluice_snapshots", "Snapshots of a volume.", "origin", name, () -> engine.read(v -> v.volume(id)).map(Volume::getSnapshotsCount).orElse(0));
    gauge("sluice_snapshot_room_bytes", "Bytes that a volume's snapshots have for what they keep.", "origin", name, () -> spaces.apply(id).bytes());
    gauge("sluice_snapshot_free_bytes", "Bytes of sluice_snapshot_room_bytes that are free.", "origin", name, () -> spaces.apply(id).free());
  }

  private ServerSnapshot.VolumeLegs legs(String id) {
    for (ServerSnapshot.VolumeLegs v : snapshot.get().legs()) if (v.volumeId().equals(id)) return v;
    return new ServerSnapshot.VolumeLegs(id, 0, 0);
  }

  private HostStatus host(String id) {
    for (HostStatus h : snapshot.get().hosts()) if (h.getHostId().equals(id)) return h;
    return HostStatus.getDefaultInstance();
  }

  private void gauge(String name, String help, String label, String value, DoubleSupplier supplier) {
    metrics.gauge(name, help, supplier, label, value);
  }
}
