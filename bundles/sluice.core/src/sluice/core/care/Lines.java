package sluice.core.care;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.protocol.v1.LineToDisk;

/**
 * Holders' connections to disks: who remembers that a disk was away, and may be told that it has forgotten nothing (invariant 1).
 *
 * <p>A disk that loses power drops every connection and perhaps what was not flushed; nothing on it tells. So each connection that has not
 * broken is a witness that nothing is lost, and each that has is a suspicion. The server's own are judged in {@link Legs}. A host's
 * that was good in this run of the server says nothing that they do not; one that an earlier run had proved was watched by nobody for a
 * while, so the leg is given up, and brought up to date from its write intents. Before a host uses a line the server looks at the disk by its own connection, which if the disk
 * was away fails: so both have seen the same disk without a gap between.
 */
final class Lines {
  private record Asked(Holder holder, LineToDisk line) {}

  private final Ward ward;
  private final long run;
  /** Disks that are being looked at. */
  private final Map<String, List<Asked>> looks = new HashMap<>();
  private final Map<String, Long> again = new HashMap<>();

  Lines(Ward ward, long run) {
    this.ward = ward;
    this.run = run;
  }

  /**
   * What a holder has said of its lines, whatever layout it is under: a change may have been committed just before the server died, and
   * what the holder knows has to be known before anything is served under it.
   */
  void heard(Holder holder) {
    if (!ward.legs.mirrored() || holder.status == null) return;
    for (LineToDisk l : holder.lines.values()) {
      if (!l.getBroken() || !holder.judged.add(loss(l))) continue;
      // A disk that this run has lost it has given the legs of up already, perhaps brought them up to date since.
      if (l.getRun() == run) continue;
      ward.legs.forgetful(l.getDiskId(), "disk " + l.getDiskId() + " was away from host " + holder.id + " while the server did not watch it");
    }
  }

  /** It is one loss however often the disk has come and gone since. */
  private static LineToDisk loss(LineToDisk l) {
    return l.toBuilder().clearNumber().build();
  }

  /**
   * Looks at the disks whose lines wait for it; nobody is recalled.
   *
   * @param starting not every holder has been heard: only lines that were good before this run are proved, so that their hosts see whether they
   *     still are. Others might be to a disk of which another holder knows that it was away.
   */
  void advance(boolean starting) {
    if (!ward.legs.mirrored()) return;
    for (Holder h : ward.holders.all()) {
      if (h.putOut || h.status == null || !starting && h.status.getEpoch() != ward.epoch()) continue;
      for (LineToDisk l : h.lines.values()) if (waits(h, l, starting)) look(l.getDiskId(), starting);
    }
  }

  private boolean waits(Holder h, LineToDisk l, boolean starting) {
    return l.getNumber() != 0 && !isProved(h, l) && (!starting || isOld(l));
  }

  /** Proved by an earlier run, and not lost as far as its host knows. */
  private boolean isOld(LineToDisk l) {
    return l.getNumber() != 0 && l.getRun() != 0 && l.getRun() != run && !l.getBroken();
  }

  /**
   * Whether a holder has yet to see that the lines which earlier runs had proved have not broken meanwhile. What lies on a disk that this
   * run has lost is given up anyway.
   */
  boolean unconfirmed(Holder h) {
    for (LineToDisk l : h.lines.values()) if (isOld(l) && !ward.legs.offline(l.getDiskId())) return true;
    return false;
  }

  private static boolean isProved(Holder h, LineToDisk l) {
    LineToDisk proof = h.proofs.get(l.getDiskId());
    return proof != null && proof.getNumber() == l.getNumber();
  }

  private void look(String disk, boolean starting) {
    if (looks.containsKey(disk) || ward.legs.session(disk) == 0 || ward.legs.doubted(disk)) return;
    Long at = again.get(disk);
    if (at != null && !ward.due(at)) return;
    List<Asked> asked = new ArrayList<>();
    for (Holder h : ward.holders.all()) {
      LineToDisk l = h.lines.get(disk);
      if (l != null && waits(h, l, starting)) asked.add(new Asked(h, l));
    }
    looks.put(disk, asked);
    long session = ward.legs.session(disk);
    ward.effects.look(disk, problem -> {
      looks.remove(disk);
      again.remove(disk);
      if (!problem.isEmpty()) again.put(disk, ward.now() + ward.times.retry());
      else if (ward.legs.session(disk) == session && !ward.legs.doubted(disk)) asked.forEach(Lines::prove);
      ward.look();
    });
  }

  /** A line that was lost meanwhile has another number: the host takes no notice. */
  private static void prove(Asked a) {
    LineToDisk proof = LineToDisk.newBuilder().setDiskId(a.line.getDiskId()).setNumber(a.line.getNumber()).build();
    a.holder.proofs.put(proof.getDiskId(), proof);
  }
}
