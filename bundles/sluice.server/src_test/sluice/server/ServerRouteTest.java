package sluice.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.api.block.IoError;
import sluice.io.IoLoops;
import sluice.net.HostPort;
import sluice.net.pki.Identity;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.AttachAndWait;
import sluice.protocol.v1.AttachVolume;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DetachAndWait;
import sluice.protocol.v1.DetachVolume;
import sluice.protocol.v1.DeclareHostDead;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.PutGrant;
import sluice.protocol.v1.RemoveHost;
import sluice.protocol.v1.Volume;

/** Volumes over NBD and TLS, for the host that holds them and nobody else. */
@Timeout(240)
class ServerRouteTest {
  /** Begins each option: IHAVEOPT. */
  private static final long OPTION = 0x49484156454F5054L;

  private TestCluster cluster;
  private IoLoops loops;
  private TestHost host;
  private TestHost other;
  private Volume volume;

  @BeforeEach
  void start() {
    cluster = new TestCluster("route");
    loops = IoLoops.start("test-io", 1);
    volume = cluster.volume("v1", cluster.pool("gold", 2), 8 << 20, 2);
    host = new TestHost(cluster, "h1");
    other = new TestHost(cluster, "h2");
    attach(host, Access.READ_WRITE);
  }

  @AfterEach
  void stop() {
    host.close();
    other.close();
    cluster.close();
    loops.close();
  }

  private void attach(TestHost to, Access access) {
    cluster.change(Change.newBuilder().setPutGrant(PutGrant.newBuilder().setVolumeId(volume.getId())
        .setGrant(Grant.newBuilder().setHostId(to.id).setAccess(access))));
    cluster.call(Call.newBuilder().setAttach(AttachAndWait.newBuilder().setWaitMs(15_000).setAttach(
        AttachVolume.newBuilder().setVolumeId(volume.getId()).setHostId(to.id).setAccess(access))));
  }

  private void detach(TestHost from) {
    cluster.call(Call.newBuilder().setDetach(DetachAndWait.newBuilder().setWaitMs(15_000).setDetach(
        DetachVolume.newBuilder().setVolumeId(volume.getId()).setHostId(from.id))));
  }

  private TestVolume open(TestHost as, String name) throws Throwable {
    return TestVolume.open(loops.next(), cluster.server().nbdAddresses().get(0), as.identity, name);
  }

  private String route(int incarnation, int generation) {
    return volume.getId() + "?route=" + incarnation + "." + generation;
  }

  private static byte[] data(int seed, int length) {
    byte[] d = new byte[length];
    new Random(seed).nextBytes(d);
    return d;
  }

  @Test
  void whatAHostWritesAtAnyOffsetItReadsBackOverAnotherConnection() throws Throwable {
    TestVolume v = open(host, route(1, 1));
    byte[] written = data(1, 300_001);
    assertEquals(0, v.write(123_457, written));
    byte[] read = new byte[written.length];
    assertEquals(0, open(host, "v1").read(123_457, read));
    assertArrayEquals(written, read);
  }

  @Test
  void aNewerConnectionFencesTheOlderOnesAndAnOlderOneIsRefused() throws Throwable {
    TestVolume first = open(host, route(1, 1));
    TestVolume twin = open(host, route(1, 1));
    assertEquals(0, first.write(0, data(1, 4096)));
    TestVolume second = open(host, route(1, 2));
    assertNotEquals(0, first.write(0, data(2, 4096)));
    assertNotEquals(0, twin.write(0, data(3, 4096)));
    byte[] read = new byte[4096];
    assertEquals(0, second.read(0, read));
    assertArrayEquals(data(1, 4096), read);
    assertThrows(Throwable.class, () -> open(host, route(1, 1)));
    assertEquals(0, open(host, route(2, 1)).read(0, read));
    assertNotEquals(0, second.write(0, data(2, 4096)));
  }

  @Test
  void refusedPeersLearnNothingNotEvenWhetherTheVolumeExists() {
    String known = assertThrows(Throwable.class, () -> open(other, route(1, 1))).getMessage();
    String unknown = assertThrows(Throwable.class, () -> open(other, "00000000-0000-0000-0000-00000000000a?route=1.1")).getMessage();
    String byName = assertThrows(Throwable.class, () -> open(other, "v1")).getMessage();
    assertEquals(known.replaceAll("'[^']*'|[0-9a-f-]{36}\\S*|v1", "X"), unknown.replaceAll("'[^']*'|[0-9a-f-]{36}\\S*|v1", "X"));
    assertEquals(known.replaceAll("'[^']*'|[0-9a-f-]{36}\\S*|v1", "X"), byName.replaceAll("'[^']*'|[0-9a-f-]{36}\\S*|v1", "X"));
  }

