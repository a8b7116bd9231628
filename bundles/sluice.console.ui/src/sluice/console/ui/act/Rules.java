package sluice.console.ui.act;

import java.util.Optional;
import sluice.console.ui.act.SanAction.Reason;
import sluice.console.ui.act.SanAction.Test;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;

/** What actions have in common: for what they are meant, and what they need. Pure. */
final class Rules {
  static final String NO_CLUSTER = "No cluster is connected; connect to one first.";
  static final String WHICH_CLUSTER = "Several clusters are connected; select something of the one that is meant.";

  private Rules() {}

  /** Meant for exactly one object of the kind. */
  static Test one(Class<?> kind) {
    return s -> s.one(kind).isPresent();
  }

  /** Meant for whatever is selected. */
  static Test anything() {
    return s -> true;
  }

  /** Nothing speaks against it. */
  static Reason always() {
    return s -> "";
  }

  /** There is one cluster that it can be about, and it answers. */
  static Reason connected() {
    return s -> {
      Optional<ShownCluster> c = s.cluster();
      if (c.isEmpty()) return Clusters.get().all().isEmpty() ? NO_CLUSTER : WHICH_CLUSTER;
      return c.get().connected() ? "" : "The server of " + c.get().name() + " does not answer at the moment.";
    };
  }
}
