package sluice.testkit.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import sluice.api.block.BlockDevice;
import sluice.core.care.CareEffects;
import sluice.io.device.DeviceIo;
import sluice.io.device.RangeLock;
import sluice.testkit.cluster.Rig;
import sluice.testkit.disk.Platter;
import sluice.testkit.world.SimLoop;
import sluice.volume.VolumeEngine;

/**
 * Compares legs page by page, a chunk at a time, each alone in its range of the volume. Nothing spoils a copy here, so copies that are in sync
 * differ nowhere but where a write has failed, and where a volume that has grown has not been written yet.
 */
final class Compare implements CareEffects.Copying {
  private static final int CHUNK = 256 << 10;

  private final Rig rig;
  private final SimLoop loop;
  private final String volumeId;
  private final VolumeEngine engine;
  private final List<CareEffects.DirtyRange> ranges;
  private final List<String> ids;
  private final List<BlockDevice> legs = new ArrayList<>();
  private final Consumer<Long> compared;
  private final Consumer<CareEffects.Difference> different;
  private final CareEffects.CopyDone done;
  private int range;
  private long at = -1;
  private boolean waiting;
  private boolean stopped;

  private final RangeLock.Range locked = new RangeLock.Range() {
    @Override
    protected void granted() {
      waiting = false;
      read();
    }
  };

  Compare(Rig rig, SimLoop loop, String volumeId, VolumeEngine engine, List<CareEffects.DirtyRange> ranges, List<String> ids,
      Consumer<Long> compared, Consumer<CareEffects.Difference> different, CareEffects.CopyDone done) {
    this.rig = rig;
    this.loop = loop;
    this.volumeId = volumeId;
    this.engine = engine;
    this.ranges = ranges;
    this.ids = ids;
    this.compared = compared;
    this.different = different;
    this.done = done;
    for (String id : ids) legs.add(Copy.leg(engine, id));
  }

  void start() {
    loop.execute(this::next);
  }

  private void next() {
    while (range < ranges.size() && at >= ranges.get(range).end()) range++;
    if (stopped || range == ranges.size()) {
      done.done("", "");
      return;
    }
    if (legs.contains(null)) {
      done.done("", "the layout has changed");
      return;
    }
    at = Math.max(at, ranges.get(range).start());
    waiting = !engine.lock().acquire(locked, at, end(), true);
    if (!waiting) read();
  }

  private long end() {
    return Math.min(ranges.get(range).end(), at + CHUNK);
  }

  private void read() {
    int length = (int) (end() - at);
    byte[][] data = new byte[legs.size()][];
    int[] left = {legs.size()};
    String[] failed = {"", ""};
    for (int i = 0; i < legs.size(); i++) {
      int leg = i;
      DeviceIo.read(legs.get(leg), at, length).whenComplete((bytes, failure) -> loop.execute(() -> {
        data[leg] = bytes;
        if (failure != null) {
          failed[0] = ids.get(leg);
          failed[1] = failure.toString();
        }
        if (--left[0] == 0) over(data, length, failed);
      }));
    }
  }

  private void over(byte[][] data, int length, String[] failed) {
    if (failed[0].isEmpty()) for (int page = 0; page < length; page += Platter.PAGE) look(data, page);
    engine.lock().release(locked);
    if (!failed[0].isEmpty()) {
      rig.checks().failed(volumeId, failed[0]);
      done.done(failed[0], failed[1]);
      return;
    }
    at += length;
    compared.accept((long) length);
    loop.schedule(rig.draw().copyPauseNanos(), this::next);
  }

  private void look(byte[][] data, int page) {
    for (int i = 1; i < data.length; i++) {
      if (Arrays.equals(data[0], page, page + Platter.PAGE, data[i], page, page + Platter.PAGE)) continue;
      long offset = at + page;
      if (rig.history(volumeId).touched(offset) && rig.history(volumeId).determined(offset) && !rig.checks().anyLost()) {
        rig.world().broke("legs in sync hold the same where nothing is under way", rig.checks().volume(volumeId).getName() + " page "
            + offset / Platter.PAGE + ", legs " + ids.get(0) + " and " + ids.get(i));
      }
      different.accept(new CareEffects.Difference(offset, offset + Platter.PAGE, "", List.of(), false));
      return;
    }
  }

  @Override
  public void rate(long bytesPerSecond) {}

  @Override
  public void stop() {
    stopped = true;
    if (!waiting) return;
    waiting = false;
    engine.lock().release(locked);
    loop.execute(() -> done.done("", ""));
  }
}
