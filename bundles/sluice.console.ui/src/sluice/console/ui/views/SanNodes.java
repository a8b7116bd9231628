package sluice.console.ui.views;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.swt.graphics.Image;
import sluice.console.ui.live.LiveTree.Node;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Icons;
import sluice.console.ui.look.Looks;
import sluice.model.Connection;
import sluice.model.Disk;
import sluice.model.Health;
import sluice.model.Pool;
import sluice.model.San;
import sluice.model.SanObject;
import sluice.model.User;
import sluice.model.Volume;

/** The tree's shape: cluster, then servers, hosts, pools with their disks and volumes, disks of no pool, users. */
final class SanNodes {
  private final Set<San> seen = new HashSet<>();

  List<Node> of(List<San> sans) {
    List<Node> roots = new ArrayList<>();
    for (San san : sans) roots.add(cluster(san));
    return roots;
  }

  /** A cluster's first levels are open when it comes. */
  List<String> openAtFirst(List<San> sans) {
    List<String> keys = new ArrayList<>();
    for (San san : sans) {
      if (san.getCluster() == null || !seen.add(san)) continue;
      String key = key(san);
      keys.addAll(List.of(key, key + "/hosts"));
      san.getPools().stream().limit(8).forEach(p -> keys.addAll(List.of(key + "/" + p.getId(), key + "/" + p.getId() + "/volumes", key + "/" + p.getId() + "/disks")));
    }
    return keys;
  }

  private static String key(San san) {
    return san.getCluster() == null ? Looks.name(san) : san.getCluster().getId();
  }

  private Node cluster(San san) {
    String key = key(san);
    boolean current = san.getConnection() == Connection.CONNECTED;
    List<Node> children = new ArrayList<>();
    children.add(group(key + "/servers", "Servers", objects(key, san.getServers(), current), current));
    children.add(group(key + "/hosts", "Hosts", objects(key, san.getHosts(), current), current));
    san.getPools().stream().sorted(Comparator.comparing(Looks::name)).forEach(p -> children.add(pool(key, p, current)));
    List<Disk> loose = san.getDisks().stream().filter(d -> d.getPool() == null).toList();
    if (!loose.isEmpty()) children.add(group(key + "/loose", "Disks in no pool", objects(key, loose, current), current));
    List<Node> users = new ArrayList<>();
    for (User u : san.getUsers()) users.add(new Node(key + "/user/" + u.getName(), u, u.getName(), u.getRole().getName().toLowerCase(java.util.Locale.ROOT), Icons.get("user"), List.of()));
    children.add(group(key + "/users", "Users", users, current));
    Image image = current ? Looks.image(san, san.getHealth(), san.getWorstBelow()) : Icons.marked("cluster", "ov-offline");
    return new Node(key, san, Looks.name(san), current ? said(san.getHealth()) : "not connected", image, children);
  }

  private Node pool(String key, Pool p, boolean current) {
    String own = key + "/" + p.getId();
    List<Node> children = List.of(
        group(own + "/volumes", "Volumes", objects(own, p.getVolumes(), current), current),
        group(own + "/disks", "Disks", objects(own, p.getDisks(), current), current));
    String detail = Format.bytes(p.getFreeBytes()) + " free" + (p.getHealth() == Health.HEALTHY || p.getHealth() == null ? "" : ", " + Looks.word(p.getHealth()));
    return new Node(own, p, Looks.name(p), detail, image(p, current), children);
  }

  private static List<Node> objects(String parent, List<? extends SanObject> objects, boolean current) {
    Function<SanObject, String> name = Looks::name;
    List<Node> nodes = new ArrayList<>(objects.size());
    objects.stream().sorted(Comparator.comparing(name, SanNodes::naturally))
        .forEach(o -> nodes.add(new Node(parent + "/" + o.getId(), o, Looks.name(o), detail(o, current), image(o, current), List.of())));
    return nodes;
  }

  private static String detail(SanObject o, boolean current) {
    if (!current) return "stale";
    if (o.getHealth() != null && o.getHealth() != Health.HEALTHY) return Looks.word(o.getHealth());
    if (o instanceof Volume v) return Format.bytes(v.getSizeBytes());
    if (o instanceof Disk d && d.isSpare()) return "spare";
    return "";
  }

  private static Image image(SanObject o, boolean current) {
    return current ? Looks.image(o, o.getHealth(), o.getWorstBelow()) : Icons.marked(Looks.icon(o), "ov-offline");
  }

  private static Node group(String key, String name, List<Node> children, boolean current) {
    Health worst = Health.HEALTHY;
    for (Node n : children) {
      if (n.object() instanceof SanObject o && rank(o.getHealth()) > rank(worst)) worst = o.getHealth();
    }
    String mark = current ? Looks.mark(null, worst) : "";
    return new Node(key, null, name, String.valueOf(children.size()), Icons.marked("group", mark), children);
  }

  private static int rank(Health h) {
    return h == null ? 0 : h.getValue();
  }

  private static String said(Health h) {
    return h == null ? "" : Looks.word(h);
  }

  /** d2 before d10. */
  static int naturally(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      if (Character.isDigit(a.charAt(i)) && Character.isDigit(b.charAt(j))) {
        int ie = i;
        int je = j;
        while (ie < a.length() && Character.isDigit(a.charAt(ie))) ie++;
        while (je < b.length() && Character.isDigit(b.charAt(je))) je++;
        String x = a.substring(i, ie).replaceFirst("^0+(?=.)", "");
        String y = b.substring(j, je).replaceFirst("^0+(?=.)", "");
        int by = x.length() != y.length() ? x.length() - y.length() : x.compareTo(y);
        if (by != 0) return by;
        i = ie;
        j = je;
      } else {
        int by = Character.compare(a.charAt(i), b.charAt(j));
        if (by != 0) return by;
        i++;
        j++;
      }
    }
    return (a.length() - i) - (b.length() - j);
  }
}
