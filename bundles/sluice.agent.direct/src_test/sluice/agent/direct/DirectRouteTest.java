package sluice.agent.direct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sluice.api.DiskUri;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.api.route.Route;
import sluice.io.device.DeviceIo;

class DirectRouteTest extends DirectRouteFixture {
  private String probe(Route route) throws InterruptedException {
    loop.execute(route::probe);
    return probes.poll(60, TimeUnit.SECONDS);
  }

  @Test
  void writesAStripedVolumeToItsDisksAndReadsItBack() throws Exception {
    Route route = route(disk("d1", POOL), disk("d2", POOL));
    // While one is open already, the other is not.
    while (!nextHealth().usable()) assertTrue(healths.size() < 4);
    byte[] bytes = new byte[1 << 20];
    new java.util.Random(1).nextBytes(bytes);
    get(DeviceIo.write(route, 128 << 10, bytes, BlockRequest.FUA));
    assertEquals(0, java.util.Arrays.compare(bytes, get(DeviceIo.read(route, 128 << 10, bytes.length))));
    byte[] onDisk = new byte[65536];
    try (RandomAccessFile f = new RandomAccessFile(dir.resolve("d1").toFile(), "r")) {
      f.seek(16 * MIB + 65536);
      f.readFully(onDisk);
    }
    assertEquals(0, java.util.Arrays.compare(onDisk, java.util.Arrays.copyOf(bytes, 65536)));
    assertEquals("0 ", probe(route));
  }

  @Test
  void refusesADiskThatIsNotTheOneThatIsMeantAndSaysWhichAnswered() throws Exception {
    String meant = disk("d1", POOL);
    String other = disk("d2", POOL);
    ways.put(meant, ways.get(other));
    Route route = route(meant);
    String reason = nextHealth().reason();
    assertTrue(reason.startsWith("disk d1: ") && reason.contains("leads to disk d2 (" + other + "), which is another disk"), reason);
    assertFalse(route.health().usable());
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    loop.execute(() -> route.submit(new BlockRequest() {
      {
        set(sluice.api.block.BlockOp.FLUSH, 0, 0, 0);
      }

      @Override
      public void completed(int error) {
        ended.complete(error);
      }
    }));
    assertEquals(IoError.ENXIO, get(ended));
  }

  @Test
  void refusesADiskOfAnotherPoolAnotherClusterOrWithoutALabel() throws Exception {
    route(disk("d1", UUID.randomUUID().toString()));
    assertTrue(nextHealth().reason().contains("not in the volume's pool"));
    Path blank = Files.createFile(dir.resolve("blank"));
    try (RandomAccessFile f = new RandomAccessFile(blank.toFile(), "rw")) {
      f.setLength(64 * MIB);
    }
    String id = UUID.randomUUID().toString();
    ways.put(id, List.of(new DiskUri("file:" + blank)));
    route(id);
    assertTrue(nextHealth().reason().contains("leads to no disk of Sluice"));
  }

  @Test
  void triesTheWaysInOrderAndTellsOfAll() throws Exception {
    String id = disk("d1", POOL);
    List<DiskUri> both = List.of(new DiskUri("file:" + dir.resolve("missing")), ways.get(id).get(0));
    ways.put(id, both);
    route(id);
    assertTrue(nextHealth().usable());
    String gone = UUID.randomUUID().toString();
    ways.put(gone, List.of(new DiskUri("file:" + dir.resolve("missing")), new DiskUri("nbd://127.0.0.1:1/x")));
    route(gone);
    String reason = nextHealth().reason();
    assertTrue(reason.contains("missing") && reason.contains("; nothing here opens nbd: disks"), reason);
  }

  @Test
  void aDiskThatIsGoneIsOpenedAgain() throws Exception {
    Route route = route(disk("d1", POOL));
    assertTrue(nextHealth().usable());
    opener.refuse = true;
    opener.error = IoError.ENXIO;
    assertEquals("6 disk d1: the way to the disk is gone on a probe", probe(route));
    assertEquals("disk d1: the way to the disk is gone", nextHealth().reason());
    assertEquals("disk d1: connection refused", nextHealth().reason());
    assertEquals("6 disk d1: connection refused", probe(route));
    opener.error = 0;
    opener.refuse = false;
    assertTrue(nextHealth().usable());
    assertEquals("0 ", probe(route));
  }

  @Test
  void anErrorOfTheMediumDoesNotCloseTheDiskAndNamesIt() throws Exception {
    Route route = route(disk("d1", POOL));
    assertTrue(nextHealth().usable());
    opener.error = IoError.EIO;
    assertEquals("5 disk d1: the disk reported an I/O error on a probe", probe(route));
    assertTrue(route.health().usable());
    CompletableFuture<String> part = new CompletableFuture<>();
    loop.execute(() -> part.complete(route.failedPart()));
    assertEquals("disk d1", get(part));
  }

  @Test
  void aDiskThatKeepsSilentFailsProbesInTimeAndHoldsTheCloseBack() throws Exception {
    Route route = route(disk("d1", POOL));
    assertTrue(nextHealth().usable());
    opener.silent = true;
    assertEquals("110 disk d1 does not answer", probe(route));
    assertEquals("110 disk d1: no answer in time on a probe", probe(route));
    assertEquals(1, opener.silenced.size());
    CompletableFuture<Integer> write = new CompletableFuture<>();
    DeviceIo.write(route, 0, new byte[4096], 0).whenComplete((n, failure) -> write.complete(failure == null ? 0 : 1));
    CompletableFuture<Void> submitted = new CompletableFuture<>();
    loop.execute(() -> submitted.complete(null));
    get(submitted);
    CompletableFuture<Void> closed = route.close().toCompletableFuture();
    get(CompletableFuture.runAsync(() -> {}, loop));
    assertFalse(closed.isDone());
    loop.execute(() -> List.copyOf(opener.silenced).forEach(r -> r.completed(IoError.OK)));
    get(closed);
    assertEquals(0, get(write));
  }
}
