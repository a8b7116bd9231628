package sluice.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockOp;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.volume.VolumeEngine.OnLegFailure;
import sluice.volume.intent.DirtyRange;
import sluice.volume.testing.FakeDisk;
import sluice.volume.testing.Op;
import sluice.volume.testing.Rig;

class VolumeEngineTest {
  private static final int MIB = Rig.MIB;
  private final Rig rig = new Rig(8);

  private FakeDisk a() {
    return rig.disk("a");
  }

  private FakeDisk b() {
    return rig.disk("b");
  }

  private void mirror(OnLegFailure policy) {
    rig.open(rig.mirror("a b"), policy);
  }

  /** Marks the region and forgets what the disks have seen so far. */
  private void warm(long offset) {
    assertTrue(rig.write(offset, 4096, 1).good());
    a().log.clear();
    b().log.clear();
  }

  private void later() {
    a().atOnce = false;
    b().atOnce = false;
  }

  // ---- changes and their marks

  @Test
  void aChangeGoesToAllLegsAfterItsRegionIsMarkedOnAll() {
    mirror(OnLegFailure.FAIL);
    later();
    Op write = rig.write(MIB, 4096, 5);
    assertEquals(1, a().pending.size());
    assertTrue(a().pending.get(0).fua() && a().pending.get(0).offset < MIB);
    a().completeAll();
    rig.loop.run();
    assertEquals(0, a().pending.size());
    b().complete(0);
    rig.loop.run();
    assertEquals(2 * MIB, a().pending.get(0).offset);
    a().completeAll();
    assertFalse(write.done());
    b().completeAll();
    assertTrue(write.good());
    assertEquals(5, rig.at("a", MIB));
    assertEquals(5, rig.at("b", MIB));
  }

  @Test
  void aChangeInAMarkedRegionCostsNothingMore() {
    mirror(OnLegFailure.FAIL);
    warm(0);
    assertTrue(rig.write(8192, 4096, 2).good());
    assertEquals(List.of("WRITE " + (MIB + 8192) + "+4096"), a().log);
  }

  @Test
  void changesThatComeTogetherShareOneMark() {
    mirror(OnLegFailure.FAIL);
    for (int i = 0; i < 8; i++) rig.engine.submit(Op.write(rig.loop, (long) i * MIB, 4096, 1));
    rig.loop.run();
    assertEquals(1, a().log.stream().filter(l -> l.endsWith("FUA")).count());
    assertEquals(8, a().log.stream().filter(l -> !l.endsWith("FUA") && l.startsWith("WRITE")).count());
  }

  @Test
  void changesOneAfterTheOtherAreMarkedAhead() {
    mirror(OnLegFailure.FAIL);
    for (int i = 0; i < 8; i++) assertTrue(rig.write((long) i * MIB, 4096, 1).good());
    assertEquals(2, a().log.stream().filter(l -> l.endsWith("FUA")).count());
  }

  @Test
  void aMarkNeverOverwritesTheOneBefore() {
    mirror(OnLegFailure.FAIL);
    for (int i = 0; i < 6; i += 2) assertTrue(rig.write((long) i * MIB, 4096, 1).good());
    List<String> marks = List.of("WRITE 0+4096 FUA", "WRITE 4096+4096 FUA", "WRITE 0+4096 FUA");
    assertEquals(marks, a().log.stream().filter(l -> l.endsWith("FUA")).toList());
    VolumeEngine next = rig.open(rig.mirror("a b"), OnLegFailure.HOLD);
    a().log.clear();
    assertTrue(rig.write(7 * MIB, 4096, 1).good());
    assertEquals("WRITE 4096+4096 FUA", a().log.get(0), "a run after this one neither: " + next);
  }

  @Test
  void changesThatOverlapAreOneAfterTheOtherOnEveryLeg() {
    mirror(OnLegFailure.FAIL);
    warm(0);
    later();
    Op first = rig.write(0, 8192, 2);
    Op second = rig.write(4096, 8192, 3);
    Op apart = rig.write(65536, 4096, 4);
    assertEquals(2, a().pending.size());
    a().completeAll();
    b().completeAll();
    assertTrue(first.good() && apart.good());
    assertFalse(second.done());
    a().completeAll();
    b().completeAll();
    assertTrue(second.good());
  }

