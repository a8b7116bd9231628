package sluice.core.care;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/**
 * The hosts that hold the volume, the orders they have and the answers they owe (invariants 2, 3 and 5). A holder counts
 * from when the catalog has attached it until the catalog has released it.
 */
final class Holders {
  private record Host(long incarnation, boolean online) {}

  private final CareEffects effects;
  private final long run;
  private final Map<String, Holder> holders = new TreeMap<>();
  /** All hosts that have had a session, since one may attach the volume later. */
  private final Map<String, Host> hosts = new TreeMap<>();
  private Volume volume = Volume.getDefaultInstance();
  private long number;

  Holders(CareEffects effects, long run) {
    this.effects = effects;
    this.run = run;
  }

  void changed(Volume newest) {
    volume = newest;
    Map<String, Holder> before = new TreeMap<>(holders);
    holders.clear();
    for (Attachment a : newest.getAttachmentsList()) {
      Holder holder = before.get(a.getHostId());
      if (holder == null || holder.attachment.getSinceMs() != a.getSinceMs()) holder = attached(a);
      else if (holder.attachment.getSlot() != a.getSlot()) {
        holder.slot = Holder.Slot.UNKNOWN;
        holder.question++;
      }
      holder.attachment = a;
      if (!newest.getShared()) holder.putOut = false;
      holders.put(holder.id, holder);
    }
  }

  private Holder attached(Attachment a) {
    Holder holder = new Holder(a);
    Host host = hosts.get(a.getHostId());
    if (host != null) holder.incarnation = host.incarnation;
    holder.online = host != null && host.online;
    if (!holder.online) holder.offlineSinceMs = effects.nowMs();
    return holder;
  }

  void online(String id, long incarnation) {
    Host host = hosts.get(id);
    if (host != null && incarnation < host.incarnation) return;
    hosts.put(id, new Host(incarnation, true));
    Holder holder = holders.get(id);
    if (holder == null) return;
    if (incarnation != holder.incarnation) holder.began(incarnation);
    holder.online = true;
  }

  void offline(String id) {
    Host host = hosts.get(id);
    if (host != null) hosts.put(id, new Host(host.incarnation, false));
    Holder holder = holders.get(id);
    if (holder == null || !holder.online) return;
    holder.online = false;
    holder.offlineSinceMs = effects.nowMs();
  }

  void heard(String id, long incarnation, VolumeStatus status) {
    Host host = hosts.get(id);
    Holder holder = holders.get(id);
    if (holder == null || host != null && incarnation < host.incarnation) return;
    if (incarnation != holder.incarnation) online(id, incarnation);
    holder.heard(status, run);
    holder.saidEpoch = status.getEpoch();
    holder.agreedBytes = status.getAgreedSizeBytes();
    // A volume of which nothing was ever asked has no order to answer, and its layout is the one there was.
    boolean unasked = holder.order == null && status.getEpoch() == epoch();
    if (unasked || holder.answered(run, epoch())) holder.putOut = false;
  }

  /** A host that holds the volume alone is not bound to its lease: it is waited for, however long (invariant 2). */
  void leaseOver(String id) {
    Holder holder = holders.get(id);
    if (holder != null && volume.getShared()) holder.putOut = true;
  }

  boolean renews(String id) {
    Holder holder = holders.get(id);
    if (holder == null || !volume.getShared()) return true;
    // A run before this one may have counted the host's lease as over, and changed the layout since: what it says tells.
    return !holder.putOut && (holder.saidEpoch == 0 || holder.saidEpoch == epoch());
  }

  /** Sends each holder what it shall do now, if that is something else than it was told. */
  void publish(boolean standStill, long windowStart, long windowEnd, Withheld withheld) {
    for (Holder h : holders.values()) {
      boolean out = withheld.test(h);
      if (!out) h.letIn = true;
      Order.Builder next = lines(h, standStill).setVolumeId(volume.getId()).setRun(run).setEpoch(epoch()).setStandStill(standStill)
          .setWindowStartBytes(windowStart).setWindowEndBytes(windowEnd).setWithheld(out);
      if (h.order != null && next.setNumber(h.order.getNumber()).build().equals(h.order)) continue;
      h.order = next.setNumber(++number).build();
      effects.order(h.id, h.order);
    }
  }

