package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import sluice.protocol.v1.*;

/** What somebody who only hears the deltas knows. */
final class Mirror {
  private Cluster cluster;
  private final TreeMap<String, User> users = new TreeMap<>();
  private final TreeMap<String, JoinToken> tokens = new TreeMap<>();
  private final TreeMap<String, Host> hosts = new TreeMap<>();
  private final TreeMap<String, Disk> disks = new TreeMap<>();
  private final TreeMap<String, Pool> pools = new TreeMap<>();
  private final TreeMap<String, Volume> volumes = new TreeMap<>();
  private final TreeMap<String, Task> tasks = new TreeMap<>();
  private final List<Event> events = new ArrayList<>();
  private final List<AuditEntry> audit = new ArrayList<>();

  void accept(CatalogDelta delta) {
    for (ObjectChange change : delta.getChangesList()) {
      switch (change.getObjectCase()) {
        case CLUSTER -> cluster = change.getCluster();
        case USER -> users.put(change.getUser().getName(), change.getUser());
        case TOKEN -> tokens.put(change.getToken().getId(), change.getToken());
        case HOST -> hosts.put(change.getHost().getId(), change.getHost());
        case DISK -> disks.put(change.getDisk().getId(), change.getDisk());
        case POOL -> pools.put(change.getPool().getId(), change.getPool());
        case VOLUME -> volumes.put(change.getVolume().getId(), change.getVolume());
        case TASK -> tasks.put(change.getTask().getId(), change.getTask());
        case REMOVED -> remove(change.getRemoved());
        default -> throw new AssertionError(change);
      }
    }
    events.addAll(delta.getEventsList());
    audit.addAll(delta.getAuditList());
  }

  private void remove(RemovedObject removed) {
    TreeMap<String, ?> from = switch (removed.getKind()) {
      case USER -> users;
      case TOKEN -> tokens;
      case HOST -> hosts;
      case DISK -> disks;
      case POOL -> pools;
      case VOLUME -> volumes;
      case TASK -> tasks;
      default -> throw new AssertionError(removed);
    };
    if (from.remove(removed.getId()) == null) throw new AssertionError("removed what was not there: " + removed);
  }

  /** As the catalog saves it, but for what deltas do not tell. */
  CatalogState state(CatalogState other) {
    CatalogState.Builder state = CatalogState.newBuilder().setRevision(other.getRevision()).addAllResults(other.getResultsList())
        .setLastEventNumber(events.isEmpty() ? 0 : events.get(events.size() - 1).getNumber());
    if (cluster != null) state.setCluster(cluster);
    return state.addAllUsers(users.values()).addAllTokens(tokens.values()).addAllHosts(hosts.values()).addAllDisks(disks.values())
        .addAllPools(pools.values()).addAllVolumes(volumes.values()).addAllTasks(tasks.values()).addAllEvents(events).addAllAudit(audit).build();
  }
}
