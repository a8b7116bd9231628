package sluice.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;

/** The client against a peer whose every byte the test decides. */
class ClientWithRawPeerTest {
  private final Serving serving = new Serving();
  private ServerSocket listening;

  @BeforeEach
  void listen() throws IOException {
    listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    listening.close();
    serving.close();
  }

  private CompletableFuture<NbdClient> connect(Duration timeout) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    return NbdClient.connect(serving.loop, ClientOptions.to(address, "x").withConnectTimeout(timeout)).toCompletableFuture();
  }

  /** A peer that knows only EXPORT_NAME. */
  private final class Peer implements AutoCloseable {
    final Socket socket = listening.accept();
    final DataInputStream in = new DataInputStream(socket.getInputStream());
    final DataOutputStream out = new DataOutputStream(socket.getOutputStream());

    Peer() throws IOException {
      out.write("NBDMAGICIHAVEOPT".getBytes(StandardCharsets.US_ASCII));
      out.writeShort(3);
      in.readInt();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }

    /** Refuses options until the export is opened by name. */
    void open(long size) throws IOException {
      while (true) {
        in.readLong();
        int option = in.readInt();
        in.readFully(new byte[in.readInt()]);
        if (option == 1) break;
        out.writeLong(0x3e889045565a9L);
        out.writeInt(option);
        out.writeInt(0x80000001);
        out.writeInt(0);
      }
      out.writeLong(size);
      out.writeShort(1 | 4 | 8);
    }

    /** Takes a request with its payload; returns its cookie. */
    long request() throws IOException {
      in.readInt();
      int type = in.readInt() & 0xffff;
      long cookie = in.readLong();
      in.readLong();
      int length = in.readInt();
      if (type == 1) in.readFully(new byte[length]);
      return cookie;
    }
  }

  @Test
  void afterAReplyThatMakesNoSenseChangesStayInDoubtUntilThePeerCloses() throws Exception {
    CompletableFuture<NbdClient> connecting = connect(Duration.ofSeconds(10));
    Peer peer = new Peer();
    peer.open(1 << 20);
    NbdClient client = Serving.await(connecting);
    ClientDriver driver = new ClientDriver(serving, client);
    ClientDriver.Request write = driver.start(BlockOp.WRITE, 0, 0, 4096, new byte[4096]);
    ClientDriver.Request read = driver.start(BlockOp.READ, 0, 0, 4096, null);
    peer.request();
    peer.request();
    peer.out.writeInt(0xbad);
    assertEquals(IoError.ENXIO, read.error());
    assertEquals(1, serving.onLoop(client::inDoubt));
    assertFalse(write.done.isDone());
    assertTrue(client.disconnected().contains("does not begin with a magic number"), client.disconnected());
    assertEquals(-1, peer.in.read(), "nothing more is sent to a peer that makes no sense");
    assertFalse(write.done.isDone(), "our own half of the close is not the peer's word");
    peer.socket.close();
    assertEquals(IoError.ENXIO, write.error());
    assertEquals(0, serving.onLoop(client::inDoubt));
    Serving.await(client.close());
  }

  @Test
  void aResetByThePeerEndsEverything() throws Exception {
    CompletableFuture<NbdClient> connecting = connect(Duration.ofSeconds(10));
    Peer peer = new Peer();
    peer.open(1 << 20);
    NbdClient client = Serving.await(connecting);
    ClientDriver.Request write = new ClientDriver(serving, client).start(BlockOp.WRITE, 0, 0, 4096, new byte[4096]);
    peer.request();
    peer.socket.setSoLinger(true, 0);
    peer.socket.close();
    assertEquals(IoError.ENXIO, write.error());
    Serving.await(client.close());
  }

  @Test
  void anEarlyErrorEndsAWriteAndTheBufferStaysWithThePipelineUntilItIsSent() throws Exception {
    CompletableFuture<NbdClient> connecting = connect(Duration.ofSeconds(10));
    Peer peer = new Peer();
    peer.open(64 << 20);
    NbdClient client = Serving.await(connecting);
    ClientDriver.Request write = new ClientDriver(serving, client).start(BlockOp.WRITE, 0, 0, 32 << 20, new byte[32 << 20]);
    peer.in.readFully(new byte[8]);
    long cookie = peer.in.readLong();
    peer.out.writeInt(0x67446698);
    peer.out.writeInt(IoError.ENOSPC);
    peer.out.writeLong(cookie);
    assertEquals(IoError.ENOSPC, write.error());
    assertEquals(1, serving.onLoop(() -> serving.loop.buffers().outstanding()), "its memory is still being sent from");
    peer.in.readFully(new byte[12 + (32 << 20)]);
    serving.until(() -> serving.loop.buffers().outstanding() == 0);
    var closing = client.close();
    peer.in.readFully(new byte[28]);
    Serving.await(closing);
    assertEquals(-1, peer.in.read());
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUpInTime() {
    SluiceException e = assertThrows(SluiceException.class, () -> Serving.await(connect(Duration.ofMillis(100))));
    assertEquals(ErrorCode.TIMEOUT, e.code());
    assertTrue(e.why().contains("100 ms"), e.why());
  }

  @Test
  void whatIsNotAnNbdServerIsCalledSo() throws Exception {
    CompletableFuture<NbdClient> connecting = connect(Duration.ofSeconds(10));
    try (Socket socket = listening.accept()) {
      socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2p1 Debian\r\n".getBytes(StandardCharsets.US_ASCII));
      SluiceException e = assertThrows(SluiceException.class, () -> Serving.await(connecting));
      assertEquals("what listens there is not an NBD server", e.why());
    }
  }

  @Test
  void aRandomHandshakeNeitherHangsNorOpensAnything() throws Exception {
    Random random = new Random(8);
    for (int round = 0; round < 60; round++) {
      CompletableFuture<NbdClient> connecting = connect(Duration.ofSeconds(10));
      try (Peer peer = new Peer()) {
        for (int i = random.nextInt(4); i >= 0; i--) {
          peer.out.writeLong(0x3e889045565a9L);
          peer.out.writeInt(8 + random.nextInt(3));
          peer.out.writeInt(random.nextBoolean() ? random.nextInt() : random.nextInt(5));
          byte[] data = new byte[random.nextInt(50)];
          random.nextBytes(data);
          peer.out.writeInt(random.nextInt(8) == 0 ? random.nextInt() : data.length);
          peer.out.write(data);
        }
      } catch (IOException e) {
        // The client has had enough.
      }
      assertThrows(SluiceException.class, () -> Serving.await(connecting));
    }
  }

  @Test
  void whatComesInTheClearAfterTlsWasAgreedOnIsRefused() throws Exception {
    Certificates authority = new Certificates();
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    var connecting = NbdClient.connect(serving.loop,
        ClientOptions.to(address, "x").withTls(authority.context(authority.identity("host")), null));
    try (Peer peer = new Peer()) {
      peer.in.readFully(new byte[16]);
      byte[] ack = ByteBuffer.allocate(40).putLong(0x3e889045565a9L).putInt(5).putInt(1).putInt(0)
          .putLong(0x3e889045565a9L).putInt(8).putInt(1).putInt(0).array();
      peer.out.write(ack);
      SluiceException e = assertThrows(SluiceException.class, () -> Serving.await(connecting));
      assertTrue(e.why().contains("in the clear"), e.why());
    }
  }
}
