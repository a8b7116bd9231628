package sluice.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.volume.VolumeEngine.OnLegFailure;
import sluice.volume.testing.FakeDisk;
import sluice.volume.testing.Op;

/** What a volume does with changes and reads, and with legs that fail. */
class VolumeEngineTest extends EngineFixture {
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
}
