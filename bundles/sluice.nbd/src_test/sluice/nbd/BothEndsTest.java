package sluice.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockOp;
import sluice.io.LoopKind;

/** Our client at our server, on every kind of loop, over Unix sockets, TCP and TLS, with many requests at once. */
class BothEndsTest {
  private static final int SIZE = 16 << 20;

  @Test
  void everyKindOfLoopAndSocketCarriesManyRequestsAtOnce() {
    Certificates authority = new Certificates();
    var context = authority.context(authority.identity("localhost"));
    for (LoopKind kind : LoopKind.values()) {
      assertTrue(kind.available(), kind.unavailableBecause());
      try (Serving serving = new Serving(kind)) {
        MemoryDevice disk = serving.memory("disk", SIZE);
        var any = new InetSocketAddress("127.0.0.1", 0);
        exercise(serving, disk, serving.serve(UnixDomainSocketAddress.of(serving.socket()), ServerOptions.plain()), null);
        exercise(serving, disk, serving.serve(any, ServerOptions.plain().withInFlight(3, 1 << 20)), null);
        exercise(serving, disk, serving.serve(any, ServerOptions.tls(() -> context).withInFlight(8, 1 << 20)), context);
        assertEquals(3, serving.closed.get());
        serving.until(() -> serving.loop.buffers().outstanding() == 0);
      }
    }
  }

  private static void exercise(Serving serving, MemoryDevice disk, NbdServer server, SSLContext tls) {
    SocketAddress address = server.address();
    NbdClient client = Serving.await(NbdClient.connect(serving.loop, ClientOptions.to(address, "disk").withTls(tls, null)));
    ClientDriver driver = new ClientDriver(serving, client);
    Random random = new Random(7);
    List<ClientDriver.Request> all = new ArrayList<>();
    byte[] model = disk.bytes.clone();
    for (int unit = 0; unit < 128; unit++) {
      byte[] data = new byte[1 + random.nextInt(64 << 10)];
      random.nextBytes(data);
      System.arraycopy(data, 0, model, unit * (64 << 10), data.length);
      all.add(driver.start(BlockOp.WRITE, 0, unit * (64L << 10), data.length, data));
    }
    byte[] large = new byte[6 << 20];
    random.nextBytes(large);
    System.arraycopy(large, 0, model, 9 << 20, large.length);
    all.add(driver.start(BlockOp.WRITE, 0, 9 << 20, large.length, large));
    all.forEach(r -> assertEquals(0, r.error()));
    assertArrayEquals(model, disk.bytes);
    all.clear();
    for (int i = 0; i < 100; i++) all.add(driver.start(BlockOp.READ, 0, i * 150_000L, 1 + random.nextInt(150_000), null));
    for (ClientDriver.Request r : all) {
      assertEquals(0, r.error());
      assertArrayEquals(Arrays.copyOfRange(model, (int) r.offset, (int) r.end()), r.read);
    }
    Serving.await(client.close());
    Serving.await(server.close());
  }
}
