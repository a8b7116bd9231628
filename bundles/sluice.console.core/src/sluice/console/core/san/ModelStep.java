package sluice.console.core.san;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.emf.common.util.EList;
import org.eclipse.emf.ecore.EObject;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.model.San;
import sluice.protocol.v1.Event;

/**
 * All that is to be done to a model for one step, prepared away from the user interface: objects made, values made, and
 * only to be put in place. {@link #apply} runs on the executor of the user interface.
 */
final class ModelStep {
  /** As many as the server keeps. */
  static final int MOST_EVENTS = 10_000;

  final SanView view;
  final Map<ObjectKey, EObject> added = new LinkedHashMap<>();
  final Map<ObjectKey, EObject> removed = new LinkedHashMap<>();
  final Set<ObjectKey> changed = new LinkedHashSet<>();
  final List<Mirror.Setting> settings = new ArrayList<>();
  final List<Event> events = new ArrayList<>();
  final List<EObject> eventObjects = new ArrayList<>();
  boolean connection;

  ModelStep(SanView view) {
    this.view = view;
  }

  ModelChange apply(San san) {
    removed.forEach((key, object) -> list(san, key.kind()).remove(object));
    added.forEach((key, object) -> add(list(san, key.kind()), object));
    for (Mirror.Setting s : settings) s.apply();
    for (EObject e : eventObjects) add(san.getEvents(), e);
    int tooMany = san.getEvents().size() - MOST_EVENTS;
    if (tooMany > 0) san.getEvents().subList(0, tooMany).clear();
    return new ModelChange(view, Set.copyOf(added.keySet()), Set.copyOf(changed), Set.copyOf(removed.keySet()), List.copyOf(events), connection);
  }

  @SuppressWarnings("unchecked")
  private static void add(EList<? extends EObject> list, EObject object) {
    ((EList<EObject>) list).add(object);
  }

  private static EList<? extends EObject> list(San san, ObjectKey.Kind kind) {
    return switch (kind) {
      case SERVER -> san.getServers();
      case USER -> san.getUsers();
      case HOST -> san.getHosts();
      case DISK -> san.getDisks();
      case POOL -> san.getPools();
      case VOLUME -> san.getVolumes();
      case TOKEN -> san.getTokens();
      case TASK -> san.getTasks();
      case ALERT -> san.getAlerts();
      case CLUSTER -> throw new IllegalStateException("a cluster is in no list");
    };
  }
}
