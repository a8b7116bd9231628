package sluice.volume.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.layout.Extent;
import sluice.api.layout.LegRole;
import sluice.api.layout.LegRole.State;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.volume.VolumeEngine;
import sluice.volume.VolumeEngine.OnLegFailure;

/** Disks "a", "b", … with one leg each, and an engine on them. Data begin at 1 MiB of a disk, intents at its start. */
public final class Rig {
  public static final int MIB = 1 << 20;
  public final VirtualLoop loop = new VirtualLoop();
  public final Map<String, FakeDisk> disks = new HashMap<>();
  public final List<String> failures = new ArrayList<>();
  public final int size;
  public VolumeEngine engine;
  private long epoch = 1;

  public Rig(int sizeMib) {
    size = sizeMib * MIB;
  }

  public FakeDisk disk(String id) {
    return disks.computeIfAbsent(id, i -> new FakeDisk(i, loop, size + MIB));
  }

  public VolumeLayout one(String disk) {
    return new VolumeLayout(epoch++, size, List.of(new Segment(0, size, 65536, List.of(List.of(new Extent(disk, MIB, size))))));
  }

  /** "a b? c+": b is stale, c is being filled. */
  public VolumeLayout mirror(String legs) {
    List<LegRole> roles = new ArrayList<>();
    List<List<Extent>> extents = new ArrayList<>();
    for (String leg : legs.split(" ")) {
      String disk = leg.substring(0, 1);
      State state = leg.endsWith("?") ? State.STALE : leg.endsWith("+") ? State.FILLING : State.IN_SYNC;
      roles.add(new LegRole("leg-" + disk, state, new Extent(disk, 0, MIB)));
      extents.add(List.of(new Extent(disk, MIB, size)));
    }
    return new VolumeLayout(epoch++, size, List.of(new Segment(0, size, 65536, extents)), roles, MIB);
  }

  public VolumeEngine open(VolumeLayout layout, OnLegFailure policy) {
    return open(layout, policy, 0);
  }

  public VolumeEngine open(VolumeLayout layout, OnLegFailure policy, int slot) {
    engine = new VolumeEngine(loop, "v1", layout, this::disk, slot, 7, policy, (leg, disk, error) ->
        failures.add(leg + " " + disk + " " + error));
    CompletionStage<Void> opened = engine.open();
    loop.run();
    await(opened);
    return engine;
  }

  public <T> T await(CompletionStage<T> stage) {
    CompletableFuture<T> f = stage.toCompletableFuture();
    loop.run();
    if (!f.isDone()) throw new AssertionError("has not completed");
    return f.join();
  }

  public boolean done(CompletionStage<?> stage) {
    loop.run();
    return stage.toCompletableFuture().isDone();
  }

  public Op submit(Op op) {
    engine.submit(op);
    loop.run();
    return op;
  }

  public Op write(long offset, int length, int value) {
    return submit(Op.write(loop, offset, length, value));
  }

  public Op read(long offset, int length) {
    return submit(Op.read(loop, offset, length));
  }

  public Op flush() {
    return submit(Op.flush(loop));
  }

  /** The byte of the volume as a leg's disk has it. */
  public int at(String disk, long offset) {
    return disk(disk).bytes[(int) (MIB + offset)];
  }
}
