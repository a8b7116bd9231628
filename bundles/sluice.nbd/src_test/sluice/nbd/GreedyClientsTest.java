package sluice.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockOp;

/** Clients that ask for much and fetch nothing, beside one that behaves: it gets its answers, and nobody is refused. */
class GreedyClientsTest {
  private static final int MB = 1 << 20;
  private static final int LARGEST = 32 * MB;
  private static final long BUDGET = 128L * MB;

  private final Serving serving = new Serving(BUDGET);
  private final MemoryDevice disk = serving.memory("disk", 64 * MB);
  private final NbdServer server = serving.serve();
  private final List<SocketChannel> greedy = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (SocketChannel c : greedy) c.close();
    serving.until(() -> serving.loop.buffers().outstanding() == 0 && serving.loop.budget().heldBytes() == 0);
    Serving.await(server.close());
    serving.close();
  }

  /** Sends as much as the server takes; the server has done what it will when it has stopped to read. */
  private void greedy(ByteBuffer requests) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(serving.socket()));
    greedy.add(channel);
    channel.write(GreedyClient.handshake("disk"));
    int opened = greedy.size();
    serving.until(() -> serving.opened.get() >= opened);
    channel.configureBlocking(false);
    int waiting = serving.onLoop(() -> serving.loop.budget().waitingConnections());
    while (requests.hasRemaining() && serving.onLoop(() -> serving.loop.budget().waitingConnections()) <= waiting) channel.write(requests);
    assertTrue(serving.onLoop(() -> serving.loop.budget().heldBytes()) <= BUDGET);
  }

  private void aGoodClientReadsAndWrites() {
    NbdClient client = Serving.await(NbdClient.connect(serving.loop, ClientOptions.to(UnixDomainSocketAddress.of(serving.socket()), "disk")));
    ClientDriver driver = new ClientDriver(serving, client);
    byte[] content = new byte[LARGEST];
    for (int i = 0; i < LARGEST; i++) content[i] = (byte) (i * 31 >> 8);
    assertEquals(0, driver.start(BlockOp.WRITE, 0, LARGEST, LARGEST, content).error());
    for (int i = 0; i < 100; i++) assertEquals(0, driver.start(BlockOp.READ, 0, i * 4096L, 4096, null).error());
    assertEquals(0, driver.start(BlockOp.READ, 0, LARGEST, LARGEST, null).error());
    Serving.await(client.close());
    assertEquals(content[4711], disk.bytes[LARGEST + 4711]);
    assertEquals(0, serving.onLoop(() -> serving.loop.budget().refusals()));
  }

  @Test
  void whoFetchesNothingStopsBeingReadAndHoldsItsShareAtMost() throws IOException {
    greedy(GreedyClient.reads(4000, 64 << 10));
    long held = serving.onLoop(() -> serving.loop.budget().heldBytes());
    assertTrue(held <= 64L * MB + 2 * MB, held + " bytes are held");
    aGoodClientReadsAndWrites();
  }

  @Test
  void manyThatFetchNothingLeaveAnotherRoomForItsRequestsOfAnySize() throws IOException {
    for (int i = 0; i < 20; i++) greedy(GreedyClient.reads(200, i % 2 == 0 ? MB : 128 << 10));
    aGoodClientReadsAndWrites();
  }

  @Test
  void oneThatAsksForTheLargestAndFetchesNothingLeavesRoomForAnother() throws IOException {
    greedy(GreedyClient.reads(64, LARGEST));
    aGoodClientReadsAndWrites();
  }
}
