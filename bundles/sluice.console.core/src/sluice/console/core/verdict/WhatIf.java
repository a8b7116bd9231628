package sluice.console.core.verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** What would become of the SAN if something failed at this moment. Pure. */
public final class WhatIf {
  /** From bad to worse. */
  public enum Effect {
    WORKS,
    DEGRADED,
    LOST
  }

  /** @param why a clause: "its only copy in sync lies there" */
  public record Impact(ObjectKey object, Effect effect, String why) {}

  /**
   * @param failing what it is about, in words: "disk d1"
   * @param impacts of what would not be as now, the worst first
   * @param untouched volumes that would not notice
   */
  public record Outcome(String failing, List<Impact> impacts, int untouched) {
    public Outcome {
      impacts = impacts.stream().sorted(Comparator.comparing(Impact::effect).reversed()).toList();
    }

    public long count(Effect effect) {
      return impacts.stream().filter(i -> i.effect == effect).count();
    }

    /** A sentence. */
    public String text() {
      long lost = count(Effect.LOST);
      long degraded = count(Effect.DEGRADED);
      if (lost == 0 && degraded == 0) return "If " + failing + " failed now, nothing would notice.";
      String worst = lost == 0 ? "nothing would be lost" : lost + " would be lost";
      return "If " + failing + " failed now, " + worst + ", " + degraded + " would go on degraded, " + Words.count(untouched, "volume", "volumes") + " would not notice.";
    }
  }

  private WhatIf() {}

  public static Outcome disk(SanView san, String diskId) {
    return disks(san, Set.of(diskId), "disk " + san.name(diskId));
  }

  /** A shelf, a rack, a site: all disks of the domain at once. */
  public static Outcome domain(SanView san, String domain) {
    Set<String> gone = new LinkedHashSet<>();
    for (Disk d : san.disks()) if (d.getDomain().equals(domain)) gone.add(d.getId());
    return disks(san, gone, "failure domain " + domain);
  }

  private static Outcome disks(SanView san, Set<String> gone, String failing) {
    Map<String, Volume> touched = new LinkedHashMap<>();
    for (String id : gone) for (SanView.DiskUse u : san.uses(id)) touched.put(u.volume().getId(), u.volume());
    List<Impact> impacts = new ArrayList<>();
    for (Volume v : touched.values()) {
      int left = 0;
      int hit = 0;
      for (int leg = 0; leg < Healths.legCount(v); leg++) {
        boolean liesThere = liesOn(v, leg, gone);
        if (liesThere) hit++;
        else if (Healths.legState(v, leg) == LegInfo.State.IN_SYNC && Healths.onGoodDisks(san, v, leg)) left++;
      }
      ObjectKey key = new ObjectKey(ObjectKey.Kind.VOLUME, v.getId());
      if (left == 0) impacts.add(new Impact(key, Effect.LOST, Healths.legCount(v) == 1 ? "its only copy lies there" : "no copy in sync lies elsewhere"));
      else impacts.add(new Impact(key, Effect.DEGRADED, Words.count(left, "copy", "copies") + " of " + (left + hit) + " left in sync"));
    }
    return new Outcome(failing, impacts, san.volumes().size() - touched.size());
  }

  private static boolean liesOn(Volume v, int leg, Set<String> disks) {
    for (Segment s : v.getLayout().getSegmentsList()) {
      if (leg >= s.getLegsCount()) continue;
      for (Extent e : s.getLegs(leg).getColumnsList()) if (disks.contains(e.getDiskId())) return true;
    }
    return leg < v.getLayout().getLegsCount() && disks.contains(v.getLayout().getLegs(leg).getIntents().getDiskId());
  }

  /** Programs on the host stop; the question is what others can do with what it holds. */
  public static Outcome host(SanView san, String hostId) {
    List<Impact> impacts = new ArrayList<>();
    for (Volume v : san.volumesOfHost(hostId)) {
      ObjectKey key = new ObjectKey(ObjectKey.Kind.VOLUME, v.getId());
      if (v.getShared()) impacts.add(new Impact(key, Effect.DEGRADED, "the others go on when the host's lease has run out and what it was writing is reconciled"));
      else impacts.add(new Impact(key, Effect.DEGRADED, "nobody else may have it until the host answers or is declared dead"));
    }
    return new Outcome("host " + san.name(hostId), impacts, san.volumes().size() - impacts.size());
  }

  /** Hosts that hold a volume alone and directly go on; nothing can be changed or healed meanwhile. */
  public static Outcome server(SanView san) {
    List<Impact> impacts = new ArrayList<>();
    int untouched = 0;
    for (Volume v : san.volumes()) {
      List<String> on = v.getAttachmentsList().stream().map(Attachment::getHostId).toList();
      Impact hit = withoutServer(san, v, on);
      if (hit == null) untouched++;
      else impacts.add(hit);
    }
    for (Task t : san.tasks()) {
      if (!SanView.ended(t)) impacts.add(new Impact(new ObjectKey(ObjectKey.Kind.TASK, t.getId()), Effect.DEGRADED, "it stands until the server is back, and goes on where it was"));
    }
    return new Outcome("server " + san.serverId(), impacts, untouched);
  }

  private static Impact withoutServer(SanView san, Volume v, List<String> hosts) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.VOLUME, v.getId());
    for (String host : hosts) {
      VolumeStatus s = san.volumeStatus(v.getId(), host);
      if (s.getHeld() && s.getRoute() != VolumeStatus.Route.DIRECT) return new Impact(key, Effect.LOST, san.name(host) + " reaches it through the server only");
      if (v.getShared()) return new Impact(key, Effect.LOST, "hosts that share it stop when their lease has run out");
    }
    return null;
  }

  /** @param serverAddress of the server's network, as hosts name it */
  public static Outcome network(SanView san, String serverAddress) {
    List<Impact> impacts = new ArrayList<>();
    Set<String> cut = new LinkedHashSet<>();
    for (Host h : san.hosts()) {
      HostStatus s = san.hostStatus(h.getId());
      if (s.getState() != HostStatus.State.ONLINE) continue;
      boolean uses = false;
      int others = 0;
      for (NetworkStatus n : s.getNetworksList()) {
        if (!n.getUp()) continue;
        if (n.getServerAddress().equals(serverAddress)) uses = true;
        else others++;
      }
      if (!uses) continue;
      ObjectKey key = new ObjectKey(ObjectKey.Kind.HOST, h.getId());
      if (others == 0) cut.add(h.getId());
      impacts.add(others == 0 ? new Impact(key, Effect.LOST, "it has no other network to the server")
          : new Impact(key, Effect.DEGRADED, Words.count(others, "network is", "networks are") + " left"));
    }
    int untouched = 0;
    for (Volume v : san.volumes()) {
      List<String> on = v.getAttachmentsList().stream().map(Attachment::getHostId).filter(cut::contains).toList();
      Impact hit = withoutServer(san, v, on);
      if (hit == null) untouched++;
      else impacts.add(hit);
    }
    return new Outcome("network " + serverAddress, impacts, untouched);
  }
}
