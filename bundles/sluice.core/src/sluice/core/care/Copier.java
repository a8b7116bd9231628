package sluice.core.care;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import sluice.core.care.CareEffects.Copying;
import sluice.core.care.CareEffects.Difference;
import sluice.core.care.CareEffects.DirtyRange;

/**
 * The one copy that is under way, and its rate. A copy that was told to stop counts as under way until it has ended: what
 * hangs in it may still be written, so the window stays where it is and no other copy begins (invariants 5 and 8).
 */
final class Copier {
  /** How a copy ended; not told to an owner that has stopped it. */
  interface Ended {
    void copied(String problem);
  }

  private final Ward ward;
  private Copying copying;
  private Set<String> touched = new TreeSet<>();
  private Ended owner;
  private long rate;
  private long copied;

  Copier(Ward ward) {
    this.ward = ward;
  }

  boolean underWay() {
    return copying != null;
  }

  /** Whether a leg takes part in what is under way. */
  boolean touches(String legId) {
    return copying != null && touched.contains(legId);
  }

  /** Bytes that have been copied in this run of the server. */
  long copied() {
    return copied;
  }

  void start(List<DirtyRange> ranges, String from, List<String> to, Ended ended) {
    begin(to, ended);
    touched.add(from);
    copying = ward.effects.copy(ranges, from, to, rate, n -> copied += n, this::done);
  }

  /** Legs are compared instead; it counts as a copy in everything else. */
  void compare(List<DirtyRange> ranges, List<String> legs, boolean repair, String repairFrom, Consumer<Difference> different, Ended ended) {
    begin(legs, ended);
    copying = ward.effects.compare(ranges, legs, repair, repairFrom, rate, n -> copied += n, different, this::done);
  }

  private void begin(List<String> legs, Ended ended) {
    if (copying != null) throw new IllegalStateException("a copy is under way");
    touched = new HashSet<>(legs);
    owner = ended;
  }

  private void done(String failedLeg, String problem) {
    Ended told = owner;
    copying = null;
    owner = null;
    touched = new TreeSet<>();
    if (!failedLeg.isEmpty()) ward.legs.failed(failedLeg, "copying failed: " + problem);
    if (told != null) told.copied(problem);
    ward.look();
  }

  /** Its end is not told any more. */
  void stop() {
    if (copying == null || owner == null) return;
    owner = null;
    copying.stop();
  }

  /** Bytes a second, 0: as fast as the disks. */
  void rate(long bytesPerSecond) {
    if (rate == bytesPerSecond) return;
    rate = bytesPerSecond;
    if (copying != null) copying.rate(rate);
  }
}
