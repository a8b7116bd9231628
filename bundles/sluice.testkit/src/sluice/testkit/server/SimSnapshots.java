package sluice.testkit.server;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.io.device.DeviceIo;
import sluice.protocol.v1.AddSnapshotArea;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.DeleteSnapshot;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.TakeSnapshot;
import sluice.protocol.v1.Volume;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Ids;
import sluice.testkit.cluster.Rig;
import sluice.testkit.disk.Platter;
import sluice.testkit.world.Chance;
import sluice.testkit.world.SimLoop;
import sluice.volume.snapshot.SnapshotView;

/** Snapshots of one volume while one run of the server lasts: taken, deleted, and read all the time. */
final class SimSnapshots {
  private static final long MS = 1_000_000L;
  private static final int MOST = 3;
  private static final int CHUNK = 64 << 10;
  private static final long AREA_BYTES = 251L * CHUNK;

  private final Rig rig;
  private final SimServer server;
  private final SimLoop loop;
  private final ServedVolume served;
  private final SimCare care;
  private final Chance chance;
  private boolean over;
  private boolean growing;

  SimSnapshots(SimServer server, Rig rig, SimLoop loop, ServedVolume served, SimCare care) {
    this.server = server;
    this.rig = rig;
    this.loop = loop;
    this.served = served;
    this.care = care;
    chance = rig.world().chance().fork();
    loop.schedule(chance.between(200, 2_000) * MS, this::change);
    loop.schedule(MS, this::read);
  }

  /** No more are taken, and none is deleted. */
  void stop() {
    over = true;
  }

  private void change() {
    if (over) return;
    loop.schedule(chance.between(300, 3_000) * MS, this::change);
    List<Snapshot> all = served.volume().getSnapshotsList();
    if (all.size() < MOST && chance.is(0.7)) care.care().snapshot(Ids.made(rig.nextStamp()), r -> {});
    else if (!all.isEmpty()) delete(chance.of(all));
  }

  /** The care's part, as the desk and its barrier complete it. */
  void submit(Change part, Consumer<CommandResult> answer) {
    TakeSnapshot take = part.getTakeSnapshot();
    if (served.engine().holds()) {
      refuse(answer);
      return;
    }
    boolean[] told = {false};
    loop.schedule(500 * MS, () -> {
      if (told[0]) return;
      told[0] = true;
      refuse(answer);
    });
    DeviceIo.flush(served.engine()).whenComplete((x, failure) -> loop.execute(() -> {
      if (told[0]) return;
      told[0] = true;
      if (failure != null) refuse(answer);
      else {
        server.submit(Change.newBuilder().setTakeSnapshot(take.toBuilder().setName("s" + rig.nextStamp()).setWhenFull(Snapshot.WhenFull.WAIT)
            .setMembers(0, take.getMembers(0).toBuilder().setAreaVolumeId(Ids.made(rig.nextStamp())).setAreaBytes(AREA_BYTES))).build(), answer);
      }
    }));
  }

  /** One more area, or the oldest snapshot less. */
  void roomWanted(int slots, int free, int waiting) {
    Volume v = served.volume();
    if (growing || v.getSnapshotsCount() == 0) return;
    growing = true;
    server.submit(Change.newBuilder().setAddSnapshotArea(AddSnapshotArea.newBuilder().setVolumeId(v.getId()).setAreaVolumeId(Ids.made(rig.nextStamp()))
        .setSizeBytes(AREA_BYTES).addAllAvoid(server.avoid())).build(), r -> {
          if (r.hasProblem() && waiting > 0 && served.volume().getSnapshotsCount() > 0) delete(served.volume().getSnapshots(0));
          loop.schedule(500 * MS, () -> {
            growing = false;
            served.preserver().ask();
          });
        });
  }

  private void delete(Snapshot gone) {
    server.submit(Change.newBuilder().setDeleteSnapshot(DeleteSnapshot.newBuilder().setGroupId(gone.getGroupId()).setVolumeId(served.volume().getId()))
        .build(), r -> {});
  }

  private static void refuse(Consumer<CommandResult> answer) {
    answer.accept(CommandResult.newBuilder().setProblem(Problem.newBuilder().setCode(Problem.Code.CONFLICT).setWhat("not now")).build());
  }

  // ---- readers

  private void read() {
    loop.schedule(chance.between(1, 8) * MS, this::read);
    Volume v = served.volume();
    List<Long> pages = new ArrayList<>(rig.history(v.getId()).pagesTouched());
    if (v.getSnapshotsCount() == 0 || pages.isEmpty()) return;
    read(chance.of(v.getSnapshotsList()), chance.of(pages), () -> {});
  }

  /** Everything that was ever written, in every snapshot. */
  void readAll(Runnable done) {
    int[] left = {1};
    Runnable one = () -> {
      if (--left[0] == 0) done.run();
    };
    for (Snapshot s : served.volume().getSnapshotsList()) {
      for (long page : rig.history(served.volume().getId()).pagesTouched()) {
        left[0]++;
        read(s, page, one);
      }
    }
    one.run();
  }

  private void read(Snapshot snapshot, long page, Runnable done) {
    SnapshotView view = served.preserver().view(snapshot.getNumber(), snapshot.getSizeBytes());
    if (view == null) {
      done.run();
      return;
    }
    BlockDevice from = view;
    // A reader that has seen that the chunk is not preserved reads the volume, and leaves it at that.
    if (rig.has(Flaw.DOES_NOT_LOOK_AGAIN) && !preserved(snapshot.getNumber(), page)) from = served.engine();
    from.submit(new Look(served.volume().getId(), snapshot.getNumber(), page, done));
  }

  private boolean preserved(long number, long page) {
    boolean[] is = {false};
    int chunk = (int) (page / CHUNK);
    served.preserver().changed(number, 0, chunk, chunk + 1, 1, (a, b, changed) -> is[0] = changed);
    return is[0];
  }

  private final class Look extends BlockRequest {
    private final String volumeId;
    private final long number;
    private final long page;
    private final Runnable done;

    Look(String volumeId, long number, long page, Runnable done) {
      this.volumeId = volumeId;
      this.number = number;
      this.page = page;
      this.done = done;
      set(BlockOp.READ, 0, page, Platter.PAGE);
      buffer = loop.buffers().take(Platter.PAGE);
      bufferIndex = IoBuffer.HEADROOM;
    }

    @Override
    public void completed(int error) {
      if (error == IoError.OK) {
        long[] seen = new long[Platter.PAGE / Platter.SECTOR];
        for (int s = 0; s < seen.length; s++) seen[s] = buffer.bytes().getLong(bufferIndex + s * Platter.SECTOR);
        rig.pictures().shown(volumeId, number, page, seen);
      }
      buffer.release();
      buffer = null;
      done.run();
    }
  }
}
