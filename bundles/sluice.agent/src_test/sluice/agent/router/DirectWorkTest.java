package sluice.agent.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import sluice.agent.fake.FakeRoute;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.api.route.RouteKind;
import sluice.core.redirect.RedirectPolicy.State;

/** Windows of a recovery, standing still, and what a new layout waits for. */
class DirectWorkTest extends RouterFixture {
  private static final long K64 = 65536;

  private boolean done(CompletionStage<Void> stage) {
    loop.run();
    return stage.toCompletableFuture().isDone();
  }

  private CompletableFuture<Void> window(long start, long end) {
    return router.direct().window(start, end).toCompletableFuture();
  }

  // ---- the window

  @Test
  void changesThatTouchTheWindowGoThroughTheServerAndNobodyBlamesTheDirectWay() {
    both();
    window(8192, 16384);
    Io across = new Io().start(BlockOp.WRITE, 4096, 8192, 1);
    Io zeroes = new Io().start(BlockOp.WRITE_ZEROES, 12288, 4096, 0);
    Io below = write(4096, 2);
    Io above = write(16384, 3);
    Io reader = read(8192);
    assertTrue(across.done && zeroes.done && below.done && above.done && reader.done);
    assertEquals(List.of("WRITE 4096+8192", "WRITE_ZEROES 12288+4096"), server.log);
    assertEquals(List.of("WRITE 4096+4096", "WRITE 16384+4096", "READ 8192+4096"), direct.log);
    loop.pass(100);
    assertEquals(State.DIRECT, router.state());
    assertEquals(List.of("DIRECT"), states);
    assertEquals(List.of(), redirects);
  }

  @Test
  void aChangeInTheWindowWaitsForAnOlderOneUnderItThatIsStillOnItsWayToTheDisks() {
    both();
    direct.hold = true;
    Io older = write(8192, 1);
    window(8192, 16384);
    Io newer = write(8192, 2);
    loop.run();
    assertFalse(newer.done);
    assertEquals(List.of(), server.log);
    direct.endAll(IoError.OK);
    assertTrue(older.done && newer.done);
    assertEquals(2, medium[8192]);
  }

  @Test
  void aWindowIsInForceWhenNoDirectChangeTouchesItAnyMore() {
    both();
    direct.hold = true;
    write(0, 1);
    write(8192, 2);
    read(8192);
    Io above = write(20480, 3);
    CompletableFuture<Void> answer = window(8192, 16384);
    assertTrue(!done(answer));
    direct.end(direct.pending.get(0), IoError.OK);
    assertFalse(done(answer));
    direct.end(direct.pending.get(0), IoError.OK);
    assertTrue(done(answer));
    assertFalse(above.done);
  }

  @Test
  void aDirectChangeInDoubtHoldsTheWindow() {
    both();
    direct.hold = true;
    write(8192, 2);
    loop.pass(30_000);
    assertEquals(1, router.inDoubt());
    CompletableFuture<Void> answer = window(8192, 16384);
    loop.pass(30_000);
    assertFalse(done(answer));
    direct.endAll(IoError.OK);
    assertTrue(done(answer));
  }

  @Test
  void aDirectChangeOfARouteThatWasTakenAwayHoldsTheWindow() {
    both();
    direct.hold = true;
    write(8192, 2);
    FakeRoute old = direct;
    router.withdraw(RouteKind.DIRECT, "updated");
    direct = route(RouteKind.DIRECT);
    router.offer(direct);
    CompletableFuture<Void> answer = window(8192, 16384);
    assertFalse(done(answer));
    old.endAll(IoError.OK);
    assertTrue(done(answer));
  }

  @Test
  void aChangeSentAboveTheOldWindowHoldsTheNextOneThoughItLiesBetweenThem() {
    both();
    window(0, 4096);
    direct.hold = true;
    write(8192, 2);
    CompletableFuture<Void> answer = window(16384, 20480);
    assertFalse(done(answer), "it misses the leg that is being filled, and lies below the window now");
    direct.endAll(IoError.OK);
    assertTrue(done(answer));
  }

  @Test
  void newChangesBelowTheWindowDoNotHoldIt() {
    both();
    window(8192, 12288);
    direct.hold = true;
    write(0, 1);
    Io touching = write(16384, 1);
    CompletableFuture<Void> answer = window(12288, 20480);
    write(8192, 1);
    assertFalse(done(answer));
    direct.end(direct.pending.get(1), IoError.OK);
    assertTrue(touching.done);
    assertTrue(done(answer), "what lies below the old window has gone to all legs");
  }

