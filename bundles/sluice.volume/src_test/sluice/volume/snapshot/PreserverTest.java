package sluice.volume.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import sluice.api.SluiceException;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.volume.testing.FakeDisk;
import sluice.volume.testing.Op;
import sluice.volume.testing.VirtualLoop;

class PreserverTest {
  private static final int CHUNK = 64 << 10;
  private static final String AREA = "00000000-0000-4000-8000-00000000a001";
  private final VirtualLoop loop = new VirtualLoop();
  private final FakeDisk origin = new FakeDisk("origin", loop, 300 * CHUNK);
  private final FakeDisk area = new FakeDisk("area", loop, 251 * CHUNK);
  private final List<String> wanted = new ArrayList<>();
  private Preserver p = open(2);

  private Preserver open(long... snapshots) {
    Preserver made = new Preserver(loop, origin, origin, (slots, free, waiting) -> wanted.add(free + " of " + slots + ", " + waiting + " wait"));
    made.loading(CHUNK);
    made.addArea(AREA, area);
    loop.run();
    made.loaded(snapshots);
    loop.run();
    return made;
  }

  private Op submit(Op op) {
    p.submit(op);
    loop.run();
    return op;
  }

  private Op write(long offset, int length, int value) {
    return submit(Op.write(loop, offset, length, value));
  }

  private int shown(long snapshot, long offset) {
    Op read = Op.read(loop, offset, 4096);
    p.view(snapshot, 300 * CHUNK).submit(read);
    loop.run();
    assertTrue(read.good(), "ended with " + read.result);
    return read.data()[0];
  }

  @Test
  void aChunkIsStableInTheAreaAndOnItsMapBeforeTheVolumeChanges() {
    origin.atOnce = false;
    area.atOnce = false;
    Op write = write(CHUNK + 4096, 4096, 7);
    assertEquals(List.of("READ " + CHUNK + "+" + CHUNK), origin.log);
    origin.completeAll();
    loop.run();
    assertEquals(List.of("READ 0+8192", "WRITE " + CHUNK + "+" + CHUNK + " FUA"), area.log);
    assertEquals(1, origin.log.size(), "nothing is written before the old chunk is stable");
    area.completeAll();
    loop.run();
    assertEquals("WRITE 4096+4096 FUA", area.log.get(2));
    assertEquals(1, origin.log.size(), "nor before its map is");
    area.completeAll();
    loop.run();
    assertEquals(1, origin.pending.size());
    origin.completeAll();
    assertTrue(write.good());
  }

  @Test
  void whatIsCoveredCostsNothingMore() {
    write(0, 4096, 1);
    area.log.clear();
    origin.log.clear();
    assertTrue(write(8192, 4096, 2).good());
    assertEquals(List.of(), area.log);
    assertEquals(List.of("WRITE 8192+4096"), origin.log);
  }

  @Test
  void changesOfOneChunkThatComeTogetherCopyItOnce() {
    for (int i = 0; i < 8; i++) p.submit(Op.write(loop, i * 4096, 4096, i));
    loop.run();
    assertEquals(1, area.log.stream().filter(l -> l.endsWith("+" + CHUNK + " FUA")).count());
    assertEquals(0, shown(2, 4096));
  }

  @Test
  void theSnapshotShowsWhatWasThereThen() {
    p = open();
    write(0, CHUNK, 1);
    p.snapshots(new long[] {5});
    write(4096, 4096, 2);
    p.snapshots(new long[] {5, 9});
    write(0, 4096, 3);
    assertEquals(1, shown(5, 0));
    assertEquals(1, shown(5, 4096));
    assertEquals(1, shown(9, 0));
    assertEquals(2, shown(9, 4096));
    assertEquals(0, shown(9, 100 * CHUNK));
  }

  @Test
  void aReaderOfTheVolumeLooksAtTheMapAgain() {
    write(10 * CHUNK, CHUNK, 1);
    p.snapshots(new long[] {2, 4});
    origin.atOnce = false;
    Op read = Op.read(loop, 10 * CHUNK, 4096);
    p.view(4, 300 * CHUNK).submit(read);
    Op write = write(10 * CHUNK, 4096, 9);
    assertEquals(2, origin.pending.size(), "the reader's and the copy's read");
    origin.complete(1);
    loop.run();
    origin.complete(1);
    loop.run();
    assertTrue(write.good());
    origin.completeAll();
    loop.run();
    assertTrue(read.good());
    assertEquals(1, read.data()[0], "what it read from the volume was too new");
  }

