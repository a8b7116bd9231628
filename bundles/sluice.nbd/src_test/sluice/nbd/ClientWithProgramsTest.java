package sluice.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;

/** The client against other people's servers. */
class ClientWithProgramsTest {
  private final Serving serving = new Serving();
  private final Path socket = serving.socket();

  @AfterEach
  void close() {
    serving.close();
  }

  private Programs.Server nbdkit(String... arguments) {
    List<String> command = new ArrayList<>(List.of("nbdkit", "-f", "-U", socket.toString()));
    command.addAll(List.of(arguments));
    return Programs.serve(command.toArray(new String[0])).listening(socket);
  }

  private NbdClient connect(ClientOptions options) {
    return Serving.await(NbdClient.connect(serving.loop, options));
  }

  private ClientOptions here(String export) {
    return ClientOptions.to(UnixDomainSocketAddress.of(socket), export);
  }

  /** Random changes against a copy in memory; then all of it is read and compared. */
  private void exercise(NbdClient client) {
    ClientDriver driver = new ClientDriver(serving, client);
    Random random = new Random(5);
    byte[] model = new byte[(int) client.traits().size()];
    int unit = client.traits().alignment();
    for (int i = 0; i < 150; i++) {
      int offset = random.nextInt(model.length / unit) * unit;
      int length = Math.min(model.length - offset, (1 + random.nextInt(200_000 / unit)) * unit);
      int flags = random.nextInt(4) == 0 ? BlockRequest.FUA : 0;
      switch (random.nextInt(3)) {
        case 0 -> {
          byte[] data = new byte[length];
          random.nextBytes(data);
          System.arraycopy(data, 0, model, offset, length);
          assertEquals(0, driver.start(BlockOp.WRITE, flags, offset, length, data).error());
        }
        case 1 -> {
          Arrays.fill(model, offset, offset + length, (byte) 0);
          assertEquals(0, driver.run(BlockOp.WRITE_ZEROES, flags, offset, length));
        }
        default -> assertArrayEquals(Arrays.copyOfRange(model, offset, offset + length), driver.read(offset, length));
      }
    }
    assertEquals(0, driver.run(BlockOp.FLUSH, 0, 0, 0));
    assertEquals(0, driver.run(BlockOp.CACHE, 0, 0, model.length));
    assertArrayEquals(model, driver.read(0, model.length));
    assertEquals(0, driver.run(BlockOp.TRIM, 0, 0, model.length));
    Serving.await(client.close());
  }

  @Test
  void itWorksWithNbdkitInMemory() {
    try (var server = nbdkit("memory", "8M")) {
      NbdClient client = connect(here(""));
      assertEquals(8 << 20, client.traits().size());
      assertTrue(client.traits().trim() && client.traits().zeroes());
      exercise(client);
    }
  }

  @Test
  void itMakesWhatAServerLacksFromWhatItHas() {
    try (var server = nbdkit("--filter=nozero", "--filter=fua", "--filter=noextents", "memory", "8M")) {
      NbdClient client = connect(here(""));
      assertFalse(client.traits().zeroes());
      exercise(client);
    }
  }

  @Test
  void itWorksWithoutStructuredReplies() {
    try (var server = nbdkit("--no-sr", "memory", "8M")) {
      NbdClient client = connect(here(""));
      assertEquals(List.of("8192:0"), new ClientDriver(serving, client).status(0, 8192), "everything is data as far as one can tell");
      exercise(client);
    }
  }

  @Test
  void itKeepsToTheBlockSizesOfTheServer() {
    try (var server = nbdkit("--filter=blocksize-policy", "memory", "8M", "blocksize-minimum=1024", "blocksize-preferred=8192",
        "blocksize-maximum=65536", "blocksize-error-policy=error")) {
      NbdClient client = connect(here(""));
      assertEquals(1024, client.traits().alignment());
      assertEquals(8192, client.traits().preferred());
      assertEquals(IoError.EINVAL, new ClientDriver(serving, client).run(BlockOp.READ, 0, 512, 512));
      exercise(client);
    }
  }

