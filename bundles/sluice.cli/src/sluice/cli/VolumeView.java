package sluice.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** A volume together with what is true of it on each host that has to do with it. */
final class VolumeView {
  private final Picture picture;
  private final Names names;
  private final Volume volume;

  VolumeView(Picture picture, Names names, Volume volume) {
    this.picture = picture;
    this.names = names;
    this.volume = volume;
  }

  /** What a host that holds the volume says of it; null if it has said nothing. */
  VolumeStatus status(String hostId) {
    for (VolumeStatus s : picture.getVolumeStatusList()) {
      if (s.getVolumeId().equals(volume.getId()) && s.getHostId().equals(hostId)) return s;
    }
    return null;
  }

  /** Of a host that is offline since when that is so, milliseconds since 1970; 0 if it is not. What it said last may not be so any more. */
  long offlineSince(String hostId) {
    for (HostStatus h : picture.getHostStatusList()) {
      if (h.getHostId().equals(hostId) && h.getState() == HostStatus.State.OFFLINE) return Math.max(1, h.getSinceMs());
    }
    return 0;
  }

  /** "direct", "server", "waiting"; "unknown" if the host has not said. */
  static String route(VolumeStatus status) {
    if (status == null || !status.getHeld() || status.getRoute() == VolumeStatus.Route.ROUTE_UNSPECIFIED) return "unknown";
    return status.getRoute().name().toLowerCase(Locale.ROOT);
  }

  /** Why it is not direct, in words; empty if it is. */
  String reason(Attachment attachment) {
    VolumeStatus status = status(attachment.getHostId());
    long offline = offlineSince(attachment.getHostId());
    if (offline > 0) {
      return "the host is offline since " + Moments.at(offline) + (attachment.getDetaching() ? ", and is asked to give it back" : "")
          + (route(status).equals("unknown") ? "" : "; the route is the last that it told");
    }
    if (attachment.getDetaching()) return "is being detached";
    if (status == null || !status.getHeld()) return "the host has not taken it yet";
    return status.getReason();
  }

  static String access(Access access) {
    return access == Access.READ_ONLY ? "read-only" : "read-write";
  }

  String layout() {
    String striping = volume.getStripes() <= 1 ? "linear" : volume.getStripes() + " stripes";
    if (volume.getLegs() <= 1) return striping;
    String degraded = LegTable.degraded(volume);
    return volume.getLegs() + " legs, " + striping + (degraded.isEmpty() ? "" : ", DEGRADED: " + degraded);
  }

  /** All fields of the schema, the names that its ids stand for, and one entry in {@code hosts} for each attachment. */
  Map<String, Object> tree() {
    Map<String, Object> tree = MessageJson.of(volume);
    tree.put("pool", names.of(volume.getPoolId()));
    List<Object> hosts = new ArrayList<>();
    for (Attachment a : volume.getAttachmentsList()) hosts.add(host(a));
    tree.put("hosts", hosts);
    return tree;
  }

  private Map<String, Object> host(Attachment a) {
    VolumeStatus s = status(a.getHostId());
    Map<String, Object> host = new LinkedHashMap<>();
    host.put("host", names.of(a.getHostId()));
    host.put("host_id", a.getHostId());
    host.put("access", a.getAccess().name().toLowerCase(Locale.ROOT));
    host.put("detaching", a.getDetaching());
    host.put("online", offlineSince(a.getHostId()) == 0);
    host.put("held", s != null && s.getHeld());
    host.put("route", route(s));
    host.put("reason", reason(a));
    host.put("since_ms", s == null ? a.getSinceMs() : s.getSinceMs());
    host.put("epoch", s == null ? 0 : s.getEpoch());
    host.put("uri", s == null ? "" : s.getNbdUri());
    host.put("quiesced", s != null && s.getQuiesced());
    if (s != null) host.put("counters", MessageJson.of(s.getCounters()));
    return host;
  }
}
