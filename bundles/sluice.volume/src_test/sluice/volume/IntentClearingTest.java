package sluice.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import sluice.api.block.IoError;
import sluice.volume.VolumeEngine.OnLegFailure;
import sluice.volume.intent.DirtyRange;
import sluice.volume.testing.Op;

/** Marks of regions are cleared when that is safe, and by whom (invariant 4). */
class IntentClearingTest extends EngineFixture {
  @Test
  void aRegionIsClearedWhenItHasBeenIdleAndFlushed() {
    mirror(OnLegFailure.FAIL);
    assertTrue(rig.write(0, 4096, 1).good());
    assertEquals(1, rig.await(rig.engine.intents().dirty(List.of(0))).size());
    rig.loop.pass(8000);
    assertEquals(List.of(), rig.await(rig.engine.intents().dirty(List.of(0))));
    assertTrue(a().count("FLUSH") == 1 && b().count("FLUSH") == 1);
    assertFalse(rig.loop.hasTimers());
    a().log.clear();
    assertTrue(rig.write(0, 4096, 1).good());
    assertEquals(2, a().log.size(), "marked again");
  }

  @Test
  void nothingIsClearedWhileALegIsNotInSync() {
    rig.open(rig.mirror("a b?"), OnLegFailure.FAIL);
    assertTrue(rig.write(0, 4096, 1).good() && rig.flush().good());
    rig.loop.pass(20000);
    assertEquals(1, rig.await(rig.engine.intents().dirty(List.of(0))).size());
  }

  @Test
  void whatWaitedToBeClearedStaysWhenALegIsGivenUp() {
    mirror(OnLegFailure.FAIL);
    assertTrue(rig.write(0, 4096, 1).good());
    rig.loop.pass(1900);
    rig.await(rig.engine.relayout(rig.mirror("a b?")));
    assertTrue(rig.flush().good());
    rig.loop.pass(20000);
    assertEquals(1, rig.await(rig.engine.intents().dirty(List.of(0))).size());
  }

  @Test
  void aRegionWithAChangeThatEndedAfterTheFlushBeganIsNotCleared() {
    mirror(OnLegFailure.FAIL);
    warm(0);
    later();
    Op write = rig.write(0, 4096, 2);
    Op flush = rig.flush();
    a().completeAll();
    b().completeAll();
    assertTrue(write.good() && flush.good());
    rig.loop.pass(5000);
    assertEquals(1, rig.await(rig.engine.intents().dirty(List.of(0))).size());
    assertEquals(2, a().count("FLUSH"), "the log has asked for one of its own");
  }

  @Test
  void closingFlushesAndClearsTheSlot() {
    mirror(OnLegFailure.FAIL);
    assertTrue(rig.write(0, 4096, 1).good());
    rig.await(rig.engine.close());
    rig.open(rig.mirror("a b"), OnLegFailure.HOLD, 1);
    assertEquals(List.of(), rig.await(rig.engine.intents().dirty(List.of())));
    assertEquals(IoError.ESHUTDOWN, closed().result);
  }

  private Op closed() {
    rig.await(rig.engine.close());
    return rig.write(0, 4096, 1);
  }

  @Test
  void whatAnEarlierRunLeftStaysUntilItIsReconciled() {
    mirror(OnLegFailure.HOLD);
    assertTrue(rig.write(MIB, 4096, 1).good());
    VolumeEngine second = rig.open(rig.mirror("a b"), OnLegFailure.HOLD);
    assertEquals(7L, rig.await(second.intents().incarnation(0)));
    assertTrue(rig.write(4 * MIB, 4096, 1).good() && rig.flush().good());
    rig.loop.pass(9000);
    List<DirtyRange> left = List.of(new DirtyRange(MIB, 2L * MIB));
    assertEquals(left, rig.await(second.intents().dirty(List.of(0))));
    rig.await(second.intents().clear(0));
    rig.loop.pass(9000);
    assertEquals(List.of(), rig.await(second.intents().dirty(List.of(0))));
    assertEquals(0L, rig.await(second.intents().incarnation(0)));
  }

  @Test
  void anotherSlotIsInheritedDurablyBeforeItIsCleared() {
    rig.open(rig.mirror("a b?"), OnLegFailure.FAIL, 5);
    assertTrue(rig.write(2 * MIB, 4096, 1).good());
    VolumeEngine server = rig.open(rig.mirror("a b?"), OnLegFailure.HOLD);
    List<DirtyRange> left = List.of(new DirtyRange(2L * MIB, 3L * MIB));
    assertEquals(left, rig.await(server.intents().dirty(List.of(5))));
    rig.await(server.intents().inherit(5));
    assertEquals(List.of(), rig.await(server.intents().dirty(List.of(5))));
    assertEquals(left, rig.await(server.intents().dirty(List.of(0))));
    VolumeEngine third = rig.open(rig.mirror("a b?"), OnLegFailure.HOLD, 9);
    assertEquals(left, rig.await(third.intents().dirty(List.of(0))), "it is on the disk");
    server.close();
  }

  @Test
  void aLegThatHangsDoesNotKeepSlotsFromBeingReadNorForEverFromBeingCleared() {
    mirror(OnLegFailure.HOLD);
    b().atOnce = false;
    CompletionStage<List<DirtyRange>> answer = rig.engine.intents().dirty(List.of(3));
    rig.loop.pass(1900);
    assertFalse(rig.done(answer));
    rig.loop.pass(200);
    assertTrue(rig.done(answer));
    CompletionStage<Void> clear = rig.engine.intents().clear(3);
    rig.loop.pass(2100);
    assertEquals(Set.of("b"), rig.engine.busyDisks());
    rig.loop.pass(9000);
    assertFalse(rig.done(clear));
    rig.loop.pass(2000);
    assertTrue(clear.toCompletableFuture().isCompletedExceptionally());
    assertEquals(Set.of("b"), rig.engine.busyDisks(), "it may take effect yet");
    b().completeAll();
    assertEquals(Set.of(), rig.engine.busyDisks());
  }

  @Test
  void slotsThatNoLegInSyncCanShowAreAProblem() {
    mirror(OnLegFailure.HOLD);
    a().error = IoError.ENXIO;
    assertEquals(List.of(), rig.await(rig.engine.intents().dirty(List.of(3))));
    b().error = IoError.ENXIO;
    CompletionStage<List<DirtyRange>> answer = rig.engine.intents().dirty(List.of());
    rig.loop.run();
    assertTrue(answer.toCompletableFuture().isCompletedExceptionally());
  }

  @Test
  void aFailedChangeLeavesItsRegionMarkedForGood() {
    mirror(OnLegFailure.FAIL);
    warm(0);
    b().error = IoError.EIO;
    assertFalse(rig.write(0, 4096, 2).good());
    b().error = 0;
    assertTrue(rig.write(0, 4096, 2).good() && rig.flush().good());
    rig.loop.pass(9000);
    assertEquals(1, rig.await(rig.engine.intents().dirty(List.of(0))).size());
  }

  @Test
  void theServerAcknowledgesOnlyWhatIsStableForItRemembersNothingWhenItDies() {
    mirror(OnLegFailure.HOLD);
    assertTrue(rig.write(4096, 4096, 1).good());
    for (int seed = 0; seed < 8; seed++) rig.disk("b").powerCut(new java.util.Random(seed));
    assertEquals(1, rig.at("b", 4096));
  }
}