  @Test
  void itSeesWhatAFileHasAllocated() throws Exception {
    Path file = serving.folder.resolve("file");
    Files.write(file, new byte[1 << 20]);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[1]), (8 << 20) - 1);
    }
    try (var server = nbdkit("file", file.toString())) {
      NbdClient client = connect(here(""));
      List<String> map = new ClientDriver(serving, client).status(0, 8 << 20);
      assertEquals("1048576:0", map.get(0));
      assertTrue(map.get(1).endsWith(":3"), map.toString());
      exercise(client);
    }
  }

  @Test
  void itReportsTheServersErrorsWhileTheyLast() throws Exception {
    Path trigger = serving.folder.resolve("trigger");
    try (var server = nbdkit("--filter=error", "memory", "1M", "error=ENOSPC", "error-rate=100%", "error-file=" + trigger)) {
      NbdClient client = connect(here(""));
      ClientDriver driver = new ClientDriver(serving, client);
      assertEquals(0, driver.write(0, new byte[4096]));
      Files.createFile(trigger);
      assertEquals(IoError.ENOSPC, driver.write(0, new byte[4096]));
      assertEquals(IoError.ENOSPC, driver.run(BlockOp.READ, 0, 0, 4096));
      assertEquals(List.of("error 28"), driver.status(0, 4096));
      Files.delete(trigger);
      assertEquals(4096, driver.read(0, 4096).length);
      Serving.await(client.close());
    }
  }

  @Test
  void requestsBeyondTheBoundWaitAndAllComplete() {
    try (var server = nbdkit("--filter=delay", "memory", "8M", "rdelay=20ms", "wdelay=20ms")) {
      NbdClient client = connect(here("").withMaxRequests(4));
      ClientDriver driver = new ClientDriver(serving, client);
      List<ClientDriver.Request> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) all.add(driver.start(BlockOp.WRITE, 0, i * 4096L, 4096, new byte[4096]));
      var closing = client.close();
      all.forEach(r -> assertEquals(0, r.error()));
      Serving.await(closing);
      assertEquals(IoError.ESHUTDOWN, driver.run(BlockOp.READ, 0, 0, 4096));
    }
  }

  @Test
  void whenTheServerIsKilledAllThatWasOutstandingEndsWithEnxio() {
    List<ClientDriver.Request> all = new ArrayList<>();
    NbdClient client;
    ClientDriver driver;
    try (var server = nbdkit("--filter=delay", "memory", "8M", "delay-read=60", "delay-write=60")) {
      client = connect(here("").withMaxRequests(4));
      driver = new ClientDriver(serving, client);
      for (int i = 0; i < 4; i++) {
        all.add(driver.start(BlockOp.WRITE, 0, i * 4096L, 4096, new byte[4096]));
        all.add(driver.start(BlockOp.READ, 0, i * 4096L, 4096, null));
      }
      all.add(driver.start(BlockOp.FLUSH, 0, 0, 0, null));
      serving.until(() -> client.outstanding() == 9);
    }
    all.forEach(r -> assertEquals(IoError.ENXIO, r.error()));
    assertEquals(0, serving.onLoop(client::inDoubt));
    assertEquals(IoError.ENXIO, driver.run(BlockOp.READ, 0, 0, 4096));
    assertEquals("the server closed the connection", client.disconnected());
    Serving.await(client.close());
  }

  @Test
  void readsCanBeAbandonedAndLateRepliesAreThrownAway() {
    try (var server = nbdkit("--filter=delay", "memory", "8M", "rdelay=300ms")) {
      NbdClient client = connect(here(""));
      ClientDriver driver = new ClientDriver(serving, client);
      ClientDriver.Request read = driver.start(BlockOp.READ, 0, 0, 4096, null);
      serving.until(() -> client.outstanding() == 1);
      serving.onLoop(() -> {
        client.abandonReads();
        return 0;
      });
      assertEquals(IoError.ETIMEDOUT, read.error());
      assertEquals(0, driver.write(0, new byte[512]));
      assertEquals(4096, driver.read(0, 4096).length);
      Serving.await(client.close());
    }
  }

  @Test
  void itWorksWithNbdkitOverTlsAndProvesItself() throws Exception {
    Certificates authority = new Certificates();
    Path folder = authority.folder(serving.folder.resolve("tls"), authority.identity("localhost"));
    var context = authority.context(authority.identity("host1"));
    try (var server = nbdkit("--tls=require", "--tls-certificates=" + folder, "--tls-verify-peer", "memory", "8M")) {
      exercise(connect(here("").withTls(context, "localhost")));
      SluiceException name = refusal(here("").withTls(context, "elsewhere"));
      assertEquals(ErrorCode.UNAUTHENTICATED, name.code());
      Certificates other = new Certificates();
      refusal(here("").withTls(other.context(other.identity("host1")), null));
      assertEquals(ErrorCode.UNAUTHENTICATED, refusal(here("")).code(), "without TLS");
    }
  }

  private SluiceException refusal(ClientOptions options) {
    return assertThrows(SluiceException.class, () -> connect(options));
  }

  @Test
  void itDoesNotFallBackToPlainText() {
    try (var server = nbdkit("--tls=off", "memory", "1M")) {
      Certificates authority = new Certificates();
      SluiceException e = refusal(here("").withTls(authority.context(authority.identity("a")), null));
      assertTrue(e.why().contains("no TLS"), e.why());
    }
  }

  @Test
  void itWorksWithQemuNbd() throws Exception {
    Path file = Files.write(serving.folder.resolve("file"), new byte[8 << 20]);
    try (var server = Programs.serve("qemu-nbd", "-t", "-x", "vol", "-k", socket.toString(), "-f", "raw", "--discard=unmap", file.toString())
        .listening(socket)) {
      exercise(connect(here("vol")));
      assertEquals(ErrorCode.NOT_FOUND, refusal(here("none")).code());
    }
  }

  @Test
  void itWorksWithNbdServerAndRefusesOneThatCannotFlush() throws Exception {
    Path file = Files.write(serving.folder.resolve("file"), new byte[8 << 20]);
    Path config = Files.writeString(serving.folder.resolve("config"), """
        [generic]
        unixsock=%s
        allowlist=true
        [good]
        exportname=%s
        flush=true
        fua=true
        trim=true
        [bad]
        exportname=%s
        """.formatted(socket, file, file));
    try (var server = nbdServer(config)) {
      exercise(connect(here("good")));
    }
    try (var server = nbdServer(config)) {
      assertTrue(refusal(here("bad")).why().contains("FLUSH"));
    }
    try (var server = nbdServer(config)) {
      NbdClient readOnly = connect(here("bad").withReadOnly(true));
      assertEquals(IoError.EROFS, new ClientDriver(serving, readOnly).write(0, new byte[512]));
      Serving.await(readOnly.close());
    }
  }

  /** In the foreground it serves one client only. */
  private Programs.Server nbdServer(Path config) throws Exception {
    Files.deleteIfExists(socket);
    return Programs.serve("nbd-server", "-d", "-C", config.toString(), "-p", serving.folder.resolve("pid").toString())
        .listening(socket);
  }
}
