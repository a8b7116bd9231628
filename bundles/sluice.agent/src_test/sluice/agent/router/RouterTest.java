package sluice.agent.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import sluice.agent.fake.FakeRoute;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.api.route.RouteKind;
import sluice.core.redirect.RedirectPolicy.State;

class RouterTest extends RouterFixture {
  @Test
  void requestsGoByTheDirectWayWhileItIsGood() {
    both();
    Io w = write(0, 7);
    Io r = read(0);
    assertEquals(0, w.error);
    assertEquals(7, r.firstByte());
    assertEquals(List.of(), server.log);
    assertEquals(List.of("DIRECT"), states);
  }

  @Test
  void aHardErrorSendsTheRequestToTheServerAtOnceAndTheNextOnesFollow() {
    both();
    direct.error = IoError.EIO;
    direct.part = "disk d3";
    Io w = write(0, 7);
    assertTrue(w.done);
    assertEquals(0, w.error);
    assertEquals(7, medium[0]);
    loop.run();
    assertEquals("SERVER: disk d3: the disk reported an I/O error on a write; retrying the direct way in 250 ms", states.get(1));
    int before = direct.log.size();
    assertEquals(0, read(0).error);
    assertEquals(before, direct.log.size());
    assertEquals(List.of("error"), redirects);
  }

  @Test
  void errorsOfTheRequestItselfAreNotRedirected() {
    both();
    direct.error = IoError.EINVAL;
    assertEquals(IoError.EINVAL, write(0, 7).error);
    assertEquals(State.DIRECT, router.state());
  }

  @Test
  void aMediumThatFailsTheOneWayAndIsAwayFromTheServerIsWaitedFor() {
    both();
    direct.error = IoError.EIO;
    server.error = IoError.ESHUTDOWN;
    Io write = write(0, 1);
    loop.pass(5_000);
    assertFalse(write.done, "it is not lost: the server may find its disk again");
    assertEquals(State.SERVER, router.state(), "the route to the server is good");
    server.error = 0;
    loop.pass(5_000);
    assertEquals(0, write.error);
  }

  @Test
  void aMediumThatFailsBothWaysFailsAtOnce() {
    both();
    direct.error = IoError.EIO;
    server.error = IoError.EIO;
    Io w = write(0, 7);
    assertTrue(w.done);
    assertEquals(IoError.EIO, w.error);
  }

  @Test
  void aServerThatSaysTheMediumFailedIsCheckedByTheDirectWay() {
    both();
    direct.error = IoError.ENXIO;
    write(0, 1);
    loop.run();
    direct.error = IoError.OK;
    server.error = IoError.EIO;
    Io r = read(0);
    assertEquals(0, r.error);
    assertEquals(State.SERVER, router.state());
  }

  @Test
  void threeGoodProbesTakeTheDirectWayBack() {
    both();
    direct.error = IoError.EIO;
    write(0, 7);
    loop.run();
    direct.error = IoError.OK;
    probeUntilDirect();
    assertEquals(3, direct.probes);
    write(0, 8);
    assertEquals(8, medium[0]);
    assertEquals("WRITE 0+4096", direct.log.get(direct.log.size() - 1));
    assertEquals(2, direct.log.size());
  }

  @Test
  void aReadWithoutAnAnswerIsRedirectedIntoFreshMemoryAndItsLateAnswerIsReleased() {
    both();
    medium[0] = 42;
    direct.hold = true;
    Io r = read(0);
    IoBuffer first = r.buffer;
    loop.pass(1900);
    assertFalse(r.done);
    loop.pass(300);
    assertTrue(r.done);
    assertEquals(0, r.error);
    assertEquals(42, r.firstByte());
    assertNotSame(first, r.buffer);
    assertEquals(2, loop.buffersOut());
    medium[0] = 1;
    direct.endAll(IoError.OK);
    assertEquals(42, r.firstByte());
    r.release();
    assertEquals(0, loop.buffersOut());
    assertEquals(List.of("timeout"), redirects);
    assertEquals(0, router.underWay());
  }