  @Test
  void whatIsBeingReadOfADeletedSnapshotIsReadAsItWasThoughOthersAreTaken() {
    write(10 * CHUNK, CHUNK, 1);
    p.snapshots(new long[] {2, 4});
    origin.atOnce = false;
    Op read = Op.read(loop, 10 * CHUNK, 4096);
    p.view(4, 300 * CHUNK).submit(read);
    p.snapshots(new long[] {2});
    loop.run();
    p.snapshots(new long[] {2, 6});
    assertNull(p.view(4, 300 * CHUNK), "nobody begins to read it any more");
    Op write = write(10 * CHUNK, 4096, 9);
    origin.complete(1);
    loop.run();
    origin.complete(1);
    loop.run();
    assertTrue(write.good());
    origin.completeAll();
    loop.run();
    assertTrue(read.good());
    assertEquals(1, read.data()[0]);
    assertEquals(1, p.kept(6));
  }

  @Test
  void mapsSurviveARestart() {
    write(0, 4096, 1);
    p.snapshots(new long[] {2, 5});
    write(0, 4096, 2);
    write(3 * CHUNK, 4096, 2);
    p = open(2, 5);
    assertEquals(0, shown(2, 0));
    assertEquals(1, shown(5, 0));
    area.log.clear();
    write(0, 4096, 3);
    assertEquals(List.of(), area.log, "it is still known as preserved");
  }

  @Test
  void aDeletedSnapshotsSlotsAreUsedAgainOnlyWhenTheMapSaysSo() {
    write(0, 4096, 1);
    int[] free = new int[1];
    p.room((slots, f) -> free[0] = f);
    assertEquals(249, free[0]);
    area.atOnce = false;
    p.snapshots(new long[0]);
    loop.run();
    p.room((slots, f) -> free[0] = f);
    assertEquals(249, free[0]);
    area.completeAll();
    loop.run();
    p.room((slots, f) -> free[0] = f);
    assertEquals(250, free[0]);
  }

  @Test
  void aDeletedSnapshotIsNotReadAnyMoreAndIsFreedWhenNobodyReadsIt() {
    write(0, 4096, 1);
    SnapshotView view = p.view(2, 300 * CHUNK);
    area.atOnce = false;
    Op read = Op.read(loop, 0, 4096);
    view.submit(read);
    area.log.clear();
    p.snapshots(new long[0]);
    loop.run();
    assertEquals(List.of(), area.log, "the reader is not done");
    area.completeAll();
    loop.run();
    assertTrue(read.good());
    assertEquals(1, area.log.size());
    area.completeAll();
    Op late = Op.read(loop, 0, 4096);
    view.submit(late);
    assertEquals(IoError.ENXIO, late.result);
    assertNull(p.view(2, 300 * CHUNK));
  }

  @Test
  void whenThereIsNoRoomChangesWaitUntilThereIs() {
    for (int c = 0; c < 250; c++) assertTrue(write((long) c * CHUNK, 4096, 1).good());
    assertTrue(wanted.contains("61 of 250, 0 wait"), "it asks before it is too late: " + wanted);
    Op stuck = write(260L * CHUNK, 4096, 1);
    assertFalse(stuck.done());
    assertEquals("0 of 250, 1 wait", wanted.get(wanted.size() - 1));
    assertTrue(p.isDrained(), "a recall does not wait for it");
    assertTrue(write(0, 4096, 2).good(), "others go on");
    FakeDisk more = new FakeDisk("more", loop, 251 * CHUNK);
    p.addArea("00000000-0000-4000-8000-00000000a002", more);
    loop.run();
    assertTrue(stuck.good());
    assertEquals(0, shown(2, 260L * CHUNK));
  }

  @Test
  void aLongChangeIsPreservedPieceByPiece() {
    Op trim = new Op(loop, BlockOp.WRITE_ZEROES, 0, 0, 200 * CHUNK);
    origin.bytes[150 * CHUNK] = 8;
    area.atOnce = false;
    submit(trim);
    assertTrue(area.pending.size() <= Preserver.COPIES);
    while (!area.pending.isEmpty()) {
      area.completeAll();
      loop.run();
    }
    assertTrue(trim.good());
    assertEquals(8, shownLater(150L * CHUNK));
  }

  private int shownLater(long offset) {
    area.atOnce = true;
    return shown(2, offset);
  }

  @Test
  void whatCannotBeBroughtToSafetyIsNotChanged() {
    area.error = IoError.EIO;
    Op write = write(0, 4096, 1);
    assertEquals(IoError.EIO, write.result);
    assertEquals(0, origin.count("WRITE"));
    area.error = 0;
    origin.error = IoError.EIO;
    origin.failOnly = BlockOp.READ;
    assertEquals(IoError.EIO, write(0, 4096, 1).result);
    origin.error = 0;
    assertTrue(write(0, 4096, 1).good());
    assertEquals(0, shown(2, 0));
  }

