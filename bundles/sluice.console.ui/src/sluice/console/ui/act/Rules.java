package sluice.console.ui.act;

import java.util.Optional;
import java.util.function.Function;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.act.SanAction.Reason;
import sluice.console.ui.act.SanAction.Test;
import sluice.protocol.v1.Role;

/** What actions have in common: for what they are meant, and what they need. Pure. */
final class Rules {
  static final String NO_CLUSTER = "no cluster is connected; connect to one first";

  private Rules() {}

  /** Meant for exactly one object of the kind. */
  static Test one(Class<?> kind) {
    return s -> s.one(kind).isPresent();
  }

  /** Meant for whatever is selected. */
  static Test anything() {
    return s -> true;
  }

  /** Nothing speaks against it but what the others say. */
  static Reason always() {
    return s -> "";
  }

  /** There is one cluster that it can be about, it answers, and this user may. */
  static Reason may(Role least) {
    return s -> {
      Optional<ShownCluster> c = s.cluster();
      if (c.isEmpty()) return NO_CLUSTER;
      if (!c.get().connected()) return "the server of " + c.get().name() + " does not answer at the moment";
      if (c.get().role() < least.getNumber()) {
        return "you are " + role(c.get().role()) + " here, and it takes " + role(least.getNumber()) + "; an administrator can change that";
      }
      return "";
    };
  }

  /** The first of the reasons that speaks against it. */
  static Reason all(Reason... reasons) {
    return s -> {
      for (Reason r : reasons) {
        String not = r.of(s);
        if (!not.isEmpty()) return not;
      }
      return "";
    };
  }

  /** A rule about the one object of a kind. */
  static <T> Reason about(Class<T> kind, Function<T, String> not) {
    return s -> s.one(kind).map(not).orElse("");
  }

  private static String role(int number) {
    Role r = Role.forNumber(number);
    return r == null || r == Role.ROLE_UNSPECIFIED ? "nobody" : r.name().toLowerCase(java.util.Locale.ROOT);
  }
}
