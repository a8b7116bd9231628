package sluice.server.volumes;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoLoop;
import sluice.api.layout.VolumeLayout;
import sluice.core.care.CareEffects;
import sluice.core.care.CareEffects.Dirty;
import sluice.core.care.CareEffects.DirtyRange;
import sluice.core.layout.LayoutMapping;
import sluice.io.device.AlignedDevice;
import sluice.io.device.DeviceIo;
import sluice.io.device.HopDevice;
import sluice.protocol.v1.Volume;
import sluice.server.disks.DiskAccess;
import sluice.volume.snapshot.Preserver;
import sluice.volume.snapshot.SnapshotPlan;
import sluice.volume.snapshot.SnapshotRestore;
import sluice.volume.snapshot.SnapshotView;

/**
 * One volume as the server itself uses it, on a loop of its own: for hosts that come over the server route, and for the
 * volume's care. What {@link #device} gives stays the same when the layout changes. On the control thread; answers come
 * there, never before the method has returned.
 */
public final class ServedVolume {
  /** On the control thread. */
  public interface Listener {
    /** The server could not write a leg, and holds what it should have written. */
    void legFailed(String volumeId, String legId, String diskId, int error);

    /** Disks on which something of the server is under way though their legs are given up: it may still take effect. */
    void ghosts(String volumeId, Set<String> disks);
  }

  /** Who finds room for preserved chunks; on the control thread. See {@link Preserver.Events#roomWanted}. */
  public interface RoomFinder {
    void roomWanted(String volumeId, int slots, int free, int waiting);
  }

  private final Executor control;
  private final Function<String, BlockDevice> ports;
  private final ServedIo io;
  private final BlockDevice device;
  private final Map<IoLoop, BlockDevice> elsewhere = new HashMap<>();

  /** @param ports a disk on the volume's loop; @param run of the server; @param after when the volume's last device is closed */
  ServedVolume(Executor control, IoLoop loop, Volume volume, Function<String, BlockDevice> ports, long run, CopyRoom room, Listener listener,
      RoomFinder finder, CompletionStage<Void> after) {
    this.control = control;
    this.ports = ports;
    VolumeLayout layout = LayoutMapping.layout(volume);
    String id = volume.getId();
    io = new ServedIo(loop, id, layout, portsOf(layout), run, room, new ServedIo.Events() {
      @Override
      public void legFailed(String legId, String diskId, int error) {
        control.execute(() -> listener.legFailed(id, legId, diskId, error));
      }

      @Override
      public void ghosts(Set<String> disks) {
        control.execute(() -> listener.ghosts(id, disks));
      }

      @Override
      public void roomWanted(int slots, int free, int waiting) {
        control.execute(() -> finder.roomWanted(id, slots, free, waiting));
      }
    });
    device = AlignedDevice.of(io.gate);
    after.whenComplete((x, failure) -> loop.execute(io::open));
  }

  private Map<String, BlockDevice> portsOf(VolumeLayout layout) {
    Map<String, BlockDevice> found = new HashMap<>();
    for (String id : layout.disks()) {
      BlockDevice port = ports.apply(id);
      if (port != null) found.put(id, port);
    }
    return found;
  }

  /** The volume for use on a loop, with any alignment. */
  BlockDevice device(IoLoop on) {
    return elsewhere.computeIfAbsent(on, loop -> HopDevice.on(loop, device));
  }

  /** As it is in force here; behind the catalog's while the layout is being changed. */
  long size() {
    return io.gate.traits().size();
  }

  IoLoop loop() {
    return io.loop;
  }

  // ---- snapshots

  void snapshots(SnapshotPlan plan) {
    io.loop.execute(() -> io.snapshots.plan(plan));
  }

  /** @see ServedIo#settle */
  public void settle(Consumer<String> done) {
    Consumer<String> told = answered(done);
    io.loop.execute(() -> io.settle(told));
  }