  @Test
  void trimMakesAllLegsReadTheSame() {
    mirror(OnLegFailure.FAIL);
    warm(0);
    assertTrue(rig.submit(new Op(rig.loop, BlockOp.TRIM, 0, 0, 4096)).good());
    assertEquals(List.of("WRITE_ZEROES " + MIB + "+4096"), a().log);
    assertEquals(0, rig.at("b", 0));
  }

  @Test
  void trimIsNotSentWhereZeroesAreWrittenOut() {
    rig.disks.put("b", new FakeDisk("b", rig.loop, rig.size + MIB, false));
    mirror(OnLegFailure.FAIL);
    warm(0);
    assertTrue(rig.submit(new Op(rig.loop, BlockOp.TRIM, 0, 0, 4096)).good());
    assertTrue(a().log.isEmpty());
  }

  @Test
  void anEngineWithoutASlotIsReadOnly() {
    rig.open(rig.mirror("a b"), OnLegFailure.FAIL, -1);
    assertTrue(rig.engine.traits().readOnly());
    assertEquals(IoError.EROFS, rig.write(0, 4096, 1).result);
    assertTrue(rig.read(0, 4096).good());
  }

  // ---- reads

  @Test
  void readsSpreadOverTheLegsAndGoOnToTheNextOnAnError() {
    mirror(OnLegFailure.FAIL);
    later();
    rig.read(0, 4096);
    rig.read(65536, 4096);
    assertEquals(1, a().pending.size());
    assertEquals(1, b().pending.size());
    a().completeAll();
    b().completeAll();
    a().atOnce = b().atOnce = true;
    a().error = IoError.EIO;
    for (int i = 0; i < 4; i++) assertTrue(rig.read(i * 4096L, 4096).good());
    assertEquals(2, a().count("READ"), "one more, then it is avoided");
    b().error = IoError.ENXIO;
    assertFalse(rig.read(0, 4096).good());
  }

  @Test
  void noReadGoesToALegThatIsNotInSync() {
    rig.open(rig.mirror("a b+ c?"), OnLegFailure.FAIL);
    for (int i = 0; i < 8; i++) assertTrue(rig.read(i * 4096L, 4096).good());
    a().error = IoError.EIO;
    assertEquals(IoError.EIO, rig.read(0, 4096).result);
    assertEquals(List.of("READ 0+8192"), b().log, "its slot and nothing else");
    assertTrue(rig.disk("c").log.isEmpty());
  }

  // ---- legs that fail

  @Test
  void onAHostAChangeThatALegFailedFailsAsAWholeAfterAllItsPieces() {
    mirror(OnLegFailure.FAIL);
    warm(0);
    later();
    b().error = IoError.EINVAL;
    Op write = rig.write(0, 4096, 2);
    b().completeAll();
    assertFalse(write.done());
    a().completeAll();
    assertEquals(IoError.EIO, write.result, "another way may do");
    rig.loop.run();
    assertEquals(List.of("leg-b b 22"), rig.failures);
  }

  @Test
  void onTheServerItIsHeldAndWhatOverlapsItWaits() {
    mirror(OnLegFailure.HOLD);
    warm(0);
    b().error = IoError.ENXIO;
    Op write = rig.write(0, 4096, 2);
    Op behind = rig.write(0, 4096, 3);
    assertFalse(write.done());
    assertEquals(List.of("leg-b b 6"), rig.failures);
    assertEquals(0, rig.engine.underWay());
    rig.await(rig.engine.relayout(rig.mirror("a b?")));
    assertTrue(write.good() && behind.good());
    assertEquals(3, rig.at("a", 0));
    assertEquals(1, rig.at("b", 0));
  }

  @Test
  void whatIsHeldIsTriedAgainOrFailsWhenSomebodySaysSo() {
    mirror(OnLegFailure.HOLD);
    warm(0);
    b().error = IoError.EIO;
    Op first = rig.write(0, 4096, 2);
    Op second = rig.write(4096, 4096, 2);
    b().error = 0;
    rig.engine.retryHeld();
    rig.loop.run();
    assertTrue(first.good() && second.good());
    b().error = IoError.EIO;
    Op third = rig.write(0, 4096, 4);
    rig.engine.failHeld(IoError.EIO);
    assertEquals(IoError.EIO, third.result);
  }

  @Test
  void whatNoLegInSyncTookEndsWithTheErrorAndNobodyIsBlamed() {
    mirror(OnLegFailure.HOLD);
    warm(0);
    a().error = b().error = IoError.ENOSPC;
    assertEquals(IoError.ENOSPC, rig.write(0, 4096, 2).result);
    assertTrue(rig.failures.isEmpty());
  }

