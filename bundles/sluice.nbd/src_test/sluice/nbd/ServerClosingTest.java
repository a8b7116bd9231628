package sluice.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;

/** How connections and servers end: with our own client, and a device that holds requests back. */
class ServerClosingTest {
  private final Serving serving = new Serving();
  private final MemoryDevice disk = serving.memory("disk", 1 << 20);
  private final NbdServer server = serving.serve();

  @AfterEach
  void close() {
    serving.close();
  }

  private NbdClient connect() {
    return Serving.await(NbdClient.connect(serving.loop, ClientOptions.to(UnixDomainSocketAddress.of(serving.socket()), "disk")));
  }

  private void hold(boolean holding) {
    serving.onLoop(() -> {
      if (holding) disk.holding = true;
      else disk.letGo();
      return 0;
    });
  }

  /** Time enough for whatever the loop had to do: the first connection must not have closed meanwhile. */
  private void anotherConnectionComesAndGoes() {
    Serving.await(connect().close());
    serving.until(() -> serving.closed.get() > 0);
    assertEquals(1, serving.closed.get());
  }

  @Test
  void disconnectingWaitsForWhatTheDeviceHoldsAndStillAnswersIt() {
    NbdClient client = connect();
    hold(true);
    ClientDriver.Request write = new ClientDriver(serving, client).start(BlockOp.WRITE, 0, 0, 512, new byte[512]);
    serving.until(() -> disk.held.size() == 1);
    CompletableFuture<Void> fenced = server.disconnect(c -> "disk".equals(c.exportName())).toCompletableFuture();
    ClientDriver.Request late = new ClientDriver(serving, client).start(BlockOp.WRITE, 0, 512, 512, new byte[512]);
    serving.until(() -> client.outstanding() == 2);
    anotherConnectionComesAndGoes();
    assertFalse(fenced.isDone());
    hold(false);
    Serving.await(fenced);
    assertEquals(2, serving.closed.get());
    assertEquals(0, write.error(), "it was answered before the connection closed");
    assertEquals(IoError.ENXIO, late.error(), "it came after the connection was fenced");
    assertEquals(1, disk.allocated.cardinality());
    Serving.await(server.close());
  }

  @Test
  void aPeerThatGoesAwayLeavesItsRequestsToComplete() {
    NbdClient client = connect();
    hold(true);
    ClientDriver.Request write = new ClientDriver(serving, client).start(BlockOp.WRITE, 0, 0, 65536, new byte[65536]);
    serving.until(() -> disk.held.size() == 1);
    serving.onLoop(() -> {
      client.peerFenced();
      return 0;
    });
    assertEquals(IoError.ENXIO, write.error());
    anotherConnectionComesAndGoes();
    assertEquals(1, Serving.await(server.connections()).size(), "the connection stays known while the device holds its request");
    hold(false);
    serving.until(() -> serving.closed.get() == 2 && serving.loop.buffers().outstanding() == 0);
    Serving.await(server.close());
  }

  @Test
  void closingRemovesTheSocketAndTellsTheClient() {
    NbdClient client = connect();
    CompletableFuture<String> reason = new CompletableFuture<>();
    serving.loop.execute(() -> client.onDisconnect(reason::complete));
    Serving.await(server.close());
    assertEquals("the server closed the connection", Serving.await(reason));
    assertFalse(Files.exists(serving.socket()));
    assertEquals(1, serving.closed.get());
    Serving.await(client.close());
  }

  @Test
  void aSocketLeftBehindIsReplacedAndOneInUseIsNot() throws Exception {
    SluiceException inUse = assertThrows(SluiceException.class, serving::serve);
    assertEquals(ErrorCode.CONFLICT, inUse.code());
    assertTrue(Files.exists(serving.socket()));
    var left = serving.folder.resolve("left.sock");
    try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(left));
    }
    assertTrue(Files.exists(left));
    NbdServer second = serving.serve(UnixDomainSocketAddress.of(left), ServerOptions.plain());
    assertEquals("1048576", Programs.run("nbdinfo", "--size", "nbd+unix:///disk?socket=" + left).ok().strip());
    Serving.await(second.close());
    var file = Files.createFile(serving.folder.resolve("file"));
    assertThrows(SluiceException.class, () -> serving.serve(UnixDomainSocketAddress.of(file), ServerOptions.plain()));
    assertTrue(Files.exists(file), "a file that is not a socket is left alone");
    Serving.await(server.close());
  }

  @Test
  void connectionsBeyondTheBoundAreRefused() {
    var second = UnixDomainSocketAddress.of(serving.folder.resolve("second.sock"));
    NbdServer small = serving.serve(second, ServerOptions.plain().withMaxConnections(1));
    NbdClient first = Serving.await(NbdClient.connect(serving.loop, ClientOptions.to(second, "disk")));
    assertThrows(SluiceException.class, () -> Serving.await(NbdClient.connect(serving.loop, ClientOptions.to(second, "disk"))));
    List<Connection> connections = Serving.await(small.connections());
    assertEquals(1, connections.size());
    assertEquals("disk", connections.get(0).exportName());
    Serving.await(first.close());
    serving.until(() -> serving.closed.get() == 1);
    Serving.await(Serving.await(NbdClient.connect(serving.loop, ClientOptions.to(second, "disk"))).close());
    Serving.await(small.close());
    Serving.await(server.close());
  }
}
