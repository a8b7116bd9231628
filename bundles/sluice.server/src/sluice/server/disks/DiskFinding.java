package sluice.server.disks;

import sluice.api.ByteSize;
import sluice.core.catalog.CatalogView;
import sluice.io.label.DiskLabel;
import sluice.io.label.LabelLayout;
import sluice.io.label.LabelResult;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.ScannedDisk;

/**
 * What something that was looked at is to this cluster, and whether it may be added. Pure.
 *
 * @param seen for people
 * @param overwritable what keeps it from being added is only what would be lost
 * @param owner what another cluster calls its disk, when its label is what would be lost; otherwise empty
 * @param leftover ours and in no pool, but not in the catalog: an adding that was cut off, which may go on
 */
public record DiskFinding(ScannedDisk seen, boolean overwritable, String owner, boolean leftover) {
  public static DiskFinding of(String uri, long capacity, boolean readOnly, LabelResult label, CatalogView view, String clusterId) {
    ScannedDisk.Builder b = ScannedDisk.newBuilder().setUri(uri).setCapacityBytes(capacity);
    DiskLabel l = label.label();
    if (l != null) b.setDiskId(l.diskId()).setPoolId(l.poolId()).setClusterId(l.clusterId());
    DiskFinding found = byLabel(b, label, view, clusterId);
    boolean hopeless = capacity < LabelLayout.MIN_DISK || readOnly;
    if (!hopeless) return l == null || l.clusterId().equals(clusterId) ? found : found.ownedAs(l.name());
    String why = readOnly ? "it can only be read" : "it has " + new ByteSize(capacity) + " of at least " + new ByteSize(LabelLayout.MIN_DISK);
    ScannedDisk.Builder seen = found.seen.toBuilder().setAddable(false).setWhyNot(why);
    // "empty" would be said to be the reason.
    if (!readOnly && found.seen.getAddable()) seen.setWhat("too small");
    return new DiskFinding(seen.build(), false, "", false);
  }

  private DiskFinding ownedAs(String name) {
    return new DiskFinding(seen, overwritable, name, leftover);
  }

  private static DiskFinding byLabel(ScannedDisk.Builder b, LabelResult label, CatalogView view, String clusterId) {
    return switch (label.state()) {
      case NONE -> label.blank() ? addable(b, "empty", false)
          : not(b, label.note(), "it would be overwritten", true);
      case DAMAGED -> not(b, "damaged label", label.note() + "; overwrite it if nothing on the disk is wanted", true);
      case NEWER -> not(b, "disk of a newer version of Sluice", label.note(), true);
      case SHRUNKEN -> not(b, "disk " + label.label().name() + " that has shrunk", label.note() + "; grow it back, or overwrite it", true);
      case FOUND -> ofCluster(b, label.label(), view, clusterId);
    };
  }

  private static DiskFinding ofCluster(ScannedDisk.Builder b, DiskLabel label, CatalogView view, String clusterId) {
    String pool = label.poolId().isEmpty() ? "" : ", pool " + label.poolId();
    if (!label.clusterId().equals(clusterId)) {
      String why = pool.isEmpty() ? "it belongs to another cluster; overwrite it if that is gone"
          : "it belongs to another cluster; import its pool, or overwrite it if that is gone";
      return not(b, "disk " + label.name() + " of cluster " + label.clusterId() + pool, why, true);
    }
    Disk known = view.disk(label.diskId()).orElse(null);
    if (known != null) {
      return not(b, "disk " + known.getName() + " of this cluster", "it is in the catalog already, as disk " + known.getName()
          + " at " + String.join(", ", known.getUrisList()), false);
    }
    if (label.poolId().isEmpty()) return addable(b, "disk " + label.name() + " of this cluster, not in the catalog", true);
    return not(b, "disk " + label.name() + " of this cluster" + pool + ", not in the catalog",
        "it is of a pool that was exported; import the pool, or overwrite the disk if the pool is not wanted", true);
  }

  private static DiskFinding addable(ScannedDisk.Builder b, String what, boolean leftover) {
    return new DiskFinding(b.setWhat(what).setAddable(true).build(), true, "", leftover);
  }

  private static DiskFinding not(ScannedDisk.Builder b, String what, String why, boolean overwritable) {
    return new DiskFinding(b.setWhat(what).setWhyNot(why).build(), overwritable, "", false);
  }
}
