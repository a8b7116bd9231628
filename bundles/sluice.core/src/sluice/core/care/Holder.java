package sluice.core.care;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.LineToDisk;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.VolumeStatus;

/** A host that holds the volume: what it was told last, and what it has answered. */
final class Holder {
  /** What is known of the write intents in the host's slot. */
  enum Slot {
    UNKNOWN,
    ASKED,
    /** Clean, or of the agent that runs now. */
    OWN,
    /** Of an earlier run of the agent: what it left has to be reconciled before this one may begin (invariant 4). */
    OLD
  }

  final String id;
  Attachment attachment;
  long incarnation;
  boolean online;
  /** On which time of the catalog's clock the host was lost. */
  long offlineSinceMs;
  Slot slot = Slot.UNKNOWN;
  /** Counts the questions for the slot: only the newest one's answer counts. */
  int question;
  long askAgainAt;
  /** It has been told that it may use the volume, in this run of its agent and of the server. */
  boolean letIn;
  /**
   * Its lease and the margin have run out, and it has not been renewed since: it does no I/O to what it shares
   * (invariant 2) until it has answered the newest order.
   */
  boolean putOut;
  /** By its newest report, of whatever run; 0: there was none. */
  long saidEpoch;
  /** What the host can do without by its own word, from this byte on; 0: nothing; -1: this run of its agent has not reported yet. */
  long agreedBytes = -1;
  /** The newest; null: none from this incarnation in this run of the server. */
  VolumeStatus status;
  /** Its lines to disks that this run of the server has not proved, by disk; as it has said them last. */
  Map<String, LineToDisk> lines = new TreeMap<>();
  /** The newest proof of each disk's line. */
  final Map<String, LineToDisk> proofs = new TreeMap<>();
  /** Losses of lines that have been judged: a loss counts once, whatever becomes of the volume afterwards. */
  final Set<LineToDisk> judged = new HashSet<>();
  /** The newest that it was sent; null: none yet. */
  Order order;

  Holder(Attachment attachment) {
    this.id = attachment.getHostId();
    this.attachment = attachment;
  }

  /** Another run of the agent: nothing that the earlier one said counts any more. */
  void began(long newIncarnation) {
    incarnation = newIncarnation;
    slot = Slot.UNKNOWN;
    question++;
    askAgainAt = 0;
    letIn = false;
    saidEpoch = 0;
    agreedBytes = -1;
    status = null;
    order = null;
    lines.clear();
    proofs.clear();
    judged.clear();
  }

  /** Answers may come late, twice and in any order; within one run of the server the number says which is newer. */
  void heard(VolumeStatus s, long run) {
    if (s.getOrderRun() != run) return;
    if (status != null && s.getOrderNumber() < status.getOrderNumber()) return;
    status = s;
    lines.clear();
    for (LineToDisk l : s.getLinesList()) lines.put(l.getDiskId(), l);
  }

  /** Is the newest order in force there, under this epoch? */
  boolean answered(long run, long epoch) {
    if (order == null || status == null) return false;
    return status.getOrderRun() == run && status.getOrderNumber() >= order.getNumber() && status.getEpoch() == epoch;
  }

  /** Does it do nothing more to any disk but these? Only an order to stand still makes it say so. */
  boolean stands(long run, long epoch, Set<String> givenUp) {
    return answered(run, epoch) && status.getQuiesced() && givenUp.containsAll(status.getDoubtfulDiskIdsList());
  }
}
