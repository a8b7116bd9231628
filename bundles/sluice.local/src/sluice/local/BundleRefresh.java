package sluice.local;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Rewires what depended on the old version of a bundle, and waits for it; the framework does it on its own thread. */
final class BundleRefresh {
  private static final long LIMIT_SECONDS = 30;

  private final FrameworkWiring wiring;

  BundleRefresh(FrameworkWiring wiring) {
    this.wiring = wiring;
  }

  /** The symbolic names of what a refresh of the bundle would restart, itself among them. */
  List<String> restarts(Bundle bundle) {
    Collection<Bundle> closure = wiring.getDependencyClosure(List.of(bundle));
    return closure.stream().map(b -> String.valueOf(b.getSymbolicName())).sorted().toList();
  }

  /** @throws SluiceException TIMEOUT if a dependent does not stop or start in time */
  void refresh(Bundle bundle) {
    CountDownLatch done = new CountDownLatch(1);
    wiring.refreshBundles(List.of(bundle), e -> {
      if (e.getType() == FrameworkEvent.PACKAGES_REFRESHED) done.countDown();
    });
    boolean finished;
    try {
      finished = done.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      finished = false;
    }
    if (!finished) {
      throw new SluiceException(ErrorCode.TIMEOUT, "the bundles that depend on " + bundle.getSymbolicName()
          + " are still being restarted", "one of them does not stop or start",
          "list the bundles to see which, and look at the program's log", bundle.getSymbolicName());
    }
  }
}
