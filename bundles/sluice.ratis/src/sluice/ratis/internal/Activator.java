package sluice.ratis.internal;

import org.apache.ratis.util.ReflectionUtils;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Ratis finds its own classes by name, for ever with the context class loader of the thread that was the first to ask.
 * So this bundle asks first, with its own loader.
 */
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    ClassLoader own = Activator.class.getClassLoader();
    Thread t = Thread.currentThread();
    ClassLoader before = t.getContextClassLoader();
    t.setContextClassLoader(own);
    try {
      // the loader is kept in a nested class, which initialising ReflectionUtils alone does not touch
      if (ReflectionUtils.getClassLoader() != own) {
        throw new IllegalStateException("Ratis was used before this bundle was started");
      }
    } finally {
      t.setContextClassLoader(before);
    }
  }

  @Override
  public void stop(BundleContext context) {}
}
