package sluice.agent.direct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.api.layout.Extent;
import sluice.api.layout.LegRole;
import sluice.api.layout.LegRole.State;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.api.route.DiskLine;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.VolumeAccess;
import sluice.io.device.DeviceIo;

/** A mirrored volume on files, while its layout changes under it. */
class DirectRouteLayoutTest extends DirectRouteFixture {
  private final String volume = UUID.randomUUID().toString();

  private VolumeAccess access(long epoch, int slot, List<String> disks, State... states) {
    List<List<Extent>> legs = new ArrayList<>();
    List<LegRole> roles = new ArrayList<>();
    for (int i = 0; i < states.length; i++) {
      legs.add(List.of(new Extent(disks.get(i), 16 * MIB, 4 * MIB)));
      roles.add(new LegRole("leg-" + disks.get(i), states[i], states.length == 1 ? null : new Extent(disks.get(i), 32 * MIB, MIB)));
    }
    VolumeLayout layout =
        new VolumeLayout(epoch, 4 * MIB, List.of(new Segment(0, 4 * MIB, 65536, legs)), roles, states.length == 1 ? 0 : MIB);
    return new VolumeAccess(volume, "v1", false, layout, ways, POOL, CLUSTER, names, List.of(), 1, slot);
  }

  private Route open(VolumeAccess access) throws Exception {
    Route route = get(provider.open(access, loop, this));
    while (!nextHealth().usable()) assertTrue(healths.size() < 4);
    return route;
  }

  private <T> T on(Supplier<T> what) throws Exception {
    return get(CompletableFuture.supplyAsync(what, loop));
  }

  private void relayout(Route route, VolumeAccess next) throws Exception {
    get(get(CompletableFuture.supplyAsync(() -> route.relayout(next), loop)));
  }

  private byte[] onDisk(String name, long at) throws IOException {
    byte[] bytes = new byte[4096];
    try (RandomAccessFile f = new RandomAccessFile(dir.resolve(name).toFile(), "r")) {
      f.seek(16 * MIB + at);
      f.readFully(bytes);
    }
    return bytes;
  }

  private static byte[] block(int fill) {
    byte[] bytes = new byte[4096];
    Arrays.fill(bytes, (byte) fill);
    return bytes;
  }

  private CompletableFuture<Void> write(Route route, long at, int fill) {
    return DeviceIo.write(route, at, block(fill), BlockRequest.FUA).toCompletableFuture();
  }

  @Test
  void aMirrorIsOnBothItsDisks() throws Exception {
    Route route = open(access(1, 1, List.of(disk("d1", POOL), disk("d2", POOL)), State.IN_SYNC, State.IN_SYNC));
    get(write(route, 8192, 7));
    assertEquals(7, onDisk("d1", 8192)[0]);
    assertEquals(7, onDisk("d2", 8192)[0]);
    assertEquals(7, get(DeviceIo.read(route, 8192, 4096))[0]);
  }