  @Test
  void aTimeoutLeavesTheDirectWayForNewRequestsAndProbes() {
    both();
    direct.hold = true;
    write(0, 7);
    loop.pass(2200);
    assertEquals(State.SERVER, router.state());
    assertEquals(1, direct.probes);
    assertEquals(0, read(8192).error);
    assertEquals(1, direct.log.size());
  }

  @Test
  void aLateOriginalNeverUndoesANewerWrite() {
    both();
    direct.hold = true;
    Io old = write(0, 1);
    loop.pass(2200);
    assertEquals(1, router.inDoubt());
    Io newer = write(0, 2);
    Io elsewhere = write(4096, 3);
    Io reader = read(0);
    loop.pass(60_000);
    assertFalse(old.done);
    assertFalse(newer.done, "a newer write that overlaps one in doubt waits");
    assertTrue(elsewhere.done, "nothing else waits");
    assertTrue(reader.done, "reads do not wait");
    direct.endAll(IoError.OK);
    assertEquals(0, old.error);
    assertEquals(0, newer.error);
    assertEquals(2, medium[0]);
    assertEquals(0, router.inDoubt());
  }

  @Test
  void aWriteInDoubtThatFailsAfterAllGoesTheOtherWayBeforeNewerOnes() {
    both();
    direct.hold = true;
    Io old = write(0, 1);
    loop.pass(2200);
    Io newer = write(0, 2);
    direct.endAll(IoError.ENXIO);
    assertEquals(0, old.error);
    assertEquals(0, newer.error);
    assertEquals(2, medium[0]);
    assertEquals(List.of("WRITE 0+4096", "WRITE 0+4096"), server.log);
  }

  @Test
  void aNewerWriteDoesNotOvertakeAnOlderOneThatIsUnderWayByTheOtherWay() {
    both();
    direct.hold = true;
    Io slow = write(0, 1);
    Io broken = write(8192, 5);
    direct.end(direct.pending.get(1), IoError.EIO);
    assertEquals(0, broken.error);
    Io newer = write(0, 2);
    assertFalse(newer.done);
    direct.endAll(IoError.OK);
    assertTrue(slow.done);
    assertTrue(newer.done);
    assertEquals(2, medium[0]);
  }

  @Test
  void randomFaultsNeverLoseNorUndoAnAcknowledgedWrite() {
    for (int seed = 0; seed < 300; seed++) new RouterStorm(seed).run();
  }

  @Test
  void whenNeitherWayIsGoodRequestsWaitAndGoOn() {
    both();
    direct.error = IoError.ENXIO;
    server.error = IoError.ENXIO;
    Io w = write(0, 7);
    loop.pass(20_000);
    assertFalse(w.done);
    assertEquals(State.WAITING.name(), states.get(1).split(":")[0]);
    assertTrue(server.log.size() < 60, "retries are paced: " + server.log.size());
    server.error = IoError.OK;
    loop.pass(5_000);
    assertEquals(0, w.error);
  }

  @Test
  void whenNeitherWayComesBackRequestsFailAfterTheTotalTime() {
    both();
    direct.error = IoError.ENXIO;
    server.error = IoError.ENXIO;
    Io w = write(0, 7);
    loop.pass(58_000);
    assertFalse(w.done);
    loop.pass(5_000);
    assertEquals(IoError.ENXIO, w.error);
  }

  @Test
  void aFailedMediumByOneWayAndNoOtherWayEndsAsAFailedMedium() {
    both();
    server.healthIs(false, "connecting to 127.0.0.1:7001");
    direct.error = IoError.EIO;
    Io w = write(0, 7);
    loop.pass(70_000);
    assertEquals(IoError.EIO, w.error);
  }

  @Test
  void beforeAnyWayIsThereRequestsWait() {
    Io w = write(0, 7);
    loop.pass(1000);
    assertFalse(w.done);
    router.offer(server);
    loop.run();
    assertEquals(0, w.error);
  }

