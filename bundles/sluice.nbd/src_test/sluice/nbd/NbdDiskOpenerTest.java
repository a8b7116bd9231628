package sluice.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;

/** Disks by URI, from our own server. */
class NbdDiskOpenerTest {
  private final Serving serving = new Serving();
  private final Certificates authority = new Certificates();
  private final SSLContext context = authority.context(authority.identity("localhost"));
  private final NbdDiskOpener opener = new NbdDiskOpener(null);

  @AfterEach
  void close() {
    serving.close();
  }

  private BlockDevice open(NbdDiskOpener with, String uri, boolean readOnly) {
    return Serving.await(with.open(new DiskUri(uri), serving.loop, readOnly));
  }

  private SluiceException refused(NbdDiskOpener with, String uri) {
    return assertThrows(SluiceException.class, () -> open(with, uri, false));
  }

  @Test
  void itServesItsSchemesOnly() {
    for (String uri : new String[] {"nbd://h/x", "nbds://h/x", "nbd+unix:///x?socket=/s"}) assertTrue(opener.serves(new DiskUri(uri)));
    assertFalse(opener.serves(new DiskUri("file:/x")));
    assertEquals(10809, ((InetSocketAddress) opener.options(new DiskUri("nbd://h/x"), true).address()).getPort());
    assertEquals("", opener.options(new DiskUri("nbd://h"), true).exportName());
    assertEquals("a/b c", opener.options(new DiskUri("nbd://h/a/b%20c"), true).exportName());
  }

  @Test
  void aDiskIsOpenedByUnixSocketAndByHostName() {
    serving.memory("disk", 1 << 20);
    serving.serve();
    NbdServer tcp = serving.serve(new InetSocketAddress("127.0.0.1", 0), ServerOptions.plain());
    int port = ((InetSocketAddress) tcp.address()).getPort();
    for (String uri : new String[] {serving.uri("disk"), "nbd://localhost:" + port + "/disk", "nbd://127.0.0.1:" + port + "/disk"}) {
      BlockDevice device = open(opener, uri, false);
      assertEquals(1 << 20, device.traits().size());
      assertEquals(0, new ClientDriver(serving, device).write(4096, new byte[4096]));
      Serving.await(device.close());
    }
    assertTrue(open(opener, serving.uri("disk"), true).traits().readOnly());
  }

  @Test
  void nbdsNeedsCredentialsAndProvesBothSides() {
    serving.memory("disk", 1 << 20);
    NbdServer tls = serving.serve(new InetSocketAddress("127.0.0.1", 0), ServerOptions.tls(() -> context));
    int port = ((InetSocketAddress) tls.address()).getPort();
    assertEquals(ErrorCode.UNAVAILABLE, refused(opener, "nbds://localhost:" + port + "/disk").code());
    NbdDiskOpener proven = new NbdDiskOpener(credentials(authority));
    BlockDevice device = open(proven, "nbds://localhost:" + port + "/disk", false);
    byte[] data = new byte[1 << 20];
    new Random(3).nextBytes(data);
    assertEquals(0, new ClientDriver(serving, device).write(0, Arrays.copyOf(data, 1 << 20)));
    assertEquals(data[12345], new ClientDriver(serving, device).read(0, 1 << 20)[12345]);
    Serving.await(device.close());
    assertEquals(ErrorCode.UNAUTHENTICATED, refused(opener, "nbd://localhost:" + port + "/disk").code());
    assertEquals(ErrorCode.UNAUTHENTICATED, refused(new NbdDiskOpener(credentials(new Certificates())), "nbds://localhost:" + port + "/disk").code());
    assertEquals(ErrorCode.NOT_FOUND, refused(proven, "nbds://localhost:" + port + "/none").code());
  }

  private static NbdCredentials credentials(Certificates from) {
    SSLContext own = from.context(from.identity("host"));
    return new NbdCredentials() {
      @Override
      public SSLContext context() {
        return own;
      }

      @Override
      public boolean checksHostName() {
        return true;
      }
    };
  }

  @Test
  void whatIsWrongWithADiskIsSaid() {
    serving.memory("odd", 5000);
    serving.memory("tiny", 512);
    serving.export("ro", Export.of(new MemoryDevice(serving.loop, 8192)).withReadOnly(true));
    serving.serve();
    assertEquals("its size of 5000 bytes is not a multiple of 4096", refused(opener, serving.uri("odd")).why());
    assertEquals("it is only 512 bytes large", refused(opener, serving.uri("tiny")).why());
    assertEquals("the server exports it read-only", refused(opener, serving.uri("ro")).why());
    assertEquals(ErrorCode.NOT_FOUND, refused(opener, serving.uri("none")).code());
    assertEquals("there is no such socket", refused(opener, "nbd+unix:///x?socket=" + serving.folder + "/none").why());
    assertEquals("nobody listens there (connection refused)", refused(opener, "nbd://127.0.0.1:1/x").why());
    assertEquals("the host name is not known", refused(opener, "nbd://no-such-host.invalid/x").why());
    serving.until(() -> serving.opened.get() == serving.closed.get());
  }
}