  @Test
  void disksThatStayAreNotTouchedThoseThatComeAreOpenedThoseThatGoAreClosed() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, 1, disks, State.IN_SYNC, State.STALE));
    assertEquals(List.of("d1"), opener.opened);
    get(write(route, 0, 1));
    assertEquals(0, onDisk("d2", 0)[0]);
    relayout(route, access(2, 1, disks, State.IN_SYNC, State.IN_SYNC));
    assertEquals(List.of("d1", "d2"), opener.opened);
    get(write(route, 0, 2));
    assertEquals(2, onDisk("d2", 0)[0]);
    assertTrue(on(route::health).usable());
    relayout(route, access(3, 1, disks, State.STALE, State.IN_SYNC));
    get(write(route, 0, 3));
    assertEquals(2, onDisk("d1", 0)[0]);
    assertEquals(3, onDisk("d2", 0)[0]);
    assertEquals(3, get(DeviceIo.read(route, 0, 4096))[0]);
    relayout(route, access(4, 1, disks, State.IN_SYNC, State.IN_SYNC));
    assertEquals(List.of("d1", "d2", "d1"), opener.opened);
    assertEquals(0, healths.size(), "nobody above saw any of it");
  }

  @Test
  void aHungPieceOnALegThatIsGivenUpGoesWithItAndIsRememberedUntilItIsSettled() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, 1, disks, State.IN_SYNC, State.IN_SYNC));
    get(write(route, 0, 1));
    opener.only = "d2";
    opener.silent = true;
    CompletableFuture<Void> hung = write(route, 0, 2);
    while (!on(route::busyDisks).equals(Set.of(disks.get(1)))) Thread.onSpinWait();
    assertFalse(hung.isDone());
    relayout(route, access(2, 1, disks, State.IN_SYNC, State.STALE));
    get(hung);
    get(write(route, 4096, 3));
    assertEquals(2, get(DeviceIo.read(route, 0, 4096))[0]);
    assertTrue(on(route::health).usable());
    assertEquals(Set.of(), on(route::busyDisks));
    assertEquals(Set.of(disks.get(1)), on(route::formerDisks));
    loop.execute(() -> List.copyOf(opener.silenced).forEach(r -> r.completed(IoError.ENXIO)));
    assertEquals(Set.of(), on(route::formerDisks));
  }

  @Test
  void whileQuietNothingGetsToTheDisks() throws Exception {
    Route route = open(access(1, 1, List.of(disk("d1", POOL), disk("d2", POOL)), State.IN_SYNC, State.IN_SYNC));
    get(write(route, 0, 1));
    on(() -> {
      route.quiet(true);
      return null;
    });
    CompletableFuture<Void> held = write(route, 0, 2);
    var read = on(() -> DeviceIo.read(route, 4096, 4096).toCompletableFuture());
    assertEquals(Set.of(), on(route::busyDisks));
    assertFalse(held.isDone() || read.isDone());
    on(() -> {
      route.quiet(false);
      return null;
    });
    get(held);
    get(read);
    assertEquals(2, onDisk("d2", 0)[0]);
  }

  @Test
  void aDiskThatComesAndCannotBeOpenedDoesNotHoldTheLayoutUpButTheRoute() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, 1, disks, State.IN_SYNC, State.STALE));
    opener.only = "d2";
    opener.refuse = true;
    relayout(route, access(2, 1, disks, State.IN_SYNC, State.IN_SYNC));
    assertEquals("disk d2: connection refused", on(route::health).reason());
    opener.refuse = false;
    while (!nextHealth().usable()) assertTrue(healths.size() < 8);
    get(write(route, 0, 5));
    assertEquals(5, onDisk("d2", 0)[0]);
  }

  @Test
  void aReadThatHangsOnADiskThatStaysDoesNotHoldTheLayoutUpButTheRoute() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, 1, disks, State.IN_SYNC, State.STALE));
    opener.only = "d1";
    opener.silent = true;
    CompletableFuture<byte[]> hung = DeviceIo.read(route, 0, 4096).toCompletableFuture();
    while (!on(route::busyDisks).equals(Set.of(disks.get(0)))) Thread.onSpinWait();
    relayout(route, access(2, 1, disks, State.IN_SYNC, State.IN_SYNC));
    assertEquals("its new layout waits for what hangs on disk d1", on(route::health).reason());
    opener.silent = false;
    loop.execute(() -> List.copyOf(opener.silenced).forEach(r -> r.completed(IoError.EIO)));
    while (!nextHealth().usable()) assertTrue(healths.size() < 4);
    assertEquals(true, get(hung.handle((bytes, failure) -> true)), "it ends");
    get(write(route, 0, 5));
    assertEquals(5, onDisk("d2", 0)[0]);
  }

  @Test
  void aRouteThatIsOnItsWayOutStillRemembersWhatHangsOnDisksThatANewLayoutGivesUp() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, 1, disks, State.IN_SYNC, State.IN_SYNC));
    get(write(route, 0, 1));
    opener.only = "d2";
    opener.silent = true;
    write(route, 0, 2);
    while (!on(route::busyDisks).equals(Set.of(disks.get(1)))) Thread.onSpinWait();
    CompletableFuture<Void> closed = route.close().toCompletableFuture();
    VolumeAccess next = access(2, 1, disks, State.IN_SYNC, State.STALE);
    CompletionStage<Void> refused = on(() -> route.relayout(next));
    assertEquals(true, get(refused.handle((nothing, failure) -> failure != null)));
    assertEquals(Set.of(disks.get(1)), on(route::formerDisks));
    opener.silent = false;
    loop.execute(() -> List.copyOf(opener.silenced).forEach(r -> r.completed(IoError.OK)));
    get(closed);
    assertEquals(Set.of(), route.formerDisks());
  }

  @Test
  void aVolumeOfOneLegGetsASecondOneAndASlot() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, -1, disks, State.IN_SYNC));
    get(write(route, 0, 1));
    relayout(route, access(2, 5, disks, State.IN_SYNC, State.IN_SYNC));
    get(write(route, 0, 2));
    assertEquals(2, onDisk("d1", 0)[0]);
    assertEquals(2, onDisk("d2", 0)[0]);
  }

  @Test
  void changesThatTouchTheWindowAreNotTakenUnderNewLayoutsEither() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, 1, disks, State.IN_SYNC, State.FILLING));
    on(() -> {
      route.window(MIB, 2 * MIB);
      return null;
    });
    assertEquals(List.of(true, false, false, true, true), taken(route));
    get(write(route, 0, 1));
    get(write(route, 3 * MIB, 1));
    assertEquals(1, onDisk("d2", 0)[0]);
    assertEquals(0, onDisk("d2", 3 * MIB)[0]);
    relayout(route, access(2, 1, disks, State.IN_SYNC, State.IN_SYNC));
    on(() -> {
      route.window(0, 0);
      return null;
    });
    assertEquals(List.of(true, true, true, true, true), taken(route));
  }

  @Test
  void withoutASlotToMarkThemInChangesOfAMirrorAreTheServers() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, -1, disks, State.IN_SYNC, State.IN_SYNC));
    assertEquals(List.of(false, false, false, false, true), taken(route));
    relayout(route, access(2, 1, disks, State.IN_SYNC, State.IN_SYNC));
    assertEquals(List.of(true, true, true, true, true), taken(route));
    get(write(route, 0, 1));
  }

  private List<Boolean> taken(Route route) throws Exception {
    return on(() -> List.of(takes(route, BlockOp.WRITE, 0, MIB), takes(route, BlockOp.WRITE, MIB - 4096, 8192),
        takes(route, BlockOp.TRIM, 2 * MIB - 4096, 4096), takes(route, BlockOp.WRITE, 2 * MIB, 4096), takes(route, BlockOp.READ, MIB, 4096)));
  }

  private static boolean takes(Route route, BlockOp op, long at, long length) {
    BlockRequest r = new BlockRequest() {
      @Override
      public void completed(int error) {}
    };
    r.set(op, 0, at, length);
    return route.takes(r);
  }

  @Test
  void aDiskThatIsLostMakesTheRouteUnusableAndIsNamed() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, 1, disks, State.IN_SYNC, State.IN_SYNC));
    opener.only = "d2";
    opener.refuse = true;
    opener.error = IoError.ENXIO;
    assertTrue(write(route, 0, 1).handle((n, failure) -> failure != null).get());
    assertEquals("disk d2", on(route::failedPart));
    assertEquals("disk d2: the way to the disk is gone", nextHealth().reason());
    assertEquals(Set.of(disks.get(1)), on(route::lostDisks));
    relayout(route, access(2, 1, disks, State.IN_SYNC, State.STALE));
    assertTrue(on(route::health).usable());
    assertEquals(Set.of(), on(route::lostDisks));
    get(write(route, 0, 2));
  }

  private DiskLine line(Route route, String disk) throws Exception {
    return on(route::lines).stream().filter(l -> l.diskId().equals(disk)).findFirst().orElseThrow();
  }

  private void proofs(Route route, long run, DiskLine... of) throws Exception {
    List<DiskLine> proved = new ArrayList<>();
    for (DiskLine l : of) proved.add(new DiskLine(l.diskId(), l.number(), true, false, run));
    on(() -> {
      route.proofs(run, proved);
      return null;
    });
  }

  @Test
  void aServerThatProvesLinesIsWaitedForBeforeAMirrorIsUsed() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, 1, disks, State.IN_SYNC, State.IN_SYNC));
    assertEquals(List.of(), on(route::lines), "nobody has asked");
    proofs(route, 5);
    assertTrue(nextHealth().reason().contains("has yet to say that disk d1"));
    assertThrows(ExecutionException.class, () -> get(write(route, 0, 1)));
    DiskLine d1 = line(route, disks.get(0));
    proofs(route, 5, d1, new DiskLine(disks.get(1), line(route, disks.get(1)).number() + 1, true, false, 5));
    assertTrue(nextHealth().reason().contains("disk d2"), "the proof of another line was taken");
    proofs(route, 5, line(route, disks.get(1)));
    assertTrue(nextHealth().usable());
    get(write(route, 0, 1));
    assertEquals(new DiskLine(disks.get(0), d1.number(), true, false, 5), line(route, disks.get(0)));
  }

  @Test
  void aDiskThatWasAwayIsNotUsedBeforeItsNewLineIsProved() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, 1, disks, State.IN_SYNC, State.IN_SYNC));
    proofs(route, 5, on(() -> new DiskLine("", 0, false, false, 0)));
    assertFalse(nextHealth().usable());
    DiskLine first = line(route, disks.get(0));
    proofs(route, 5, first, line(route, disks.get(1)));
    while (!nextHealth().usable()) assertTrue(healths.size() < 4);
    opener.only = "d1";
    opener.error = IoError.ENXIO;
    assertThrows(ExecutionException.class, () -> get(write(route, 0, 1)));
    assertFalse(nextHealth().usable());
    opener.error = 0;
    RouteHealth again = nextHealth();
    while (!again.reason().contains("has yet to say")) again = nextHealth();
    DiskLine second = line(route, disks.get(0));
    assertTrue(second.broken() && !second.proved() && second.number() != first.number(), second.toString());
    assertEquals(5, second.run());
    proofs(route, 6, second);
    assertTrue(nextHealth().usable());
    assertFalse(line(route, disks.get(0)).broken());
  }

  /** An idle line that has broken is not noticed before it is used; until then its host would vouch for a disk that has been away. */
  @Test
  void aLineThatAnEarlierRunHadProvedIsTriedBeforeItIsVouchedFor() throws Exception {
    List<String> disks = List.of(disk("d1", POOL), disk("d2", POOL));
    Route route = open(access(1, 1, disks, State.IN_SYNC, State.IN_SYNC));
    proofs(route, 5);
    assertFalse(nextHealth().usable());
    proofs(route, 5, line(route, disks.get(0)), line(route, disks.get(1)));
    while (!nextHealth().usable()) assertTrue(healths.size() < 4);
    opener.only = "d1";
    opener.refuse = true;
    opener.error = IoError.ENXIO;
    proofs(route, 6, line(route, disks.get(0)), line(route, disks.get(1)));
    assertFalse(nextHealth().usable());
    DiskLine lost = line(route, disks.get(0));
    assertTrue(lost.broken() && !lost.proved(), lost.toString());
    assertEquals(5, lost.run(), "nobody knows what became of the disk since");
  }
}
