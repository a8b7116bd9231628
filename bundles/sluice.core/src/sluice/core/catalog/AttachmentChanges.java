package sluice.core.catalog;

import sluice.protocol.v1.Access;
import sluice.protocol.v1.AttachVolume;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.DetachVolume;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.ReleaseVolume;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Volume;

/** Who holds a volume (invariants 2 and 3). */
final class AttachmentChanges {
  private AttachmentChanges() {}

  static void attach(Transaction t, AttachVolume attach) {
    Volume old = t.volume(attach.getVolumeId());
    Host host = t.host(attach.getHostId());
    Access access = attach.getAccess();
    String what = "Volume " + old.getName() + " cannot be attached to host " + host.getName();
    if (!VolumeRules.isAccess(access)) throw Refusal.invalid(what, "it is not said what for", "choose read-only or read-write", old.getId());
    t.about(old.getId(), host.getId());
    Attachment own = attachment(old, host.getId());
    if (own != null) {
      if (own.getDetaching()) {
        throw Refusal.conflict(what, "the host is giving it back at the moment", "wait until it is detached", old.getId(), host.getId());
      }
      if (own.getAccess() == access) return;
      throw Refusal.conflict(what + " " + Words.access(access), "the host holds it " + Words.access(own.getAccess()),
          "detach it first", old.getId(), host.getId());
    }
    if (!VolumeRules.granted(old, host.getId(), access)) {
      throw Refusal.of(Problem.Code.FORBIDDEN, what + " " + Words.access(access), "it is not granted to the host for that",
          "grant it first with: sluice volume grant", old.getId(), host.getId());
    }
    checkSharing(t, old, access, what);
    RestoreChanges.checkNotRestoring(old, what);
    Attachment.Builder now = Attachment.newBuilder().setHostId(host.getId()).setAccess(access).setSinceMs(t.timeMs());
    if (Slots.needed(old, access)) {
      now.setSlot(Slots.lowestFree(old));
      if (now.getSlot() == 0) throw Slots.noneFree(old, what + " " + Words.access(access));
    }
    t.put(old.toBuilder().addAttachments(now).build());
    t.info("volume-attached", "volume " + old.getName() + " attached to host " + host.getName() + " " + Words.access(access), old.getId(), host.getId());
  }

  private static void checkSharing(Transaction t, Volume volume, Access access, String what) {
    if (volume.getShared() || volume.getAttachmentsCount() == 0) return;
    boolean written = false;
    for (Attachment a : volume.getAttachmentsList()) written |= a.getAccess() == Access.READ_WRITE;
    if (!written && access == Access.READ_ONLY) return;
    throw Refusal.conflict(what + " " + Words.access(access),
        "it is not shared, and held " + (written ? "read-write" : "read-only") + " by " + HostRights.holders(t, volume),
        "detach it there first, or make it shared while it is attached nowhere", HostRights.holderIds(volume));
  }

  static void detach(Transaction t, DetachVolume detach) {
    Volume old = t.volume(detach.getVolumeId());
    Host host = t.host(detach.getHostId());
    Attachment own = attachment(old, host.getId());
    if (own == null) {
      throw Refusal.of(Problem.Code.NOT_FOUND, "Volume " + old.getName() + " is not attached to host " + host.getName(), "",
          "see where it is attached with: sluice volume show " + old.getName(), old.getId(), host.getId());
    }
    t.about(old.getId(), host.getId());
    if (own.getDetaching()) return;
    t.put(without(old, host.getId()).toBuilder().addAttachments(own.toBuilder().setDetaching(true)).build());
    t.info("volume-detaching", "volume " + old.getName() + " asked back from host " + host.getName(), old.getId(), host.getId());
  }

  /** Hosts report more than once that they hold nothing, so releasing what is not held is no mistake. */
  static void release(Transaction t, ReleaseVolume release) {
    Volume old = t.volume(release.getVolumeId());
    Host host = t.host(release.getHostId());
    t.about(old.getId(), host.getId());
    if (attachment(old, host.getId()) == null) return;
    t.put(Slots.released(old, host.getId(), release.getUnfinished()));
    t.event(Severity.INFO, "volume-released", "volume " + old.getName() + " is no longer held by host " + host.getName(), old.getId(), host.getId());
  }

  private static Attachment attachment(Volume volume, String hostId) {
    for (Attachment a : volume.getAttachmentsList()) if (a.getHostId().equals(hostId)) return a;
    return null;
  }

  static Volume without(Volume volume, String hostId) {
    Volume.Builder now = volume.toBuilder().clearAttachments();
    for (Attachment a : volume.getAttachmentsList()) if (!a.getHostId().equals(hostId)) now.addAttachments(a);
    return now.build();
  }
}