  @Test
  void aNewerWindowTakesOverWhatTheOlderOneWaitedFor() {
    both();
    direct.hold = true;
    write(4096, 1);
    CompletableFuture<Void> first = window(8192, 12288);
    CompletableFuture<Void> second = window(12288, 16384);
    assertFalse(done(second), "the change was sent without a window and lies below both");
    direct.endAll(IoError.OK);
    assertTrue(done(second));
    assertFalse(done(first));
  }

  @Test
  void aChangeThatTheWindowReachesOnItsWayGoesThroughTheServerAndNobodyIsToBlame() {
    both();
    direct.hold = true;
    Io io = write(8192, 1);
    CompletableFuture<Void> answer = window(8192, 16384);
    direct.endAll(IoError.ESTALE);
    assertEquals(0, io.error);
    assertTrue(done(answer));
    assertEquals(List.of("DIRECT"), states);
    assertEquals(List.of("WRITE 8192+4096"), server.log);
  }

  @Test
  void anotherDirectRouteKnowsTheWindowBeforeItsFirstRequest() {
    both();
    window(8192, 16384);
    router.withdraw(RouteKind.DIRECT, "updated");
    direct = route(RouteKind.DIRECT);
    router.offer(direct);
    assertEquals(16384, direct.windowEnd);
    write(8192, 1);
    assertEquals(1, server.log.size());
    assertEquals(List.of(), direct.log);
  }

  @Test
  void withoutAServerAChangeInTheWindowWaitsHoweverLongAndGoesWhenItIsBack() {
    both();
    window(8192, 16384);
    server.healthIs(false, "cut");
    Io io = write(8192, 1);
    Io elsewhere = write(0, 2);
    loop.pass(300_000);
    assertFalse(io.done);
    assertTrue(elsewhere.done);
    assertEquals(List.of("WRITE 0+4096"), direct.log);
    server.healthIs(true, "");
    loop.run();
    assertEquals(0, io.error);
  }

  @Test
  void whatWaitsForTheServerGoesDirectWhenTheWindowHasMovedOn() {
    both();
    window(8192, 16384);
    server.healthIs(false, "cut");
    Io io = write(8192, 1);
    window(0, 0);
    loop.pass(5_000);
    assertEquals(0, io.error);
    assertEquals(List.of("WRITE 8192+4096"), direct.log);
  }

  @Test
  void aServerThatLosesTheChangeIsTriedAgainAndOneWhoseDisksFailEndsIt() {
    both();
    window(8192, 16384);
    server.error = IoError.ENXIO;
    Io io = write(8192, 1);
    loop.pass(200_000);
    assertFalse(io.done);
    server.error = IoError.EIO;
    loop.pass(10_000);
    assertEquals(IoError.EIO, io.error);
    assertEquals(List.of(), direct.log);
  }

  @Test
  void randomFaultsAndWindowsNeverLoseNorUndoAnAcknowledgedWrite() {
    for (int seed = 0; seed < 300; seed++) new RouterStorm(seed).withOrders().run();
  }

  // ---- standing still

  @Test
  void standingStillIsSaidWhenTheLastDirectRequestHasEndedWhateverTheServerStillHas() {
    both();
    direct.hold = true;
    server.hold = true;
    window(32768, 36864);
    Io byServer = write(32768, 5);
    Io w = write(0, 1);
    CompletionStage<Void> still = router.standStill("recall");
    Io queued = write(4096, 2);
    assertFalse(done(still));
    direct.endAll(IoError.OK);
    assertTrue(w.done);
    assertTrue(done(still));
    assertTrue(direct.quiet);
    assertEquals(Set.of(), router.direct().doubtfulDisks());
    assertFalse(queued.done || byServer.done);
    router.openGate(Gate.Cause.QUIESCE);
    assertFalse(direct.quiet);
    direct.endAll(IoError.OK);
    assertTrue(queued.done);
  }

  @Test
  void aHungDiskDoesNotHoldUpStandingStillButIsReportedAsDoubtful() {
    both();
    direct.hold = true;
    write(0, 1);
    write(4096, 1);
    direct.busy = Set.of("d1", "d2");
    CompletionStage<Void> still = router.standStill("recall");
    direct.end(direct.pending.get(0), IoError.OK);
    direct.busy = Set.of("d2");
    loop.pass(1_900);
    assertFalse(done(still));
    loop.pass(400);
    assertTrue(done(still));
    assertEquals(Set.of("d2"), router.direct().doubtfulDisks());
    assertEquals(List.of("true [d2]"), stillness);
    direct.endAll(IoError.OK);
    direct.busy = Set.of();
    loop.run();
    assertEquals(List.of("true [d2]", "true []"), stillness);
  }

