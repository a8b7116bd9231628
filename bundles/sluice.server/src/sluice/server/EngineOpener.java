package sluice.server;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import sluice.catalog.CatalogEngine;

/** Opens the catalog's engine; the durable one in the program, one in memory in tests. */
@FunctionalInterface
public interface EngineOpener {
  /**
   * An engine that takes commands.
   *
   * @param failure why it does not any more, if so; any thread
   */
  record Opened(CatalogEngine engine, Supplier<Optional<String>> failure) {}

  /** Blocks. Fails with a SluiceException. @param dir of nothing but the catalog */
  Opened open(Path dir);
}
