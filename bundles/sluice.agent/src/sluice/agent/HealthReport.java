package sluice.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.local.LocalHandler;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalCheck;
import sluice.protocol.v1.LocalHealthReport;
import sluice.protocol.v1.LocalReply;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;
import sluice.telemetry.HealthCheck;
import sluice.telemetry.HealthSource;

/** How the agent is, for the local socket and the health endpoint. Any thread. */
final class HealthReport implements HealthSource, LocalHandler {
  private final Supplier<List<NetworkStatus>> networks;
  private final Supplier<List<VolumeStatus>> volumes;
  private final Supplier<List<Volume>> descriptions;
  private final Supplier<String> refusal;
  private final Supplier<String> metrics;
  private final Runnable stop;
  private final ObjLongConsumer<String> agreeShrink;

  /** @param stop begins to stop the program, on a thread of its own; @param agreeShrink what to do with such a word, of which volume */
  HealthReport(Supplier<List<NetworkStatus>> networks, Supplier<List<VolumeStatus>> volumes, Supplier<List<Volume>> descriptions,
      Supplier<String> refusal, Supplier<String> metrics, Runnable stop, ObjLongConsumer<String> agreeShrink) {
    this.networks = networks;
    this.volumes = volumes;
    this.descriptions = descriptions;
    this.refusal = refusal;
    this.metrics = metrics;
    this.stop = stop;
    this.agreeShrink = agreeShrink;
  }

  @Override
  public List<HealthCheck> checks() {
    List<HealthCheck> checks = new ArrayList<>();
    List<NetworkStatus> all = networks.get();
    long up = all.stream().filter(NetworkStatus::getUp).count();
    String refused = refusal.get();
    String text = up + " of " + all.size() + " networks have a session";
    checks.add(new HealthCheck("server", up > 0, refused.isEmpty() ? text : refused));
    for (VolumeStatus v : volumes.get()) {
      boolean waiting = v.getHeld() && v.getRoute() == VolumeStatus.Route.WAITING;
      String name = "volume " + name(v.getVolumeId());
      checks.add(new HealthCheck(name, !waiting, v.getRoute() + (v.getReason().isEmpty() ? "" : ": " + v.getReason())));
    }
    return checks;
  }

  private String name(String id) {
    return descriptions.get().stream().filter(v -> v.getId().equals(id)).map(Volume::getName).findFirst().orElse(id);
  }

  @Override
  public LocalReply handle(LocalCall call) {
    return switch (call.getBodyCase()) {
      case HEALTH -> LocalReply.newBuilder().setHealth(report()).build();
      case STOP -> {
        stop.run();
        yield LocalReply.newBuilder().setDone(Done.getDefaultInstance()).build();
      }
      case AGREE_SHRINK -> {
        agreeShrink.accept(call.getAgreeShrink().getVolume(), call.getAgreeShrink().getSizeBytes());
        yield LocalReply.newBuilder().setDone(Done.getDefaultInstance()).build();
      }
      default -> throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "the agent does not know this call", call.getBodyCase().name(),
          "use the command line of the same version");
    };
  }

  private LocalHealthReport report() {
    List<HealthCheck> checks = checks();
    LocalHealthReport.Builder b = LocalHealthReport.newBuilder()
        .setProgram("agent")
        .setSoftware(Agent.SOFTWARE)
        .setHealthy(checks.stream().allMatch(HealthCheck::good))
        .addAllVolumes(volumes.get())
        .addAllNetworks(networks.get())
        .setMetricsAddress(metrics.get())
        .addAllVolumeDetails(descriptions.get());
    for (HealthCheck c : checks) b.addChecks(LocalCheck.newBuilder().setName(c.name()).setGood(c.good()).setText(c.text()));
    return b.build();
  }
}
