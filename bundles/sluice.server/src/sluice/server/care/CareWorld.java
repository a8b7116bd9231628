package sluice.server.care;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import sluice.catalog.CatalogEngine;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.TaskStatus;
import sluice.server.ControlThread;
import sluice.server.changes.Changes;
import sluice.server.disks.ServerDisks;
import sluice.server.status.StatusBook;
import sluice.server.volumes.ServedVolumes;

/**
 * What the cares of all volumes act on.
 *
 * @param run of the server
 * @param askers who asked for which change
 * @param filled how far legs are that are to replace others, by the volume's id
 * @param snapshots where parts of snapshots come together
 */
public record CareWorld(ControlThread control, CatalogEngine engine, Changes changes, ServerDisks disks, ServedVolumes served, StatusBook book,
    CareMetrics metrics, long run, Map<String, Actor> askers, Map<String, TaskStatus> filled, AtomicReference<CareDesk.Snapshots> snapshots) {
  /** Without anybody who has asked for anything yet. */
  public CareWorld(ControlThread control, CatalogEngine engine, Changes changes, ServerDisks disks, ServedVolumes served, StatusBook book,
      CareMetrics metrics, long run) {
    this(control, engine, changes, disks, served, book, metrics, run, new TreeMap<>(), new HashMap<>(), new AtomicReference<>());
  }

  /** What stands for a change of a volume's size where a leg's id stands for a change of the leg. */
  static String sizeOf(String volumeId) {
    return "size of " + volumeId;
  }

  /** Who has asked for this change of a leg, so that the audit log names them; otherwise the server itself. */
  Actor actorFor(String legId) {
    return askers.getOrDefault(legId, Changes.SERVER);
  }
}
