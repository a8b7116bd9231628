package sluice.console.core.san;

import java.util.List;
import java.util.Set;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.protocol.v1.Event;

/**
 * What one application of news has done to a model, all at once.
 *
 * @param view the SAN that the model shows now
 * @param added objects that are new
 * @param changed objects of which a feature, the health or what is below it is another
 * @param removed objects that are gone
 * @param events that happened, oldest first
 * @param connection whether the state of the connection is another; with it everything is current again, or no longer
 */
public record ModelChange(
    SanView view, Set<ObjectKey> added, Set<ObjectKey> changed, Set<ObjectKey> removed, List<Event> events, boolean connection) {
  /** Do trees and lists have other members than before? */
  public boolean structure() {
    return !added.isEmpty() || !removed.isEmpty();
  }

  public boolean about(ObjectKey key) {
    return changed.contains(key) || added.contains(key) || removed.contains(key);
  }
}
