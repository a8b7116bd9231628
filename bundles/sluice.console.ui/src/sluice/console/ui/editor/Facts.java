package sluice.console.ui.editor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.eclipse.emf.ecore.EObject;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Looks;
import sluice.model.Allowance;
import sluice.model.Disk;
import sluice.model.Host;
import sluice.model.LegInfo;
import sluice.model.NetworkStatus;
import sluice.model.Pool;
import sluice.model.San;
import sluice.model.Server;
import sluice.model.Task;
import sluice.model.User;
import sluice.model.Volume;

/** An object in lines of words: for its overview, for Properties, for a screen reader. UI thread. */
public final class Facts {
  private final List<Fact> facts = new ArrayList<>();

  /** @param more what does not fit in a line: the exact moment, the whole id */
  public record Fact(String label, String value, String more) {}

  private Facts() {}

  public static List<Fact> of(ShownCluster cluster, EObject o) {
    Facts f = new Facts();
    if (o instanceof Volume v) f.volume(v);
    else if (o instanceof Disk d) f.disk(d);
    else if (o instanceof Pool p) f.pool(p);
    else if (o instanceof Host h) f.host(cluster, h);
    else if (o instanceof Server s) f.server(s);
    else if (o instanceof San s) f.cluster(s);
    else if (o instanceof User u) f.user(u);
    else if (o instanceof Task t) f.task(t);
    return f.facts;
  }

  private void volume(Volume v) {
    add("Size", Format.bytes(v.getSizeBytes()), String.format(Locale.ROOT, "%,d bytes", v.getSizeBytes()));
    add("Pool", Looks.name(v.getPool()), "");
    int legs = v.getLayout() == null ? 0 : Math.max(1, v.getLayout().getLegs().size());
    add("Copies", legs(v, legs), "");
    add("Layout", v.getStripes() > 1 ? "striped over " + v.getStripes() + " disks" : "linear", "");
    add("Held by", v.getAttachments().isEmpty() ? "nobody" : v.getAttachments().stream()
        .map(a -> Clusters.name(v.getSan(), a.getHostId()) + (a.isDetaching() ? " (being detached)" : "")).collect(Collectors.joining(", ")), "");
    add("Granted to", v.getGrants().isEmpty() ? "nobody" : v.getGrants().stream()
        .map(g -> Clusters.name(v.getSan(), g.getHostId()) + (g.getAccess() == sluice.model.Access.READ_ONLY ? " (read-only)" : "")).collect(Collectors.joining(", ")), "");
    add("Sharing", v.isShared() ? "several hosts may write" : "one writer, or readers", "");
    add("Epoch", v.getLayout() == null ? "" : Long.toString(v.getLayout().getEpoch()), "how often its layout was changed");
    made(v.getCreatedMs(), v.getId());
  }

  private static String legs(Volume v, int legs) {
    if (v.getLayout() == null || v.getLayout().getLegs().isEmpty()) return "1";
    return legs + ": " + v.getLayout().getLegs().stream().map(Facts::leg).collect(Collectors.joining(", "));
  }

  private static String leg(LegInfo leg) {
    return switch (leg.getState()) {
      case IN_SYNC -> "in sync";
      case FILLING -> "filling";
      case STALE -> "stale" + (leg.getReason() == null || leg.getReason().isEmpty() ? "" : " (" + leg.getReason() + ")");
      default -> "unknown";
    };
  }

  private void disk(Disk d) {
    add("Capacity", Format.bytes(d.getCapacityBytes()), String.format(Locale.ROOT, "%,d bytes", d.getCapacityBytes()));
    long usable = d.getDataEndBytes() - d.getDataStartBytes();
    add("Used", Format.bytes(d.getAllocatedBytes()) + " of " + Format.bytes(usable), "");
    add("Pool", d.getPool() == null ? "none" : Looks.name(d.getPool()), "");
    add("Failure domain", d.getDomain() == null || d.getDomain().isEmpty() ? "none" : d.getDomain(), "disks that may fail together have the same one");
    add("Role", d.isSpare() ? "spare: takes copies that replace lost ones" : "takes new volumes", "");
    add("Server's way", d.getUri() == null || d.getUri().isEmpty() ? "none at the moment" : d.getUri(), String.join("\n", d.getUris()));
    if (d.getReason() != null && !d.getReason().isEmpty()) add("Reason", d.getReason(), "");
    since(d.getSinceMs());
    made(d.getAddedMs(), d.getId());
  }

