package sluice.agent.serverroute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteKind;

class RehearsalTest implements Route {
  private static final long SIZE = 10 * 4096 + 512;

  private final StepLoop loop = new StepLoop();
  private final ArrayDeque<BlockRequest> pending = new ArrayDeque<>();
  private RouteHealth health = RouteHealth.GOOD;
  private int most;
  private int reads;

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return new BlockTraits(SIZE, 1, 4096, false, true, true, false);
  }

  @Override
  public RouteKind kind() {
    return RouteKind.SERVER;
  }

  @Override
  public RouteHealth health() {
    return health;
  }

  @Override
  public void probe() {}

  @Override
  public void submit(BlockRequest request) {
    assertEquals(BlockOp.READ, request.op, "it changes nothing");
    assertTrue(request.end() <= SIZE);
    pending.add(request);
    reads++;
    most = Math.max(most, pending.size());
  }

  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.completedFuture(null);
  }

  private void answerAll(int error) {
    while (!pending.isEmpty()) {
      pending.poll().completed(error);
      loop.run();
    }
  }

  @Test
  void readsManyTimesFewAtOnceAndOnlyWhatTheVolumeHas() {
    new Rehearsal(this).start();
    answerAll(IoError.OK);
    assertEquals(Rehearsal.READS, reads);
    assertTrue(most <= 8, most + " at once");
  }

  @Test
  void endsWhenTheWayFails() {
    new Rehearsal(this).start();
    int before = reads;
    answerAll(IoError.ENXIO);
    assertEquals(before, reads);
  }

  @Test
  void endsWhenTheWayCannotBeUsedAnyMore() {
    new Rehearsal(this).start();
    int before = reads;
    health = new RouteHealth(false, "lost");
    answerAll(IoError.OK);
    assertEquals(before, reads);
  }
}