  @Test
  void aMarkThatALegFailedIsTheLegsFailure() {
    mirror(OnLegFailure.HOLD);
    b().error = IoError.EIO;
    Op write = rig.write(0, 4096, 2);
    assertFalse(write.done());
    assertEquals(List.of("leg-b b 5"), rig.failures);
    assertEquals(0, a().log.stream().filter(l -> l.equals("WRITE " + MIB + "+4096")).count());
    rig.await(rig.engine.relayout(rig.mirror("a b?")));
    assertTrue(write.good());
  }

  @Test
  void aFlushThatALegFailedDoesNotSucceed() {
    mirror(OnLegFailure.FAIL);
    warm(0);
    b().error = IoError.EIO;
    assertEquals(IoError.EIO, rig.flush().result);
    b().error = 0;
    assertTrue(rig.flush().good());
  }

  @Test
  void aDiskThatWasAwayWithChangesUnflushedFailsTheNextFlushOnce() {
    mirror(OnLegFailure.FAIL);
    warm(0);
    b().error = IoError.ENXIO;
    b().failOnly = BlockOp.READ;
    for (int i = 0; i < 4; i++) assertTrue(rig.read(0, 4096).good());
    b().error = 0;
    assertEquals(IoError.ENXIO, rig.flush().result);
    rig.loop.run();
    assertEquals(List.of("leg-b b 6"), rig.failures);
    assertTrue(rig.flush().good());
    b().error = IoError.ENXIO;
    rig.loop.pass(2000);
    for (int i = 0; i < 4; i++) assertTrue(rig.read(0, 4096).good());
    b().error = 0;
    assertTrue(rig.flush().good(), "nothing was there to lose");
  }

  @Test
  void aLegWhoseDiskWasAwayWithChangesUnflushedIsNotReadIfAnotherIsThere() {
    mirror(OnLegFailure.FAIL);
    warm(0);
    b().error = IoError.ENXIO;
    b().failOnly = BlockOp.READ;
    for (int i = 0; i < 4; i++) assertTrue(rig.read(0, 4096).good());
    b().error = 0;
    rig.loop.pass(1500);
    b().log.clear();
    for (int i = 0; i < 4; i++) assertTrue(rig.read(0, 4096).good());
    assertEquals(0, b().count("READ"));
    assertEquals(IoError.ENXIO, rig.write(0, 4096, 2).result, "the server is to judge");
    assertTrue(rig.write(0, 4096, 2).good());
  }

  // ---- the window

  @Test
  void fillingLegsGetWhatLiesBeforeTheWindowOnly() {
    rig.open(rig.mirror("a b+"), OnLegFailure.FAIL);
    assertTrue(rig.write(0, 4096, 1).good());
    assertEquals(0, rig.at("b", 0));
    rig.engine.window(2 * MIB, 3 * MIB);
    assertTrue(rig.write(0, 4096, 2).good());
    assertTrue(rig.write(5 * MIB, 4096, 3).good());
    assertEquals(2, rig.at("b", 0));
    assertEquals(0, rig.at("b", 5 * MIB));
    Op touching = Op.write(rig.loop, 2 * MIB - 4096, 8192, 4);
    assertFalse(rig.engine.takes(touching));
    assertEquals(IoError.ESTALE, rig.submit(touching).result);
    assertTrue(rig.engine.takes(Op.read(rig.loop, 2 * MIB, 4096)));
  }

  @Test
  void theServersChangesInTheWindowGoToAllLegs() {
    rig.open(rig.mirror("a b+"), OnLegFailure.HOLD);
    rig.engine.window(2 * MIB, 3 * MIB);
    assertTrue(rig.write(2 * MIB, 4096, 4).good());
    assertEquals(4, rig.at("b", 2 * MIB));
  }

  @Test
  void aWindowIsClearWhenWhatWentOutBeforeItHasEnded() {
    rig.open(rig.mirror("a b+"), OnLegFailure.FAIL);
    assertTrue(rig.write(0, 4096, 1).good());
    later();
    Op out = rig.write(4096, 4096, 1);
    CompletionStage<Void> clear = rig.engine.window(0, MIB);
    assertFalse(rig.done(clear));
    a().completeAll();
    assertTrue(out.good());
    assertTrue(rig.done(clear));
  }