  private void pool(Pool p) {
    add("Space", Format.bytes(p.getAllocatedBytes()) + " of " + Format.bytes(p.getTotalBytes()) + " used", "");
    add("Free", Format.bytes(p.getFreeBytes()), "");
    add("Largest linear volume", Format.bytes(p.getLargestLinearBytes()), "that could be made now");
    add("Disks", Format.count(p.getDisks().size(), "disk") + ", " + p.getDisks().stream().filter(Disk::isSpare).count() + " of them spare", "");
    add("Volumes", Format.count(p.getVolumes().size(), "volume"), "");
    add("Allocation unit", Format.bytes(p.getUnitBytes()), "");
    if (p.getRecovery() != null) {
      long wait = p.getRecovery().getWaitMs();
      add("Lost copies", "are made anew elsewhere after " + (wait == 0 ? "1 min" : Format.duration(wait)), "");
      long most = p.getRecovery().getMaxBytesPerSecond();
      add("Recovery's rate", most == 0 ? "as fast as the disks" : "at most " + Format.rate(most), "");
    }
    made(p.getCreatedMs(), p.getId());
  }

  private void host(ShownCluster cluster, Host h) {
    add("Session", h.getState() == null ? "unknown" : h.getState().getName().toLowerCase(Locale.ROOT), "");
    since(h.getSinceMs());
    for (NetworkStatus n : h.getNetworks()) {
      add("Network " + n.getServerAddress(), n.isUp() ? "up, from " + n.getPeerAddress() : "down: " + n.getReason(), Format.exactly(n.getSinceMs()));
    }
    long held = cluster.san().getVolumes().stream().filter(v -> v.getAttachments().stream().anyMatch(a -> a.getHostId().equals(h.getId()))).count();
    add("Holds", Format.count((int) held, "volume"), "");
    Allowance a = h.getAllowance();
    add("May allocate", a == null || a.getPoolId() == null || a.getPoolId().isEmpty() ? "nothing by itself"
        : Format.bytes(a.getMaxBytes()) + " in " + Clusters.name(h.getSan(), a.getPoolId()), "");
    add("Software", h.getSoftware() == null ? "" : h.getSoftware(), "");
    add("Starts of its agent", Long.toString(h.getIncarnation()), "its incarnation");
    made(h.getCreatedMs(), h.getId());
  }

  private void server(Server s) {
    add("Answers", s.isAnswering() ? "yes" : "no", "");
    add("Networks", String.join(", ", s.getAddresses()), "");
    add("Software", s.getSoftware(), "");
    add("Id", s.getId(), "");
  }

  private void cluster(San s) {
    add("You are", s.getMyName() + ", " + (s.getMyRole() == null ? "" : s.getMyRole().getName().toLowerCase(Locale.ROOT)), "");
    add("Server", s.getSoftware() == null ? "" : s.getSoftware(), "");
    add("Networks", String.join(", ", s.getControlAddresses()), "");
    add("Hosts", Integer.toString(s.getHosts().size()), "");
    add("Disks", Integer.toString(s.getDisks().size()), "");
    add("Pools", Integer.toString(s.getPools().size()), "");
    add("Volumes", Integer.toString(s.getVolumes().size()), "");
    add("Alerts", Integer.toString(s.getAlerts().size()), "");
    if (s.getCluster() != null) made(s.getCluster().getCreatedMs(), s.getCluster().getId());
  }

  private void user(User u) {
    add("Role", u.getRole().getName().toLowerCase(Locale.ROOT), "");
    add("Certificates", Integer.toString(u.getCertificateSha256().size()), String.join("\n", u.getCertificateSha256()));
    made(u.getCreatedMs(), "");
  }

  private void task(Task t) {
    add("State", Looks.word(t), t.getReason() == null ? "" : t.getReason());
    add("Volume", Clusters.name(t.getSan(), t.getVolumeId()), "");
    add("Done", Format.bytes(t.getDoneBytes()) + " of " + Format.bytes(t.getTotalBytes()) + " (" + Format.percent(t.getDoneBytes(), t.getTotalBytes()) + ")", "");
    add("Rate", Format.rate(t.getBytesPerSecond()) + (t.getMaxBytesPerSecond() > 0 ? ", at most " + Format.rate(t.getMaxBytesPerSecond()) : ""), "");
    if (t.getWaitsFor() != null && !t.getWaitsFor().isEmpty()) add("Waits for", t.getWaitsFor(), "");
    t.getHistory().forEach(step -> add(Format.moment(step.getTimeMs()), step.getText(), Format.exactly(step.getTimeMs())));
    made(t.getCreatedMs(), t.getId());
  }

  private void since(long ms) {
    if (ms > 0) add("Since", Format.moment(ms), Format.exactly(ms));
  }

  private void made(long ms, String id) {
    if (ms > 0) add("Made", Format.moment(ms), Format.exactly(ms));
    if (id != null && !id.isEmpty()) add("Id", id, "");
  }

  private void add(String label, String value, String more) {
    if (value != null && !value.isEmpty()) facts.add(new Fact(label, value, more));
  }
}