  /** Writes back what the snapshot shows; fails if that cannot be done now. Nobody else changes the volume. */
  public CompletionStage<Void> restore(long number, long bytes, long chunkBytes) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    io.loop.execute(() -> {
      SnapshotView view = io.preserver.view(number, bytes);
      if (view == null) {
        control.execute(() -> done.completeExceptionally(new IllegalStateException("its maps are still being read")));
        return;
      }
      new SnapshotRestore(io.preserver, view, io.gate, bytes, chunkBytes).start().whenComplete((x, failure) -> control.execute(() -> {
        if (failure == null) done.complete(null);
        else done.completeExceptionally(failure);
      }));
    });
    return done;
  }

  /** There are no snapshots any more; done when nothing is under way on the areas. */
  public CompletionStage<Void> dropAreas() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    io.loop.execute(() -> io.snapshots.dropAreas(() -> control.execute(() -> done.complete(null))));
    return done;
  }

  /** The snapshot as a device of {@link #loop}; null: it is not there, or its maps have not been read yet. */
  CompletionStage<SnapshotView> view(long number, long bytes) {
    CompletableFuture<SnapshotView> view = new CompletableFuture<>();
    io.loop.execute(() -> {
      SnapshotView found = io.preserver.view(number, bytes);
      control.execute(() -> view.complete(found));
    });
    return view;
  }

  /**
   * Asks the volume's snapshots on their loop; what comes of it is told on the control thread.
   *
   * @return null: it cannot be answered yet, since their maps have not been read
   */
  public <T> CompletionStage<T> ask(java.util.function.Function<Preserver, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    io.loop.execute(() -> {
      T found;
      try {
        found = io.preserver.isLoaded() ? question.apply(io.preserver) : null;
      } catch (RuntimeException e) {
        control.execute(() -> answer.completeExceptionally(e));
        return;
      }
      control.execute(() -> answer.complete(found));
    });
    return answer;
  }

  /** A disk has come: a volume that could not be opened is tried at once. */
  public void poke() {
    io.loop.execute(io::open);
  }

  private <T> Consumer<T> answered(Consumer<T> answer) {
    return value -> control.execute(() -> answer.accept(value));
  }

  /** @see CareEffects#hold */
  public void hold(List<String> doomed, Consumer<String> done) {
    Set<String> legs = new HashSet<>(doomed);
    io.loop.execute(() -> io.hold(legs, answered(done)));
  }

  /** @see CareEffects#adopt */
  public void adopt(Volume volume, Consumer<String> done) {
    VolumeLayout layout = LayoutMapping.layout(volume);
    Map<String, BlockDevice> more = portsOf(layout);
    io.loop.execute(() -> io.adopt(layout, more, answered(done)));
  }

  /** @see CareEffects#giveUpHeld */
  public void giveUpHeld() {
    io.loop.execute(io::giveUpHeld);
  }

  /** @see CareEffects#window */
  public void window(long start, long end) {
    io.loop.execute(() -> io.window(start, end));
  }

  /** @see CareEffects#dirty */
  public void dirty(List<Integer> slots, Consumer<Dirty> answer) {
    Consumer<Dirty> told = answered(answer);
    opened(() -> io.engine().intents().dirty(slots), (ranges, why) -> told.accept(why.isEmpty()
        ? new Dirty(ranges.stream().map(r -> new DirtyRange(r.start(), r.end())).toList(), "") : new Dirty(List.of(), why)));
  }

  /** @see CareEffects#flush */
  public void flush(String legId, Consumer<String> done) {
    outcome(() -> {
      BlockDevice leg = io.leg(legId);
      return leg == null ? CompletableFuture.failedFuture(new IllegalStateException("the leg is not there any more")) : DeviceIo.flush(leg);
    }, done);
  }

  /** @see CareEffects#inherit */
  public void inherit(int slot, Consumer<String> done) {
    outcome(() -> io.engine().intents().inherit(slot), done);
  }

  /** @see CareEffects#clear */
  public void clear(int slot, Consumer<String> done) {
    outcome(() -> io.engine().intents().clear(slot), done);
  }

  /** @see CareEffects#slotIncarnation */
  public void slotIncarnation(int slot, Consumer<Long> answer) {
    Consumer<Long> told = answered(answer);
    opened(() -> io.engine().intents().incarnation(slot), (incarnation, why) -> told.accept(why.isEmpty() ? incarnation : Long.valueOf(-1)));
  }

  private void outcome(java.util.function.Supplier<CompletionStage<Void>> what, Consumer<String> done) {
    Consumer<String> told = answered(done);
    opened(what, (x, why) -> told.accept(why));
  }

  /** @param then gets the result, or why there is none; on the loop */
  private <T> void opened(java.util.function.Supplier<CompletionStage<T>> what, java.util.function.BiConsumer<T, String> then) {
    io.loop.execute(() -> io.whenOpened(() -> {
      CompletionStage<T> stage;
      try {
        stage = what.get();
      } catch (RuntimeException e) {
        stage = CompletableFuture.failedFuture(e);
      }
      stage.whenComplete((value, failure) -> then.accept(value, failure == null ? "" : DiskAccess.reason(failure)));
    }, why -> then.accept(null, why.isEmpty() ? "the volume is not open" : why)));
  }

  /** @see CareEffects#copy */
  public CareEffects.Copying copy(List<DirtyRange> ranges, String from, List<String> to, long bytesPerSecond, Consumer<Long> copied,
      CareEffects.CopyDone done) {
    Consumer<Long> counted = answered(copied);
    CopyJob job = new CopyJob(ranges, from, to, bytesPerSecond, counted::accept,
        (failedLeg, problem) -> control.execute(() -> done.done(failedLeg, problem)));
    io.loop.execute(() -> io.begin(job));
    return new CareEffects.Copying() {
      @Override
      public void rate(long rate) {
        io.loop.execute(() -> job.rate(rate));
      }

      @Override
      public void stop() {
        io.loop.execute(job::stop);
      }
    };
  }

  /** Requests end with ESHUTDOWN; the stage completes when nothing is under way any more. */
  CompletionStage<Void> close() {
    // Who waits at the gate is sent away first: the device above waits for them.
    return io.close().thenCompose(x -> device.close());
  }
}
