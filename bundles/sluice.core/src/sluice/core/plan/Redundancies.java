package sluice.core.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Redundancy;

/** How much may fail before a volume's last copy is gone. */
public final class Redundancies {
  private Redundancies() {}

  /** @param domain of a disk, by its id; empty: none, so it fails by itself */
  public static Redundancy now(Layout layout, UnaryOperator<String> domain) {
    return of(LayoutLegs.of(layout).stream().filter(LayoutLegs.Leg::inSync).toList(), domain);
  }

  /** When every leg has been brought up to date. */
  public static Redundancy whenFilled(Layout layout, UnaryOperator<String> domain) {
    return of(LayoutLegs.of(layout), domain);
  }

  /** The one of which less may fail. */
  public static Redundancy lesser(Redundancy a, Redundancy b) {
    if (a.getCopies() != b.getCopies()) return a.getCopies() < b.getCopies() ? a : b;
    return b.getDomainsMayFail() < a.getDomainsMayFail() ? b : a;
  }

  private static Redundancy of(List<LayoutLegs.Leg> legs, UnaryOperator<String> domain) {
    int copies = legs.size();
    // No disk carries two legs, so as many disks have to fail as there are copies.
    int disks = Math.max(0, copies - 1);
    int domains = Math.max(0, fewest(legs, 0, new HashSet<>(), domain) - 1);
    return Redundancy.newBuilder().setCopies(copies).setDisksMayFail(disks).setDomainsMayFail(domains).setWords(words(copies, disks, domains)).build();
  }

  /** How many domains, beside those that have failed, have to fail until every leg from this one on is gone. A volume has four legs at most. */
  private static int fewest(List<LayoutLegs.Leg> legs, int from, Set<String> failed, UnaryOperator<String> domain) {
    if (from == legs.size()) return 0;
    Set<String> of = new TreeSet<>();
    for (String disk : legs.get(from).bytes().keySet()) of.add(domain.apply(disk).isEmpty() ? "disk " + disk : "domain " + domain.apply(disk));
    for (String d : of) if (failed.contains(d)) return fewest(legs, from + 1, failed, domain);
    int least = Integer.MAX_VALUE;
    for (String d : of) {
      failed.add(d);
      least = Math.min(least, 1 + fewest(legs, from + 1, failed, domain));
      failed.remove(d);
    }
    return least;
  }

  private static String words(int copies, int disks, int domains) {
    if (copies == 0) return "no copy in sync";
    if (disks == 0) return "1 copy; no disk may fail";
    String what = copies + " copies; any " + (disks == 1 ? "disk" : disks + " disks") + " may fail";
    if (domains >= disks) return what;
    return what + (domains == 0 ? ", but no failure domain" : ", or any " + (domains == 1 ? "failure domain" : domains + " failure domains"));
  }
}