  /** Who is standing still is not asked to answer again for a proof that can wait. */
  private Order.Builder lines(Holder h, boolean standStill) {
    Order.Builder next = Order.newBuilder();
    if (volume.getLayout().getLegsCount() == 0) return next;
    next.setProves(true);
    if (standStill) return h.order == null ? next : next.addAllProved(h.order.getProvedList());
    return next.addAllProved(h.proofs.values());
  }

  /** Whether each has been heard in this run of the server, or is out: nobody else knows of what happened before it. @param unsure of what it said */
  boolean allHeard(Predicate<Holder> unsure) {
    for (Holder h : holders.values()) if (!h.putOut && (h.status == null || unsure.test(h))) return false;
    return true;
  }

  /** The first that has not been heard, for people. */
  String silent(Predicate<Holder> unsure) {
    for (Holder h : holders.values()) {
      if (h.putOut || h.status != null && !unsure.test(h)) continue;
      return h.online ? "host " + h.id + " has not said yet how its disks are" : absentWords(h);
    }
    return "";
  }

  /** Must a holder not use the volume yet? */
  interface Withheld {
    boolean test(Holder holder);
  }

  Collection<Holder> all() {
    return holders.values();
  }

  Holder holder(String id) {
    return holders.get(id);
  }

  private long epoch() {
    return volume.getLayout().getEpoch();
  }

  /** Is the newest order in force at every holder? */
  boolean allAnswered() {
    for (Holder h : holders.values()) if (!h.putOut && !h.answered(run, epoch())) return false;
    return true;
  }

  /** Does every holder stand still, but for what may happen on these disks? */
  boolean allStand(Set<String> givenUp) {
    for (Holder h : holders.values()) if (!h.putOut && !h.stands(run, epoch(), givenUp)) return false;
    return true;
  }

  /** Holders of which no answer can be expected at the moment. */
  List<Holder> absent() {
    List<Holder> absent = new ArrayList<>();
    for (Holder h : holders.values()) if (!h.online && !h.putOut) absent.add(h);
    return absent;
  }

  /** Who needs more of the volume than so many bytes, as far as is known: ids, in order. */
  List<String> disagreeing(long sizeBytes) {
    List<String> ids = new ArrayList<>();
    for (Holder h : holders.values()) {
      boolean unheard = h.agreedBytes < 0 && h.online;
      if (!unheard && (h.agreedBytes <= 0 || h.agreedBytes > sizeBytes)) ids.add(h.id);
    }
    return ids;
  }

  /** A holder that is there and has not said yet what it can do without; null: there is none. */
  String unheard() {
    for (Holder h : holders.values()) if (h.agreedBytes < 0 && h.online) return h.id;
    return null;
  }

  /** Is every holder, also one whose lease has run out, under the present epoch, with nothing under way from before? */
  boolean allUnderEpoch() {
    for (Holder h : holders.values()) if (!h.answered(run, epoch()) || h.status.getDoubtfulDiskIdsCount() > 0) return false;
    return true;
  }

  /** Disks on which a holder has said that it has writes in doubt. */
  Set<String> doubtfulDisks() {
    Set<String> ids = new TreeSet<>();
    for (Holder h : holders.values()) if (h.status != null) ids.addAll(h.status.getDoubtfulDiskIdsList());
    return ids;
  }

  /** Who is waited for, for people; empty: nobody. @param givenUp null: only for their answer */
  String owing(Set<String> givenUp) {
    for (Holder h : holders.values()) {
      if (h.putOut) continue;
      boolean answered = h.answered(run, epoch());
      if (answered && (givenUp == null || h.stands(run, epoch(), givenUp))) continue;
      if (!h.online) return absentWords(h);
      if (!answered) return "host " + h.id + " has not answered yet";
      if (!h.status.getQuiesced()) return "host " + h.id + " does not stand still yet";
      return "host " + h.id + " has writes under way on disk " + String.join(", ", h.status.getDoubtfulDiskIdsList());
    }
    return "";
  }

  String absentWords(Holder h) {
    if (volume.getShared()) return "host " + h.id + " is not connected; its lease has to run out or it has to come back";
    return "host " + h.id + " holds the volume alone and is not connected; it is waited for until it comes back, gives the"
        + " volume back or is declared dead";
  }
}