  @Test
  void flushGoesByBothWaysWhenTheOtherOneHasCompletedChanges() {
    both();
    write(0, 1);
    direct.error = IoError.EIO;
    write(4096, 2);
    direct.error = IoError.OK;
    Io f = flush();
    assertEquals(0, f.error);
    assertEquals(1, direct.flushes);
    assertEquals(1, server.flushes);
    flush();
    assertEquals(1, direct.flushes);
    assertEquals(2, server.flushes);
  }

  @Test
  void flushOfTheOtherWayThatEndsWhileNoWayIsGoodStillFlushesTheOneInUse() {
    both();
    write(0, 1);
    direct.error = IoError.EIO;
    write(4096, 2);
    direct.error = IoError.OK;
    direct.hold = true;
    Io f = flush();
    server.healthIs(false, "cut");
    loop.run();
    direct.endAll(IoError.OK);
    loop.run();
    assertFalse(f.done && server.flushes == 0 && router.state() == State.WAITING);
    server.healthIs(true, "");
    loop.pass(5000);
    direct.endAll(IoError.OK);
    assertTrue(f.done);
  }

  @Test
  void aFlushThatOneWayCannotDoGoesByTheOther() {
    both();
    write(0, 1);
    direct.error = IoError.EIO;
    Io f = flush();
    assertEquals(0, f.error);
    assertEquals(1, server.flushes);
  }

  @Test
  void withdrawingTheDirectWayUnderLoadLosesNothing() {
    both();
    direct.hold = true;
    Io first = write(0, 1);
    FakeRoute old = direct;
    CompletionStage<Void> gone = router.withdraw(RouteKind.DIRECT, "the direct-route bundle was stopped");
    Io second = write(4096, 2);
    assertEquals(0, second.error);
    assertEquals(List.of("WRITE 4096+4096"), server.log);
    assertFalse(gone.toCompletableFuture().isDone());
    loop.run();
    assertEquals("SERVER: the direct-route bundle was stopped", states.get(1));
    old.endAll(IoError.OK);
    assertEquals(0, first.error);
    assertTrue(gone.toCompletableFuture().isDone());
    direct = route(RouteKind.DIRECT);
    router.offer(direct);
    assertEquals(State.DIRECT, router.state());
    write(8192, 3);
    assertEquals(1, direct.log.size());
  }

  @Test
  void whatARouteFailsWhileItIsTakenAwayIsNoFaultOfTheWay() {
    both();
    direct.hold = true;
    Io first = write(0, 1);
    FakeRoute old = direct;
    router.withdraw(RouteKind.DIRECT, "the direct-route bundle was stopped");
    old.endAll(IoError.ESHUTDOWN);
    assertEquals(0, first.error);
    direct = route(RouteKind.DIRECT);
    router.offer(direct);
    assertEquals(State.DIRECT, router.state());
  }

  @Test
  void aClosedGateHoldsRequestsInOrderAndLetsThemGoOn() {
    both();
    router.closeGate(Gate.Cause.REFUSED, "the server does not know this host");
    Io a = write(0, 1);
    Io b = write(4096, 2);
    loop.pass(100_000);
    assertFalse(a.done || b.done);
    assertEquals("the server does not know this host", router.reason());
    assertEquals(0, router.underWay());
    router.closeGate(Gate.Cause.QUIESCE, "detaching");
    router.openGate(Gate.Cause.REFUSED);
    assertFalse(a.done);
    router.openGate(Gate.Cause.QUIESCE);
    assertEquals(List.of("WRITE 0+4096", "WRITE 4096+4096"), direct.log);
    assertTrue(a.done && b.done);
  }

  @Test
  void aSharedVolumeStopsTheMomentItsLeaseEndsAndGoesOnWithTheNext() {
    both();
    router.leasedUntil(loop.nanoTime() + 1_000_000_000L);
    assertTrue(write(0, 1).done);
    loop.pass(999);
    assertTrue(write(0, 2).done);
    loop.pass(1);
    Io late = write(0, 3);
    loop.pass(100_000);
    assertFalse(late.done);
    assertEquals("the lease has run out: no server has answered in time", router.reason());
    router.leasedUntil(loop.nanoTime() + 1_000_000_000L);
    assertTrue(late.done);
  }

