package sluice.server.session;

import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import sluice.core.catalog.CatalogView;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Assignment;
import sluice.protocol.v1.Assignments;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Volume;

/** All that a host shall hold, from the catalog, with what is wanted of it at the moment. Pure. */
final class AssignmentsComposer {
  private AssignmentsComposer() {}

  /**
   * What the host is not asked to give back; of others' grants and attachments it learns nothing (invariant 9).
   *
   * @param orders of volume and host; null: none
   */
  static Assignments of(CatalogView view, String hostId, BiFunction<String, String, Order> orders) {
    Assignments.Builder all = Assignments.newBuilder().setNumber(view.revision());
    String cluster = view.cluster().map(c -> c.getId()).orElse("");
    for (Volume volume : view.volumesHeldBy(hostId)) {
      Attachment own = attachment(volume, hostId);
      if (own == null || own.getDetaching()) continue;
      Assignment.Builder one = Assignment.newBuilder().setVolume(forHost(volume, hostId)).setAccess(own.getAccess())
          .setClusterId(cluster);
      Order order = orders.apply(volume.getId(), hostId);
      if (order != null) one.setOrder(order);
      for (String disk : disks(volume)) view.disk(disk).ifPresent(one::addDisks);
      all.addVolumes(one);
    }
    return all.build();
  }

  /** Whether the host is asked to give something back. */
  static boolean owes(CatalogView view, String hostId) {
    for (Volume volume : view.volumesHeldBy(hostId)) {
      Attachment own = attachment(volume, hostId);
      if (own != null && own.getDetaching()) return true;
    }
    return false;
  }

  static Attachment attachment(Volume volume, String hostId) {
    for (Attachment a : volume.getAttachmentsList()) if (a.getHostId().equals(hostId)) return a;
    return null;
  }

  private static Volume forHost(Volume volume, String hostId) {
    List<Grant> grants = volume.getGrantsList().stream().filter(g -> g.getHostId().equals(hostId)).toList();
    List<Attachment> attachments = volume.getAttachmentsList().stream().filter(a -> a.getHostId().equals(hostId)).toList();
    return volume.toBuilder().clearUnreconciledSlots().clearGrants().addAllGrants(grants).clearAttachments().addAllAttachments(attachments).build();
  }

  private static Set<String> disks(Volume volume) {
    return LegExtents.disks(volume.getLayout());
  }
}
