package sluice.volume.snapshot;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.IoLoop;

/**
 * Brings a volume's preserver to what the catalog says: reads areas that come, one after the other, and again and again if they cannot
 * be read; meanwhile changes wait. A snapshot that comes counts at once. On the volume's loop, but for the constructor.
 */
public final class SnapshotFollower {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFollower.class);
  private static final long RETRY_NANOS = 500_000_000L;

  private final IoLoop loop;
  private final String volumeId;
  private final Preserver preserver;
  private SnapshotPlan wanted;
  private boolean begun;
  private boolean reading;
  private boolean closed;

  public SnapshotFollower(IoLoop loop, String volumeId, Preserver preserver) {
    this.loop = loop;
    this.volumeId = volumeId;
    this.preserver = preserver;
  }

  public void plan(SnapshotPlan next) {
    wanted = next;
    if (next.snapshots().length > 0 && !begun) {
      begun = true;
      preserver.loading(next.chunkBytes());
    } else if (begun && preserver.isLoaded()) {
      preserver.snapshots(next.snapshots());
    }
    step();
  }

  private void step() {
    if (!begun || reading || closed || !wanted.complete()) return;
    for (SnapshotPlan.AreaDevice area : wanted.areas()) {
      if (preserver.hasArea(area.id())) continue;
      reading = true;
      preserver.addArea(area.id(), area.device()).whenComplete((x, failure) -> {
        reading = false;
        if (failure == null) step();
        else {
          LOG.warn("volume {}: its snapshots' space cannot be read yet: {}", volumeId, String.valueOf(failure.getMessage()));
          loop.schedule(RETRY_NANOS, this::step);
        }
      });
      return;
    }
    if (!preserver.isLoaded()) preserver.loaded(wanted.snapshots());
  }

  /** There are no snapshots any more. @param done when nothing is under way on the areas */
  public void dropAreas(Runnable done) {
    if (!begun || closed) {
      done.run();
      return;
    }
    if (reading || !preserver.isLoaded()) {
      loop.schedule(RETRY_NANOS, () -> dropAreas(done));
      return;
    }
    if (wanted.snapshots().length > 0) {
      done.run();
      return;
    }
    preserver.dropAreas(() -> {
      begun = false;
      if (wanted.snapshots().length > 0) plan(wanted);
      done.run();
    });
  }

  public void close() {
    closed = true;
  }
}
