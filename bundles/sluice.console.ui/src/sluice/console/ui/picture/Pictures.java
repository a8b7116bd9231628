package sluice.console.ui.picture;

import sluice.console.core.rates.Rates;
import sluice.console.core.scene.DiskMap;
import sluice.console.core.scene.Item;
import sluice.console.core.scene.Topology;
import sluice.console.core.scene.VolumeMap;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.console.ui.clusters.ShownCluster;

/** The pictures of a cluster, each into its pane. UI thread. */
public final class Pictures {
  private static final int NAMES = 120;

  private Pictures() {}

  /** @param pool whose disks; empty: all */
  public static void diskMap(PicturePane pane, ShownCluster c, String pool, DiskMap.Order order) {
    SanView view = c.view();
    pane.show(DiskMap.of(view, pool, pane.room(), order), new ScenePainter.Labels(NAMES, i -> onDisk(view, i)), !c.connected(),
        "There are no disks yet. Add some to see here what lies on them.");
  }

  public static void volumeMap(PicturePane pane, ShownCluster c, String volume) {
    SanView view = c.view();
    pane.show(VolumeMap.of(view, volume, pane.room()), new ScenePainter.Labels(NAMES, i -> inVolume(view, i)), !c.connected(), "It is not there any more.");
  }

  public static void topology(PicturePane pane, ShownCluster c, Rates rates) {
    SanView view = c.view();
    pane.show(Topology.of(view, rates, Math.min(1100, pane.room())), new ScenePainter.Labels(0, i -> box(view, i)), !c.connected(), "There are no hosts or disks yet.");
  }

  private static String onDisk(SanView view, Item i) {
    return switch (i.kind()) {
      case LANE -> i.text();
      case EXTENT -> view.volume(i.about().id()).map(v -> v.getName()).orElse("");
      default -> "";
    };
  }

  private static String inVolume(SanView view, Item i) {
    return switch (i.kind()) {
      case BAND -> i.text().replaceFirst(",.*", "");
      case EXTENT -> view.disk(i.about().id()).map(d -> d.getName()).orElse("");
      default -> "";
    };
  }

  private static String box(SanView view, Item i) {
    ObjectKey key = i.about();
    return switch (i.kind()) {
      case HOST -> view.host(key.id()).map(h -> h.getName()).orElse("");
      case DISK -> view.disk(key.id()).map(d -> d.getName()).orElse("");
      case SERVER -> "server";
      default -> i.text().replaceFirst("^network ", "");
    };
  }
}
