package sluice.core.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.TreeSet;
import sluice.protocol.v1.Task;

/** Tasks by id, in order; by what they are about; and those that have ended by when, so that the oldest can go. */
final class TaskTable {
  private static final Comparator<Task> OLDEST_END_FIRST = Comparator.comparingLong(Task::getEndedMs).thenComparing(Task::getId);
  private static final Comparator<Task> NEWEST = Comparator.comparingLong(Task::getCreatedMs).thenComparing(Task::getId);

  private final TreeMap<String, Task> byId = new TreeMap<>();
  private final TreeSet<Task> ended = new TreeSet<>(OLDEST_END_FIRST);
  private final Index ofLeg = new Index();
  private final Index ofVolume = new Index();

  /** Puts the one in the other's place; either may be missing. */
  void replace(Task old, Task now) {
    if (old != null) {
      byId.remove(old.getId());
      ofLeg.remove(old.getLegId(), old.getId());
      ofVolume.remove(old.getVolumeId(), old.getId());
      if (isEnded(old)) ended.remove(old);
    }
    if (now != null) {
      byId.put(now.getId(), now);
      ofLeg.add(now.getLegId(), now.getId());
      ofVolume.add(now.getVolumeId(), now.getId());
      if (isEnded(now)) ended.add(now);
    }
  }

  static boolean isEnded(Task task) {
    return switch (task.getState()) {
      case RUNNING, PAUSED -> false;
      default -> true;
    };
  }

  Task get(String id) {
    return byId.get(id);
  }

  Collection<Task> all() {
    return byId.values();
  }

  int endedCount() {
    return ended.size();
  }

  /** Of those that have ended, one at least. */
  Task oldestEnded() {
    return ended.first();
  }

  /** That has not ended; null if there is none. */
  Task openOfLeg(String legId) {
    for (String id : ofLeg.of(legId)) if (!isEnded(byId.get(id))) return byId.get(id);
    return null;
  }

  /** Of a volume, that compares its legs and has not ended; null if there is none. */
  Task openVerify(String volumeId) {
    for (String id : ofVolume.of(volumeId)) {
      Task task = byId.get(id);
      if (task.getKind() == Task.Kind.VERIFY && !isEnded(task)) return task;
    }
    return null;
  }

  /** The one that has not ended, otherwise the newest one; null if there is none. */
  Task ofLeg(String legId) {
    Task newest = openOfLeg(legId);
    if (newest != null) return newest;
    for (String id : ofLeg.of(legId)) if (newest == null || NEWEST.compare(byId.get(id), newest) > 0) newest = byId.get(id);
    return newest;
  }

  /** Ids of a volume's, in order; live. */
  Collection<String> ofVolume(String volumeId) {
    return ofVolume.of(volumeId);
  }
}
