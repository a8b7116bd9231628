package sluice.cli.launch;

import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/**
 * Stops the framework within {@link FrameworkLauncher#STOP_MS}: bundles in the reverse of their start, so that
 * volumes drain before the loops end. As a shutdown hook (SIGTERM, SIGINT) it ends the JVM with 0, since to be told to
 * stop is no failure; with 1 if the time was not enough.
 */
final class OrderlyStop extends Thread {
  private final Framework framework;

  OrderlyStop(Framework framework) {
    super("stop");
    this.framework = framework;
  }

  @Override
  public void run() {
    Runtime.getRuntime().halt(stopped() ? 0 : 1);
  }

  /** From the main thread when the program has ended by itself: the hook is not wanted any more. */
  void now() {
    try {
      Runtime.getRuntime().removeShutdownHook(this);
    } catch (IllegalStateException shuttingDown) {
      // The hook is at work; it halts the JVM when it is done, and until then nobody must race it to an exit code.
      park();
    }
    stopped();
  }

  private void park() {
    try {
      join(FrameworkLauncher.STOP_MS + 1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean stopped() {
    try {
      framework.stop();
      return framework.waitForStop(FrameworkLauncher.STOP_MS).getType() != FrameworkEvent.WAIT_TIMEDOUT;
    } catch (BundleException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
