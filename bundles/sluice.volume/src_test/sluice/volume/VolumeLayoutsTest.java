package sluice.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.volume.VolumeEngine.OnLegFailure;
import sluice.volume.intent.DirtyRange;
import sluice.volume.testing.FakeDisk;
import sluice.volume.testing.Op;

/** A volume goes over to another layout: legs come in, go, hang and are given up. */
class VolumeLayoutsTest extends EngineFixture {
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
}