  @Test
  void aChangeThatWaitedForItsMarkWhenTheWindowCameGoesAnotherWay() {
    rig.open(rig.mirror("a b+"), OnLegFailure.FAIL);
    later();
    Op write = rig.write(0, 4096, 1);
    assertTrue(rig.done(rig.engine.window(0, MIB)));
    a().completeAll();
    b().completeAll();
    rig.loop.run();
    assertEquals(IoError.ESTALE, write.result);
    assertEquals(0, rig.at("a", 0));
  }

  // ---- other layouts

  @Test
  void aLegThatHangsIsGivenUpAndItsMemoryIsKept() {
    mirror(OnLegFailure.HOLD);
    warm(0);
    b().atOnce = false;
    Op write = rig.write(0, 4096, 9);
    IoBuffer below = write.buffer;
    assertEquals(Set.of("b"), rig.engine.busyDisks());
    CompletionStage<Void> done = rig.engine.relayout(rig.mirror("a b?"));
    assertTrue(rig.done(done));
    assertTrue(write.good());
    assertEquals(Set.of("b"), rig.engine.busyDisks());
    assertEquals(0, rig.engine.underWay());
    write.release();
    assertTrue(rig.loop.isKept(below));
    b().completeAll();
    assertFalse(rig.loop.isKept(below));
    assertEquals(Set.of(), rig.engine.busyDisks());
  }

  @Test
  void aReadThatHangsOnALegThatIsGivenUpEndsInOtherMemory() {
    mirror(OnLegFailure.HOLD);
    warm(0);
    later();
    rig.read(0, 4096);
    Op read = rig.read(0, 4096);
    FakeDisk hangs = b().pending.get(0).buffer == read.buffer ? b() : a();
    FakeDisk other = hangs == a() ? b() : a();
    IoBuffer first = read.buffer;
    CompletionStage<Void> done = rig.engine.relayout(rig.mirror(hangs == a() ? "a? b" : "a b?"));
    other.atOnce = true;
    other.completeAll();
    assertTrue(rig.done(done));
    assertTrue(read.good());
    assertFalse(first == read.buffer);
    assertEquals(1, read.data()[0]);
    int out = rig.loop.buffersOut();
    hangs.completeAll();
    assertEquals(out - 1, rig.loop.buffersOut());
  }

  @Test
  void aLegIsNotLetInWhileSomethingGivenUpHangsOnIt() {
    mirror(OnLegFailure.HOLD);
    warm(0);
    b().atOnce = false;
    rig.write(0, 4096, 9);
    rig.await(rig.engine.relayout(rig.mirror("a b?")));
    CompletionStage<Void> fill = rig.engine.relayout(rig.mirror("a b+"));
    assertFalse(rig.done(fill));
    assertEquals(1, b().pending.size(), "not even a mark goes there");
    Op waits = rig.write(4096, 4096, 1);
    assertFalse(waits.done());
    b().atOnce = true;
    b().completeAll();
    assertTrue(rig.done(fill));
    assertTrue(waits.good());
  }

  @Test
  void requestsWaitWhileTheLayoutChangesAndLegsThatStayAreAwaited() {
    mirror(OnLegFailure.FAIL);
    warm(0);
    later();
    Op under = rig.write(0, 4096, 2);
    CompletionStage<Void> done = rig.engine.relayout(rig.mirror("a b?"));
    Op waits = rig.write(8192, 4096, 3);
    assertFalse(rig.done(done));
    a().atOnce = true;
    a().completeAll();
    assertTrue(rig.done(done));
    assertTrue(under.good() && waits.good());
  }

  @Test
  void aLegThatComesInGetsTheMarksThereAre() {
    rig.open(rig.mirror("a b?"), OnLegFailure.HOLD);
    assertTrue(rig.write(3 * MIB, 4096, 3).good());
    rig.await(rig.engine.relayout(rig.mirror("a b+")));
    a().error = IoError.EIO;
    assertEquals(1, b().log.stream().filter(l -> l.endsWith("FUA")).count());
    VolumeEngine other = new VolumeEngine(rig.loop, "v1", rig.mirror("b c"), rig::disk, 1, 8, OnLegFailure.HOLD, (l, d, e) -> {});
    assertEquals(List.of(new DirtyRange(3L * MIB, 4L * MIB)), rig.await(other.intents().dirty(List.of(0))));
  }

