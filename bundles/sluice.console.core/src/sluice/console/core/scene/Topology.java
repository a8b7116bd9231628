package sluice.console.core.scene;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.console.core.rates.Rates;
import sluice.console.core.rates.Series;
import sluice.console.core.verdict.Healths;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/**
 * Hosts at the left, networks and the server in the middle, disks at the right. A straight line from a host to a disk for
 * what goes directly; a dashed one to the server, with the reason, for what is rerouted. Pure.
 */
public final class Topology {
  static final double BOX = 22;
  static final double STEP = 30;
  static final double BOX_WIDTH = 140;

  private final SanView san;
  private final Rates rates;
  private final List<Item> items = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();
  private final Map<ObjectKey, Integer> index = new HashMap<>();

  private Topology(SanView san, Rates rates) {
    this.san = san;
    this.rates = rates;
  }

  /** @param rates for the width of lines; what is not known is thin */
  public static Scene of(SanView san, Rates rates, double width) {
    return new Topology(san, rates).scene(width);
  }

  private Scene scene(double width) {
    double middle = (width - BOX_WIDTH) / 2;
    List<Host> hosts = san.hosts().stream().sorted(Comparator.comparing(Host::getName)).toList();
    List<Disk> disks = san.disks().stream().sorted(Comparator.comparing(Disk::getName)).toList();
    List<String> networks = san.controlAddresses();
    double height = STEP * Math.max(Math.max(hosts.size(), disks.size()), networks.size() + 1);
    for (int i = 0; i < hosts.size(); i++) {
      Host h = hosts.get(i);
      box(Item.Kind.HOST, 0, at(i, hosts.size(), height), new ObjectKey(ObjectKey.Kind.HOST, h.getId()), "host " + h.getName(), Healths.host(san, h));
    }
    for (int i = 0; i < networks.size(); i++) {
      box(Item.Kind.NETWORK, middle, at(i, networks.size() + 1, height), network(networks.get(i)), "network " + networks.get(i), health(networks.get(i)));
    }
    ObjectKey server = new ObjectKey(ObjectKey.Kind.SERVER, san.serverId());
    box(Item.Kind.SERVER, middle, at(networks.size(), networks.size() + 1, height), server, "server " + san.serverId(), Health.HEALTHY);
    for (int i = 0; i < disks.size(); i++) {
      Disk d = disks.get(i);
      ObjectKey key = new ObjectKey(ObjectKey.Kind.DISK, d.getId());
      box(Item.Kind.DISK, width - BOX_WIDTH, at(i, disks.size(), height), key, "disk " + d.getName(), Healths.disk(san, d));
      Health h = Healths.disk(san, d);
      line(server, key, false, 1, h, h == Health.FAILED ? "the server does not reach it: " + san.diskStatus(d.getId()).getReason() : "", users(d.getId()));
    }
    for (String n : networks) line(network(n), server, false, 1, health(n), "", List.of());
    for (Host h : hosts) host(h, server);
    return new Scene(width, height, items, lines, new Table(List.of("From", "To", "Way", "State", "Reason"), rows));
  }

  private static double at(int i, int of, double height) {
    return height * (i + 0.5) / Math.max(1, of) - BOX / 2;
  }

  /** A network has no id of its own: it is the server's, seen at that address. */
  private static ObjectKey network(String address) {
    return new ObjectKey(ObjectKey.Kind.SERVER, address);
  }

  private Health health(String address) {
    int up = 0;
    int down = 0;
    for (Host h : san.hosts()) {
      for (NetworkStatus n : san.hostStatus(h.getId()).getNetworksList()) {
        if (!n.getServerAddress().equals(address)) continue;
        if (n.getUp()) up++;
        else down++;
      }
    }
    return down == 0 ? Health.HEALTHY : up == 0 ? Health.FAILED : Health.DEGRADED;
  }

  private void box(Item.Kind kind, double x, double y, ObjectKey key, String text, Health health) {
    index.put(key, items.size());
    items.add(new Item(kind, x, y, BOX_WIDTH, BOX, key, text, health, -1, -1));
  }

  private List<ObjectKey> users(String diskId) {
    Set<ObjectKey> all = new LinkedHashSet<>();
    for (SanView.DiskUse u : san.uses(diskId)) all.add(new ObjectKey(ObjectKey.Kind.VOLUME, u.volume().getId()));
    return List.copyOf(all);
  }

  private void host(Host h, ObjectKey server) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.HOST, h.getId());
    for (NetworkStatus n : san.hostStatus(h.getId()).getNetworksList()) {
      line(key, network(n.getServerAddress()), false, 1, n.getUp() ? Health.HEALTHY : Health.FAILED, n.getUp() ? "" : n.getReason(), List.of());
    }
    Map<String, List<ObjectKey>> direct = new LinkedHashMap<>();
    List<ObjectKey> rerouted = new ArrayList<>();
    String reason = "";
    Health worst = Health.DEGRADED;
    for (Volume v : san.volumesOfHost(h.getId())) {
      VolumeStatus s = san.volumeStatus(v.getId(), h.getId());
      ObjectKey volume = new ObjectKey(ObjectKey.Kind.VOLUME, v.getId());
      if (!holds(v, h.getId()) || !s.getHeld()) continue;
      if (s.getRoute() == VolumeStatus.Route.DIRECT) {
        for (String d : disks(v)) direct.computeIfAbsent(d, k -> new ArrayList<>()).add(volume);
      } else {
        rerouted.add(volume);
        if (reason.isEmpty()) reason = s.getReason();
        if (s.getRoute() == VolumeStatus.Route.WAITING) worst = Health.FAILED;
      }
    }
    direct.forEach((d, volumes) -> line(key, new ObjectKey(ObjectKey.Kind.DISK, d), false, width(volumes), Healths.bad(san, d) ? Health.FAILED : Health.HEALTHY, "", volumes));
    if (!rerouted.isEmpty()) line(key, server, true, width(rerouted), worst, reason, rerouted);
  }

  private static boolean holds(Volume v, String host) {
    for (Attachment a : v.getAttachmentsList()) if (a.getHostId().equals(host)) return true;
    return false;
  }

  private static Set<String> disks(Volume v) {
    Set<String> all = new LinkedHashSet<>();
    for (Segment s : v.getLayout().getSegmentsList()) for (Leg l : s.getLegsList()) for (Extent e : l.getColumnsList()) all.add(e.getDiskId());
    return all;
  }

  /** By the power of ten of what the volumes move: 1 below 1 MiB a second, 8 from 10 GiB. */
  private double width(List<ObjectKey> volumes) {
    double bytes = 0;
    for (ObjectKey v : volumes) bytes += rates.last(v).map(Series.Point::bytesPerSecond).orElse(0f);
    return Math.max(1, Math.min(8, 1 + 7 * Math.log10(Math.max(1, bytes / (1 << 20))) / 4));
  }

  private void line(ObjectKey from, ObjectKey to, boolean dashed, double width, Health health, String text, List<ObjectKey> objects) {
    Integer a = index.get(from);
    Integer b = index.get(to);
    if (a == null || b == null) return;
    lines.add(new Line(a, b, dashed, width, health, text, objects));
    rows.add(List.of(items.get(a).text(), items.get(b).text(), dashed ? "through the server" : "straight", health.getName().toLowerCase(java.util.Locale.ROOT), text));
  }
}