  @Test
  void aDiskThatIsKnownToBeLostIsNotWaitedForAtAll() {
    both();
    direct.hold = true;
    write(0, 1);
    direct.busy = Set.of("d2");
    CompletionStage<Void> still = router.standStill("recall");
    assertFalse(done(still));
    direct.lost = Set.of("d2");
    loop.pass(130);
    assertTrue(done(still));
    assertEquals(Set.of("d2"), router.direct().doubtfulDisks());
    direct.lost = Set.of();
    loop.pass(130);
    assertTrue(router.direct().still(), "what was said stays true: nothing more gets to the disks");
  }

  @Test
  void behindAGateThatIsClosedForAnotherReasonWhatHangsCounts() {
    both();
    direct.hold = true;
    write(0, 1);
    direct.busy = Set.of("d2");
    router.closeGate(Gate.Cause.REFUSED, "unknown");
    loop.pass(10_000);
    assertFalse(router.direct().quiesced());
    router.standStill("recall");
    assertTrue(router.direct().quiesced());
    assertEquals(Set.of("d2"), router.direct().doubtfulDisks());
  }

  @Test
  void aReadThatHangsIsPutAsideEvenWithoutAnotherWay() {
    both();
    server.healthIs(false, "cut");
    direct.hold = true;
    Io r = read(0);
    direct.busy = Set.of("d2");
    CompletionStage<Void> still = router.standStill("recall");
    loop.pass(2_300);
    assertTrue(done(still));
    assertEquals(Set.of(), router.direct().doubtfulDisks());
    direct.hold = false;
    router.openGate(Gate.Cause.QUIESCE);
    probeUntilDirect();
    assertEquals(0, r.error);
  }

  @Test
  void aFlushIsNotWaitedFor() {
    both();
    direct.hold = true;
    flush();
    assertTrue(done(router.standStill("recall")));
  }

  @Test
  void whatFailsWhileStandingStillWaitsLikeTheRest() {
    both();
    direct.hold = true;
    Io w = write(0, 1);
    CompletionStage<Void> still = router.standStill("recall");
    direct.endAll(IoError.ENXIO);
    assertTrue(done(still));
    loop.pass(300_000);
    assertFalse(w.done);
    direct.error = IoError.ENXIO;
    server.error = IoError.ENXIO;
    direct.hold = false;
    router.openGate(Gate.Cause.QUIESCE);
    loop.pass(100);
    assertFalse(w.done, "time at the gate does not count: a way may still be found");
    server.error = IoError.OK;
    loop.pass(5_000);
    assertEquals(0, w.error);
  }

  @Test
  void aDiskThatWasGivenUpStaysDoubtfulUntilWhatItHadIsSettled() {
    both();
    direct.former = Set.of("d2");
    assertEquals(Set.of("d2"), router.direct().doubtfulDisks());
    assertTrue(done(router.standStill("recall")));
    assertEquals(Set.of("d2"), router.direct().doubtfulDisks());
    router.withdraw(RouteKind.DIRECT, "updated");
    FakeRoute old = direct;
    direct = route(RouteKind.DIRECT);
    router.offer(direct);
    assertEquals(Set.of("d2"), router.direct().doubtfulDisks());
    old.former = Set.of();
    assertEquals(Set.of(), router.direct().doubtfulDisks());
  }

  // ---- a new layout

  @Test
  void aNewLayoutWaitsForDirectRequestsButNotForTheDisksThatItGivesUp() {
    both();
    direct.hold = true;
    write(0, 1);
    direct.busy = Set.of("d1", "d2");
    router.closeGate(Gate.Cause.LAYOUT, "epoch 2");
    CompletionStage<Void> drained = router.direct().drained(() -> Set.of("d2"));
    loop.pass(60_000);
    assertFalse(done(drained));
    direct.busy = Set.of("d2");
    loop.pass(130);
    assertTrue(done(drained));
  }

  @Test
  void whatIsOnNoDiskYetIsWaitedFor() {
    both();
    direct.hold = true;
    write(0, 1);
    CompletionStage<Void> drained = router.direct().drained(() -> Set.of("d2"));
    loop.pass(1_000);
    assertFalse(done(drained));
    direct.endAll(IoError.OK);
    assertTrue(done(drained));
  }

  @Test
  void theWholeRangeAsWindowSendsEveryChangeThroughTheServer() {
    both();
    window(0, K64);
    write(0, 1);
    write(SIZE - 4096, 1);
    assertEquals(List.of(), direct.log);
    assertEquals(2, server.log.size());
  }
}
