package sluice.core.catalog;

import sluice.protocol.v1.Access;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.PutGrant;
import sluice.protocol.v1.RemoveGrant;
import sluice.protocol.v1.Volume;

/** Which hosts may attach a volume. */
final class GrantChanges {
  private GrantChanges() {}

  static void put(Transaction t, PutGrant put) {
    Volume old = t.volume(put.getVolumeId());
    Host host = t.host(put.getGrant().getHostId());
    Access access = put.getGrant().getAccess();
    if (!VolumeRules.isAccess(access)) {
      throw Refusal.invalid("The grant of volume " + old.getName() + " says not what for", "", "choose read-only or read-write", old.getId());
    }
    if (access == Access.READ_ONLY) {
      for (Attachment a : old.getAttachmentsList()) {
        if (a.getHostId().equals(host.getId()) && a.getAccess() == Access.READ_WRITE) {
          throw Refusal.conflict("Host " + host.getName() + " cannot be limited to reading volume " + old.getName(),
              "it holds it read-write", "detach it first", old.getId(), host.getId());
        }
      }
    }
    t.about(old.getId(), host.getId());
    Grant grant = Grant.newBuilder().setHostId(host.getId()).setAccess(access).build();
    if (old.getGrantsList().contains(grant)) return;
    t.put(without(old, host.getId()).toBuilder().addGrants(grant).build());
    t.info("grant-given", "volume " + old.getName() + " granted to host " + host.getName() + " " + Words.access(access), old.getId(), host.getId());
  }

  static void remove(Transaction t, RemoveGrant remove) {
    Volume old = t.volume(remove.getVolumeId());
    Host host = t.host(remove.getHostId());
    for (Attachment a : old.getAttachmentsList()) {
      if (a.getHostId().equals(host.getId())) {
        throw Refusal.conflict("The grant of volume " + old.getName() + " to host " + host.getName() + " cannot be taken back",
            "the host holds it", "detach it first", old.getId(), host.getId());
      }
    }
    t.about(old.getId(), host.getId());
    Volume now = without(old, host.getId());
    if (now.getGrantsCount() == old.getGrantsCount()) return;
    t.put(now);
    t.info("grant-removed", "grant of volume " + old.getName() + " to host " + host.getName() + " taken back", old.getId(), host.getId());
  }

  static Volume without(Volume volume, String hostId) {
    Volume.Builder now = volume.toBuilder().clearGrants();
    for (Grant grant : volume.getGrantsList()) if (!grant.getHostId().equals(hostId)) now.addGrants(grant);
    return now.build();
  }
}
