package sluice.testkit.world;

import java.util.ArrayDeque;
import sluice.api.block.IoBufferPool;
import sluice.api.block.IoLoop;

/**
 * A party's event loop: its clock runs at its own rate, and all that it has to do is lost when it crashes. Tasks run in order;
 * those of different loops are interleaved by chance.
 */
public final class SimLoop implements IoLoop {
  private static final int BATCH_DELAY_NANOS = 20_000;

  private final World world;
  private final String name;
  private final double rate;
  private final long start;
  private final Buffers buffers = new Buffers();
  private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
  private boolean woken;
  private boolean dead;

  /** @param driftPerMillion how much faster its clock is than the world's */
  public SimLoop(World world, String name, int driftPerMillion) {
    this.world = world;
    this.name = name;
    rate = 1 + driftPerMillion / 1e6;
    start = world.now();
  }

  public World world() {
    return world;
  }

  /** Nothing of it happens any more. */
  public void crash() {
    dead = true;
    ready.clear();
  }

  public boolean dead() {
    return dead;
  }

  @Override
  public boolean inLoop() {
    return world.running == this;
  }

  @Override
  public long nanoTime() {
    return start + (long) ((world.now() - start) * rate);
  }

  @Override
  public void execute(Runnable task) {
    if (dead) return;
    ready.add(task);
    if (woken) return;
    woken = true;
    world.after(world.chance().below(BATCH_DELAY_NANOS), this::batch);
  }

  private void batch() {
    woken = false;
    enter(() -> {
      // What a task of this batch adds is of this batch as well, as on a real loop.
      for (Runnable task = ready.poll(); task != null && !dead; task = ready.poll()) task.run();
    });
  }

  private void enter(Runnable what) {
    if (dead) return;
    SimLoop before = world.running;
    world.running = this;
    try {
      what.run();
    } finally {
      world.running = before;
    }
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    boolean[] cancelled = {false};
    long late = world.chance().below(BATCH_DELAY_NANOS);
    world.after((long) (Math.max(0, delayNanos) / rate) + 1 + late, () -> {
      if (!cancelled[0]) enter(task);
    });
    return () -> cancelled[0] = true;
  }

  @Override
  public IoBufferPool buffers() {
    return buffers;
  }

  @Override
  public void atEndOfBatch(Runnable task) {
    execute(task);
  }

  @Override
  public String toString() {
    return name;
  }
}
