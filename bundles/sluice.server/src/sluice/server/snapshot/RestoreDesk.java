package sluice.server.snapshot;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.EndRestore;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.Volume;
import sluice.server.ControlThread;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.Changes;
import sluice.server.volumes.ServedVolume;
import sluice.server.volumes.ServedVolumes;

/**
 * Restores volumes to their snapshots: whatever the catalog says is being restored is written back, from the beginning if something
 * was in the way, until it is done. On the control thread.
 */
public final class RestoreDesk implements CatalogFollower.Follower {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreDesk.class);
  private static final long AGAIN_MS = 2_000;

  private final ControlThread control;
  private final CatalogEngine engine;
  private final Changes changes;
  private final ServedVolumes served;
  private final Set<String> running = new HashSet<>();

  public RestoreDesk(ControlThread control, CatalogEngine engine, Changes changes, ServedVolumes served) {
    this.control = control;
    this.engine = engine;
    this.changes = changes;
    this.served = served;
  }

  @Override
  public void reload() {
    engine.read(CatalogView::volumes).forEach(this::look);
  }

  @Override
  public void changed(CatalogDelta delta) {
    for (ObjectChange change : delta.getChangesList()) if (change.hasVolume()) look(change.getVolume());
  }

  private void look(Volume volume) {
    if (volume.getRestoringNumber() != 0 && running.add(volume.getId())) restore(volume.getId());
  }

  private void restore(String id) {
    Volume volume = engine.read(v -> v.volume(id)).orElse(null);
    Snapshot to = volume == null ? null
        : volume.getSnapshotsList().stream().filter(s -> s.getNumber() == volume.getRestoringNumber()).findFirst().orElse(null);
    if (to == null) {
      running.remove(id);
      return;
    }
    ServedVolume there = served.of(volume);
    if (there == null) {
      control.after(AGAIN_MS, () -> restore(id));
      return;
    }
    there.restore(to.getNumber(), to.getSizeBytes(), volume.getChunkBytes()).thenCompose(x -> changes.submit(Changes.SERVER, "restored-" + UUID.randomUUID(),
        Change.newBuilder().setEndRestore(EndRestore.newBuilder().setVolumeId(id).setNumber(to.getNumber())).build()))
        .whenCompleteAsync((outcome, failure) -> {
          if (failure != null) LOG.warn("volume {}: not restored yet: {}", volume.getName(), String.valueOf(failure.getMessage()));
          control.after(failure == null ? 0 : AGAIN_MS, () -> restore(id));
        }, control);
  }
}