  /** Whoever reconciles the slot clears it meanwhile: a block of this run would be cleared with it, and its change go unmarked. */
  @Test
  void aHostThatHasMarkedNothingYetLeavesItsSlotToWhoeverReconcilesIt() {
    VolumeEngine host = new VolumeEngine(rig.loop, "v1", rig.mirror("a b?"), rig::disk, 1, 8, OnLegFailure.FAIL, (l, d, e) -> {});
    rig.await(host.open());
    rig.await(host.relayout(rig.mirror("a b+")));
    assertEquals(0, a().log.stream().filter(l -> l.endsWith("FUA")).count());
    assertEquals(0, b().log.stream().filter(l -> l.endsWith("FUA")).count());
  }

  @Test
  void aLegThatHangsAsItComesInCanBeGivenUpAgain() {
    rig.open(rig.mirror("a b?"), OnLegFailure.HOLD);
    assertTrue(rig.write(0, 4096, 1).good());
    b().atOnce = false;
    CompletionStage<Void> fill = rig.engine.relayout(rig.mirror("a b+"));
    assertFalse(rig.done(fill));
    Op waits = rig.write(MIB, 4096, 1);
    assertFalse(waits.done());
    rig.await(rig.engine.relayout(rig.mirror("a b?")));
    assertTrue(rig.done(fill));
    assertTrue(waits.good());
    assertEquals(Set.of("b"), rig.engine.busyDisks());
  }

  @Test
  void layoutsAreAdoptedOneAfterTheOther() {
    mirror(OnLegFailure.HOLD);
    warm(0);
    later();
    Op write = rig.write(0, 4096, 2);
    CompletionStage<Void> first = rig.engine.relayout(rig.mirror("a b?"));
    CompletionStage<Void> second = rig.engine.relayout(rig.mirror("a"));
    assertFalse(rig.done(first) || rig.done(second));
    a().atOnce = true;
    a().completeAll();
    assertTrue(rig.done(first) && rig.done(second) && write.good());
    assertEquals(1, rig.engine.layout().legs().size());
  }

  @Test
  void aLayoutThatDoesNotFitItsDisksIsRefusedAndNothingHasChanged() {
    mirror(OnLegFailure.HOLD);
    rig.disks.put("c", new FakeDisk("c", rig.loop, MIB));
    assertTrue(rig.engine.relayout(rig.mirror("a c")).toCompletableFuture().isCompletedExceptionally());
    assertTrue(rig.write(0, 4096, 2).good());
    assertEquals(2, rig.at("b", 0));
  }

  @Test
  void anIdleVolumeOfOneLegGoesOverToAnotherLayoutAtOnce() {
    rig.open(rig.one("a"), OnLegFailure.FAIL);
    assertTrue(rig.done(rig.engine.relayout(rig.one("a"))));
    assertTrue(rig.write(0, 4096, 2).good());
  }

  @Test
  void aVolumeOfOneLegIsItsLeg() {
    rig.open(rig.one("a"), OnLegFailure.FAIL);
    later();
    Op first = rig.write(0, 4096, 1);
    Op second = rig.write(0, 4096, 2);
    assertEquals(2, a().pending.size(), "nothing is marked, nothing is locked");
    assertSame(first.buffer, a().pending.get(0).buffer);
    assertEquals(2, rig.engine.underWay());
    CompletionStage<Void> done = rig.engine.relayout(rig.mirror("a b?"), 3);
    Op waits = rig.write(MIB, 4096, 3);
    assertFalse(rig.done(done));
    a().atOnce = true;
    a().completeAll();
    assertTrue(rig.done(done));
    assertTrue(first.good() && second.good() && waits.good());
    assertEquals(1, a().log.stream().filter(l -> l.endsWith("FUA")).count());
    rig.await(rig.engine.relayout(rig.one("a")));
    a().log.clear();
    assertTrue(rig.write(0, 4096, 1).good());
    assertEquals(1, a().log.size());
  }

  @Test
  void aVolumeOfOneLegThatHasNothingUnderWayGetsAnotherAndLosesItAgain() {
    rig.open(rig.one("a"), OnLegFailure.HOLD);
    rig.await(rig.engine.relayout(rig.mirror("a b?"), 0));
    assertTrue(rig.write(0, 4096, 1).good());
    rig.await(rig.engine.relayout(rig.one("a"), 0));
    assertTrue(rig.write(0, 4096, 2).good());
    assertEquals(2, rig.at("a", 0));
  }

  // ---- clearing

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
