package sluice.server.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.LocalCheck;
import sluice.protocol.v1.LocalHealthReport;
import sluice.telemetry.HealthCheck;
import sluice.telemetry.HealthSource;

/** How the server is: its catalog, its folder, its control thread, its disks and volumes. Any thread; waits for nothing. */
public final class ServerHealth implements HealthSource {
  /** A snapshot is taken each second: without one for this long the control thread does not get on. */
  private static final long STUCK_NANOS = 10_000_000_000L;

  private final Supplier<ServerSnapshot> snapshot;
  private final Supplier<Optional<String>> engineFailure;
  private final Supplier<FolderSpace> folder;
  private final String software;
  private final Supplier<String> metricsAddress;

  public ServerHealth(Supplier<ServerSnapshot> snapshot, Supplier<Optional<String>> engineFailure, Supplier<FolderSpace> folder,
      String software, Supplier<String> metricsAddress) {
    this.snapshot = snapshot;
    this.engineFailure = engineFailure;
    this.folder = folder;
    this.software = software;
    this.metricsAddress = metricsAddress;
  }

  @Override
  public List<HealthCheck> checks() {
    ServerSnapshot s = snapshot.get();
    List<HealthCheck> checks = new ArrayList<>();
    Optional<String> failure = engineFailure.get();
    checks.add(new HealthCheck("catalog", failure.isEmpty(), failure.orElse("takes changes")));
    FolderSpace space = folder.get();
    checks.add(new HealthCheck("folder space", !space.low(), space.text()));
    boolean stuck = System.nanoTime() - s.takenNanos() > STUCK_NANOS;
    checks.add(new HealthCheck("control", !stuck, stuck ? "the control thread does not get on" : "in time"));
    List<String> bad = new ArrayList<>();
    for (DiskStatus d : s.disks()) if (d.getState() != DiskStatus.State.ONLINE) bad.add(d.getDiskId() + ": " + d.getReason());
    checks.add(new HealthCheck("disks", bad.isEmpty(), bad.isEmpty() ? s.disks().size() + " online"
        : bad.size() + " of " + s.disks().size() + " not reachable: " + String.join("; ", bad.subList(0, Math.min(5, bad.size())))));
    List<String> unavailable = new ArrayList<>();
    int degraded = 0;
    for (Alert a : s.alerts()) {
      if (a.getKind().equals("volume-unavailable")) unavailable.add(a.getText());
      if (a.getKind().equals("volume-degraded")) degraded++;
    }
    checks.add(new HealthCheck("volumes", unavailable.isEmpty(), unavailable.isEmpty() ? degraded + " degraded"
        : String.join("; ", unavailable.subList(0, Math.min(5, unavailable.size())))));
    long online = s.hosts().stream().filter(h -> h.getState() == HostStatus.State.ONLINE).count();
    // A host that is switched off is no fault of the server's.
    checks.add(new HealthCheck("hosts", true, online + " of " + s.hosts().size() + " online"));
    return checks;
  }

  /** For the local socket. */
  public LocalHealthReport report() {
    LocalHealthReport.Builder b = LocalHealthReport.newBuilder().setProgram("server").setSoftware(software).setHealthy(true)
        .setMetricsAddress(metricsAddress.get()).addAllVolumes(snapshot.get().volumes());
    for (HealthCheck c : checks()) {
      b.addChecks(LocalCheck.newBuilder().setName(c.name()).setGood(c.good()).setText(c.text()));
      if (!c.good()) b.setHealthy(false);
    }
    for (HostStatus h : snapshot.get().hosts()) b.addAllNetworks(h.getNetworksList());
    return b.build();
  }
}
