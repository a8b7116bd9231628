package sluice.core.care;

import java.util.ArrayList;
import java.util.List;
import sluice.protocol.NewLegs;

/** Makes {@link CareFacts} of what is known. */
final class CareFactsOf {
  private CareFactsOf() {}

  static CareFacts of(Ward ward, String noSpare, boolean atRest) {
    if (ward.volume == null) return new CareFacts(CareFacts.State.UNAVAILABLE, "the catalog is not read yet", 0, "", List.of(), List.of(), 0, 0);
    StringBuilder why = new StringBuilder();
    long since = 0;
    boolean reached = !ward.legs.mirrored();
    for (Leg leg : ward.legs.all()) {
      if (leg.inSync() && ward.legs.reach(leg) == Legs.Reach.REACHED) reached = true;
      // What takes another's place, or has only just been added, is no copy that anybody misses.
      if (leg.replaces() || NewLegs.isNew(leg.info())) continue;
      String of = reason(ward, leg);
      if (of.isEmpty()) continue;
      why.append(why.length() == 0 ? "" : "; ").append(leg.words()).append(of);
      long from = ward.legs.badSinceMs(leg);
      since = since == 0 ? from : Math.min(since, from);
    }
    int present = Math.max(1, (int) ward.legs.all().stream().filter(l -> !l.replaces()).count());
    if (present < ward.volume.getLegs()) {
      why.append(why.length() == 0 ? "" : "; ").append("there are ").append(present).append(" of ").append(ward.volume.getLegs()).append(" copies");
    }
    CareFacts.State state = !reached ? CareFacts.State.UNAVAILABLE
        : why.length() > 0 ? CareFacts.State.DEGRADED : CareFacts.State.HEALTHY;
    return new CareFacts(state, why.toString(), since, noSpare, stale(ward, atRest), List.copyOf(ward.holders.doubtfulDisks()),
        ward.window.start(), ward.window.end());
  }

  private static String reason(Ward ward, Leg leg) {
    if (leg.stale()) return " is out of date" + (leg.info().getReason().isEmpty() ? "" : ": " + leg.info().getReason());
    if (leg.filling()) return " is being brought up to date";
    if (ward.legs.reach(leg) == Legs.Reach.UNKNOWN) return ": " + ward.legs.lostWords(leg);
    return ward.legs.doubt(leg).isEmpty() ? "" : " has failed: " + ward.legs.doubt(leg);
  }

  private static List<CareFacts.StaleHost> stale(Ward ward, boolean atRest) {
    List<CareFacts.StaleHost> hosts = new ArrayList<>();
    // A host that is away owes nothing as long as nothing is asked of the hosts.
    if (atRest && ward.legs.copiesInSync()) return hosts;
    for (Holder h : ward.holders.absent()) hosts.add(new CareFacts.StaleHost(h.id, ward.holders.absentWords(h), h.offlineSinceMs));
    return hosts;
  }
}
