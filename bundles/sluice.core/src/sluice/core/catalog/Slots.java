package sluice.core.catalog;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.SlotReconciled;
import sluice.protocol.v1.Volume;

/**
 * Slots of write intents (invariant 4): who may write a volume that has them holds one. A slot that may show what is not
 * yet on every leg is given to nobody until it has been reconciled, because its next holder would overwrite it.
 */
final class Slots {
  private Slots() {}

  static boolean needed(Volume volume, Access access) {
    return volume.getLayout().getLegsCount() > 0 && access == Access.READ_WRITE;
  }

  /** 0: there is none. */
  static int lowestFree(Volume volume) {
    Set<Integer> taken = new HashSet<>(volume.getUnreconciledSlotsList());
    for (Attachment a : volume.getAttachmentsList()) taken.add(a.getSlot());
    for (int slot = 1; slot <= CatalogLimits.LAST_SLOT; slot++) if (!taken.contains(slot)) return slot;
    return 0;
  }

  static Refusal noneFree(Volume volume, String what) {
    return Refusal.conflict(what, "all " + CatalogLimits.LAST_SLOT + " slots for write intents are held by hosts, or wait to be reconciled ("
        + volume.getUnreconciledSlotsCount() + ")", "detach it from another host, or wait until its legs are reconciled", volume.getId());
  }

  /**
   * The volume without the host.
   *
   * @param unfinished the host has not stopped by itself: changes of it may be on some legs and not on others
   */
  static Volume released(Volume volume, String hostId, boolean unfinished) {
    Volume without = AttachmentChanges.without(volume, hostId);
    for (Attachment a : volume.getAttachmentsList()) {
      // while a leg is not in sync its missed writes stand in the slots that wrote them, however well their hosts ended
      if (a.getHostId().equals(hostId) && a.getSlot() != 0 && (unfinished || !Legs.allInSync(volume))) return unreconciled(without, a.getSlot());
    }
    return without;
  }

  static Volume unreconciled(Volume volume, int slot) {
    Set<Integer> slots = new TreeSet<>(volume.getUnreconciledSlotsList());
    slots.add(slot);
    return volume.toBuilder().clearUnreconciledSlots().addAllUnreconciledSlots(slots).build();
  }

  /** Said again it changes nothing. */
  static void reconciled(Transaction t, SlotReconciled reconciled) {
    Volume old = t.volume(reconciled.getVolumeId());
    t.about(old.getId());
    if (!old.getUnreconciledSlotsList().contains(reconciled.getSlot())) return;
    Set<Integer> slots = new TreeSet<>(old.getUnreconciledSlotsList());
    slots.remove(reconciled.getSlot());
    t.put(old.toBuilder().clearUnreconciledSlots().addAllUnreconciledSlots(slots).build());
    t.info("slot-reconciled", "what a host left unfinished on volume " + old.getName() + " (slot " + reconciled.getSlot() + ") reconciled", old.getId());
  }

  /** The first rule that the volume's slots break, as a clause; null if they keep them all. */
  static String broken(Volume volume) {
    Set<Integer> slots = new HashSet<>();
    for (int slot : volume.getUnreconciledSlotsList()) {
      if (volume.getLayout().getLegsCount() == 0 || slot < 1 || slot > CatalogLimits.LAST_SLOT || !slots.add(slot)) {
        return "it has a wrong slot that is not reconciled";
      }
    }
    for (Attachment a : volume.getAttachmentsList()) {
      if (!needed(volume, a.getAccess())) {
        if (a.getSlot() != 0) return "a host holds a slot of write intents and needs none";
      } else if (a.getSlot() < 1 || a.getSlot() > CatalogLimits.LAST_SLOT || !slots.add(a.getSlot())) {
        return "a host that writes it has no slot of write intents for itself";
      }
    }
    return null;
  }
}
