package sluice.catalog;

import java.util.function.Consumer;
import sluice.protocol.v1.CatalogDelta;

/** A listener that wants to know when it has fallen so far behind that deltas it has not had are no longer kept. */
public interface DeltaListener extends Consumer<CatalogDelta> {
  /**
   * The listener has been unsubscribed: there is a gap after the last delta it got. Read the whole state and subscribe
   * again. On the feed's thread.
   */
  void overrun();
}