  @Test
  void nothingIsStartedAgainBehindAClosedGate() {
    both();
    direct.hold = true;
    Io w = write(0, 1);
    router.closeGate(Gate.Cause.REFUSED, "the lease has run out");
    direct.endAll(IoError.ENXIO);
    assertFalse(w.done);
    assertEquals(List.of(), server.log);
    router.openGate(Gate.Cause.REFUSED);
    assertEquals(0, w.error);
  }

  @Test
  void moreThanTheBoundIsRefused() {
    both();
    router.closeGate(Gate.Cause.QUIESCE, "");
    for (int i = 0; i < Router.MAX_WAITING; i++) new Io().start(BlockOp.TRIM, 0, 4096, 0);
    Io tooMany = new Io().start(BlockOp.TRIM, 0, 4096, 0);
    assertEquals(IoError.ENOMEM, tooMany.error);
    router.openGate(Gate.Cause.QUIESCE);
    assertEquals(0, router.inFlight());
  }

  @Test
  void closingAwaitsWhatIsUnderWayAndEndsTheRest() {
    both();
    direct.hold = true;
    Io under = write(0, 1);
    loop.pass(2200);
    Io heldBack = write(0, 2);
    CompletionStage<Void> closed = router.close();
    assertEquals(IoError.ESHUTDOWN, heldBack.error);
    assertEquals(IoError.ESHUTDOWN, read(0).error);
    assertFalse(closed.toCompletableFuture().isDone());
    direct.endAll(IoError.OK);
    assertEquals(0, under.error);
    assertTrue(closed.toCompletableFuture().isDone());
    assertTrue(direct.isClosed() && server.isClosed());
    loop.pass(10_000);
    assertFalse(loop.hasTimers());
  }

  @Test
  void closingAwaitsReadsThatWereGivenUp() {
    both();
    direct.hold = true;
    read(0);
    loop.pass(2200);
    CompletionStage<Void> closed = router.close();
    assertFalse(closed.toCompletableFuture().isDone());
    direct.endAll(IoError.ENXIO);
    assertTrue(closed.toCompletableFuture().isDone());
  }

  @Test
  void aQuietVolumeHasNoTimers() {
    both();
    for (int i = 0; i < 100; i++) write(0, i);
    loop.pass(1000);
    assertFalse(loop.hasTimers());
  }

  @Test
  void whatNobodyCanAskAboutIsAllData() {
    AllData answer = new AllData();
    router.status(0, 8192, answer);
    assertEquals(List.of(8192L, 0L), List.of(answer.length, answer.end));
  }

  @Test
  void whatAHungWayDoesNotSayInTimeIsAllDataAndWhatItSaysThenIsIgnored() {
    both();
    direct.hold = true;
    AllData answer = new AllData();
    router.status(0, 8192, answer);
    assertEquals(-1, answer.end);
    loop.pass(RouterTimes.STANDARD.deadline(BlockOp.READ, 0) / 1_000_000 + 1);
    assertEquals(List.of(8192L, 0L), List.of(answer.length, answer.end));
    direct.asked.range(4096, BlockDevice.StatusSink.HOLE);
    direct.asked.completed(0);
    assertEquals(8192, answer.length);
  }

  private static final class AllData implements BlockDevice.StatusSink {
    long length;
    long end = -1;

    @Override
    public void range(long bytes, int flags) {
      length += bytes;
      assertEquals(DATA, flags);
    }

    @Override
    public void completed(int error) {
      assertEquals(-1, end, "it is answered once");
      end = error;
    }
  }

  @Test
  void aRequestMayEndInSubmitAndItsUserMayGoOnFromThere() {
    both();
    int[] left = {10_000};
    BlockRequest chain = new BlockRequest() {
      @Override
      public void completed(int error) {
        if (--left[0] > 0) loop.execute(() -> router.submit(this));
      }
    };
    chain.set(BlockOp.TRIM, 0, 0, 4096);
    router.submit(chain);
    loop.run();
    assertEquals(0, left[0]);
    assertEquals(0, router.inFlight());
  }
}
