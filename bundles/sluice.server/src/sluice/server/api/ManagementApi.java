package sluice.server.api;

import java.util.concurrent.Executor;
import sluice.catalog.CatalogEngine;
import sluice.io.IoLoops;
import sluice.server.ControlThread;
import sluice.server.care.CareDesk;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.Changes;
import sluice.server.changes.ServerEvents;
import sluice.server.disks.DiskAccess;
import sluice.server.disks.DiskAddition;
import sluice.server.disks.DiskRemoval;
import sluice.server.disks.DiskScan;
import sluice.server.disks.ServerDisks;
import sluice.server.pools.PoolFarewell;
import sluice.server.pools.PoolImport;
import sluice.server.session.Sessions;
import sluice.server.snapshot.SnapshotDesk;
import sluice.server.snapshot.SnapshotLists;
import sluice.server.status.PictureFeed;
import sluice.server.status.StatusBook;
import sluice.server.volumes.RouteExports;

/** Puts the parts that answer calls together. */
public final class ManagementApi {
  private ManagementApi() {}

  /**
   * @param blocking for what may block: names of devices, sysfs
   * @param caSha256 goes into join tokens
   */
  public static CallDesk assemble(ControlThread control, CatalogEngine engine, CatalogFollower follower, Changes changes,
      ServerEvents events, StatusBook book, PictureFeed feed, Sessions sessions, ServerDisks disks, RouteExports exports,
      CareDesk cares, SnapshotDesk snapshots, SnapshotLists lists, PoolFarewell farewell, DiskAccess access, IoLoops loops, Executor blocking, String clusterId, String caSha256) {
    AttachCalls attachments = new AttachCalls(control, changes, engine, book);
    follower.add(attachments);
    DiskCalls diskCalls = new DiskCalls(engine, disks,
        new DiskScan(access, engine, loops, clusterId, blocking),
        new DiskAddition(control, engine, changes, access, loops, clusterId, blocking),
        new DiskRemoval(control, changes, disks),
        new PoolImport(control, engine, changes, access, loops, clusterId));
    return new CallDesk(sessions, events, feed, new ChangeCalls(control, engine, changes, disks, exports, cares, farewell), attachments, diskCalls,
        new QueryCalls(control, engine, changes, disks, feed, caSha256), new CareCalls(cares), new PlanCalls(engine, disks),
        new SnapshotCalls(snapshots, lists));
  }
}