  @Test
  void aPausedPreserverLetsNothingOnAndGoesOnForTheNewSnapshot() {
    area.atOnce = false;
    Op write = write(0, 4096, 5);
    area.completeAll();
    loop.run();
    p.pause();
    area.completeAll();
    loop.run();
    assertFalse(write.done());
    assertTrue(p.isDrained() && p.isIdle());
    p.snapshots(new long[] {2, 3});
    area.atOnce = true;
    p.resume();
    loop.run();
    assertTrue(write.good());
    assertEquals(0, shown(3, 0));
    assertEquals(0, shown(2, 0));
  }

  @Test
  void listsTellWhichChunksChanged() {
    write(3 * CHUNK, 4096, 1);
    p.snapshots(new long[] {2, 7});
    write(5 * CHUNK, 2 * CHUNK, 1);
    p.snapshots(new long[] {2, 7, 9});
    List<String> runs = new ArrayList<>();
    p.view(9, 300 * CHUNK).changedSince(7, 300 * CHUNK, 4 * CHUNK + 4096, 4 * CHUNK, new Sink(runs));
    assertEquals(List.of("61440", "131072 dirty", "69632", "end 0"), runs);
    runs.clear();
    p.view(7, 300 * CHUNK).changedSince(2, 300 * CHUNK, 0, 5 * CHUNK, new Sink(runs));
    assertEquals(List.of("196608", "65536 dirty", "65536", "end 0"), runs);
  }

  @Test
  void whatAVolumeHasGrownByHasChanged() {
    write(3 * CHUNK, 4096, 1);
    p.snapshots(new long[] {2, 7});
    List<String> runs = new ArrayList<>();
    p.view(7, 300 * CHUNK).changedSince(2, 5 * CHUNK + 4096, 3 * CHUNK, 4 * CHUNK, new Sink(runs));
    assertEquals(List.of("65536 dirty", "65536", "131072 dirty", "end 0"), runs);
    runs.clear();
    p.view(7, 300 * CHUNK).changedSince(2, 5 * CHUNK, 6 * CHUNK, CHUNK, new Sink(runs));
    assertEquals(List.of("65536 dirty", "end 0"), runs);
  }

  private void restore(long number) {
    var done = new SnapshotRestore(p, p.view(number, 300 * CHUNK), p, 300L * CHUNK, CHUNK).start().toCompletableFuture();
    loop.run();
    assertTrue(done.isDone() && !done.isCompletedExceptionally());
  }

  @Test
  void aVolumeIsRestoredAndLaterSnapshotsShowWhatTheyShowed() {
    write(0, CHUNK, 1);
    write(9 * CHUNK, 4096, 1);
    p.snapshots(new long[] {2, 5});
    write(9 * CHUNK, 4096, 2);
    origin.log.clear();
    restore(2);
    assertEquals(List.of("WRITE 0+65536", "WRITE 589824+65536"), origin.log.stream().filter(l -> l.startsWith("WRITE")).sorted().toList());
    assertEquals("FLUSH 0+0", origin.log.get(origin.log.size() - 1));
    Op now = submit(Op.read(loop, 9 * CHUNK, 4096));
    assertEquals(0, now.data()[0]);
    assertEquals(1, shown(5, 9 * CHUNK));
    assertEquals(1, shown(5, 0), "it was preserved before it was written back");
    p = open(2, 5);
    restore(5);
    assertEquals(1, submit(Op.read(loop, 0, 4096)).data()[0]);
    assertEquals(0, shown(2, 0), "and can be begun anew at any time");
  }

  private record Sink(List<String> runs) implements sluice.api.block.BlockDevice.StatusSink {
    @Override
    public void range(long length, int flags) {
      runs.add(length + (flags == 1 ? " dirty" : ""));
    }

    @Override
    public void completed(int error) {
      runs.add("end " + error);
    }
  }

  @Test
  void aDamagedMapIsNotTakenForAnEmptyOne() {
    write(0, 4096, 1);
    write(CHUNK, 4096, 1);
    area.bytes[100] ^= 1;
    area.bytes[4096 + 100] ^= 1;
    Preserver made = new Preserver(loop, origin, origin, (a, b, c) -> {});
    made.loading(CHUNK);
    var loading = made.addArea(AREA, area).toCompletableFuture();
    loop.run();
    assertTrue(loading.isCompletedExceptionally());
    try {
      loading.join();
    } catch (CompletionException e) {
      assertTrue(((SluiceException) e.getCause()).getMessage().contains("cannot be read"), e.getCause().toString());
    }
  }

  @Test
  void oneDamagedBlockIsMadeUpForByTheOther() {
    write(0, 4096, 1);
    write(CHUNK, 4096, 1);
    // Sequence 3 and so on lie in turn; the newest is the one that counts, and torn it is as if it had not been written.
    area.bytes[100] ^= 1;
    p = open(2);
    assertEquals(0, shown(2, 0));
  }
}
