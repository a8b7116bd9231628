package sluice.server.changes;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** What brings each change of a pool to the pool's disks. On the control thread. */
public interface PoolCopies {
  /**
   * Completes when every disk of these pools that can be reached carries their metadata of that revision or a newer
   * one.
   *
   * @return notes for people, about disks that could not be reached
   */
  CompletionStage<List<String>> carried(Set<String> pools, long revision);
}