  @Test
  void whoIsNoHostOfTheClusterOrNoLongerIsCutOffBeforeItIsHeard() throws Exception {
    assertTrue(answered(host.identity), "a host that is one");
    assertFalse(answered(cluster.adminIdentity()), "an administrator");
    assertTrue(answered(other.identity));
    cluster.change(Change.newBuilder().setRemoveHost(RemoveHost.newBuilder().setHostId(other.id)));
    assertFalse(answered(other.identity), "a host that was removed, whose certificate has not expired");
    assertTrue(answered(host.identity));
  }

  /** Whether the server says anything to somebody who has proven that identity and asks for the list of exports. */
  private boolean answered(Identity as) throws IOException {
    HostPort at = cluster.server().nbdAddresses().get(0);
    try (Socket plain = new Socket(at.host(), at.port())) {
      DataInputStream in = new DataInputStream(plain.getInputStream());
      in.readFully(new byte[18]);
      plain.getOutputStream().write(ByteBuffer.allocate(20).putInt(3).putLong(OPTION).putInt(5).putInt(0).array());
      in.readFully(new byte[20]);
      try (Socket tls = as.sslContext().getSocketFactory().createSocket(plain, at.host(), at.port(), true)) {
        tls.getOutputStream().write(ByteBuffer.allocate(16).putLong(OPTION).putInt(3).putInt(0).array());
        return tls.getInputStream().read() >= 0;
      } catch (IOException cutOff) {
        return false;
      }
    }
  }

  @Test
  void aDetachEndsTheHostsConnectionsBeforeAnotherHostIsLetIn() throws Throwable {
    TestVolume v = open(host, route(1, 1));
    assertEquals(0, v.write(0, data(1, 4096)));
    detach(host);
    assertNotEquals(0, v.write(0, data(2, 4096)));
    assertThrows(Throwable.class, () -> open(host, route(1, 2)));
    attach(other, Access.READ_ONLY);
    TestVolume readOnly = open(other, route(1, 1));
    byte[] read = new byte[4096];
    assertEquals(0, readOnly.read(0, read));
    assertArrayEquals(data(1, 4096), read);
    assertNotEquals(0, readOnly.write(0, data(3, 4096)));
  }

  @Test
  void anAgentThatAttachesAgainMayCountItsConnectionsFromTheStart() throws Throwable {
    open(host, route(1, 9));
    detach(host);
    attach(host, Access.READ_WRITE);
    assertEquals(0, open(host, route(1, 1)).write(0, data(1, 4096)));
  }

  @Test
  void aHostThatIsDeclaredDeadCannotWriteOverTheServerRouteAnyMore() throws Throwable {
    TestVolume v = open(host, route(1, 1));
    cluster.change(Change.newBuilder().setDeclareHostDead(DeclareHostDead.newBuilder().setHostId(host.id).setConfirmName("h1")));
    assertNotEquals(0, v.write(0, data(1, 4096)));
  }

  @Test
  void aDiskThatIsGoneEndsRequestsAtOnceAndComesBack() throws Throwable {
    TestVolume v = open(host, route(1, 1));
    java.nio.file.Path file = cluster.dir.resolve("gold0.img").toAbsolutePath();
    byte[] content = java.nio.file.Files.readAllBytes(file);
    // What was the disk is blank now: the next look finds it is another one.
    overwrite(file, 0, new byte[1 << 20]);
    overwrite(file, content.length - 4096, new byte[4096]);
    cluster.call(Call.newBuilder().setRecheckDisks(sluice.protocol.v1.RecheckDisks.getDefaultInstance()));
    TestCluster.until("gone", () -> cluster.picture().getDiskStatusList().stream().anyMatch(d -> !d.getReason().isEmpty()));
    // Both columns of the stripe are in this range.
    assertEquals(IoError.ESHUTDOWN, v.write(0, data(1, 1 << 20)), "away is not broken: a router waits");
    overwrite(file, 0, java.util.Arrays.copyOf(content, 1 << 20));
    cluster.call(Call.newBuilder().setRecheckDisks(sluice.protocol.v1.RecheckDisks.getDefaultInstance()));
    TestCluster.until("back", () -> cluster.picture().getDiskStatusList().stream().allMatch(d -> d.getReason().isEmpty()));
    assertEquals(0, v.write(0, data(1, 1 << 20)));
  }

  private static void overwrite(java.nio.file.Path file, long at, byte[] bytes) throws java.io.IOException {
    try (java.nio.channels.FileChannel c = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
      c.write(java.nio.ByteBuffer.wrap(bytes), at);
    }
  }
}
