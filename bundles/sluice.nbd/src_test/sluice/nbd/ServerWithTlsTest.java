package sluice.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server with mutual TLS against libnbd and qemu, and who learns what. */
class ServerWithTlsTest {
  private static final Certificates AUTHORITY = new Certificates();
  private static final Certificates.Identity FRIEND = AUTHORITY.identity("friend");
  private static final SSLContext CONTEXT = AUTHORITY.context(AUTHORITY.identity("localhost"));

  private final Serving serving = new Serving();
  private final MemoryDevice disk = serving.memory("disk", 4 << 20);
  private Path friend;
  private NbdServer server;
  private int port;

  @BeforeEach
  void serve() throws Exception {
    friend = AUTHORITY.folder(serving.folder.resolve("friend"), FRIEND);
    server = serving.serve(new InetSocketAddress("127.0.0.1", 0), ServerOptions.tls(() -> CONTEXT));
    port = ((InetSocketAddress) server.address()).getPort();
  }

  @AfterEach
  void close() {
    Serving.await(server.close());
    assertEquals(serving.opened.get(), serving.closed.get());
    serving.close();
  }

  private String uri(Path certificates, String export) {
    return "nbds://localhost:" + port + "/" + export + "?tls-certificates=" + certificates;
  }

  @Test
  void aClientWithACertificateCopiesAnImageInAndOut() throws Exception {
    byte[] image = new byte[4 << 20];
    new Random(3).nextBytes(image);
    Path in = Files.write(serving.folder.resolve("in"), image);
    Path out = serving.folder.resolve("out");
    Programs.run("nbdcopy", in.toString(), uri(friend, "disk")).ok();
    assertArrayEquals(image, disk.bytes);
    Programs.run("nbdcopy", uri(friend, "disk"), out.toString()).ok();
    assertArrayEquals(image, Files.readAllBytes(out));
    assertTrue(Programs.run("nbdinfo", uri(friend, "disk")).ok().contains("protocol: newstyle-fixed with TLS"));
  }

  @Test
  void qemuOpensItWithItsCertificate() {
    String out = Programs.run("qemu-io", "--object", "tls-creds-x509,id=t,dir=" + friend + ",endpoint=client",
        "-c", "write -P 7 0 1M", "-c", "read -P 7 0 1M", "--image-opts",
        "driver=nbd,server.type=inet,server.host=localhost,server.port=" + port + ",export=disk,tls-creds=t").ok();
    assertTrue(out.contains("read 1048576/1048576"), out);
  }

  @Test
  void aClientWithoutTlsLearnsNothing() {
    String out = Programs.python("nbd://localhost:" + port + "/disk", """
        h.set_opt_mode(True)
        h.connect_uri(uri)
        def tryit(f):
            try:
                f()
                print("OK")
            except nbd.Error as e:
                print(e.string)
        for name in ("disk", "none"):
            h.set_export_name(name)
            tryit(h.opt_info)
            tryit(h.opt_go)
        tryit(lambda: h.opt_list(lambda *a: print(a)))
        tryit(lambda: h.opt_list_meta_context(lambda *a: print(a)))
        """).ok();
    assertEquals(6, out.lines().count(), out);
    List<String> lines = out.lines().toList();
    assertEquals(lines.subList(0, 2), lines.subList(2, 4), "an export that is there looks like one that is not");
    assertFalse(out.contains("OK"), out);
    assertEquals(0, serving.opened.get());
  }

  @Test
  void aClientWithTheOldOptionAndWithoutTlsIsCutOff() {
    Programs.python("nbd://localhost:" + port + "/disk", "h.set_handshake_flags(0)\nh.connect_uri(uri)").refused();
  }

  @Test
  void aClientWhoseCertificateIsFromElsewhereIsRefused() throws Exception {
    Certificates elsewhere = new Certificates();
    Path foe = elsewhere.folder(serving.folder.resolve("foe"), elsewhere.identity("friend"));
    Files.copy(friend.resolve("ca-cert.pem"), foe.resolve("ca-cert.pem"), StandardCopyOption.REPLACE_EXISTING);
    Programs.run("nbdinfo", uri(foe, "disk")).refused();
    Path nobody = Files.createDirectory(serving.folder.resolve("nobody"));
    Files.copy(friend.resolve("ca-cert.pem"), nobody.resolve("ca-cert.pem"));
    Programs.run("nbdinfo", uri(nobody, "disk")).refused();
    assertEquals(0, serving.opened.get());
  }

  @Test
  void anExportThatIsNotGrantedLooksLikeOneThatIsNotThere() throws Exception {
    serving.stranger = "stranger";
    Path stranger = AUTHORITY.folder(serving.folder.resolve("stranger"), AUTHORITY.identity("stranger"));
    String notGranted = Programs.run("nbdinfo", uri(stranger, "disk")).refused();
    String notThere = Programs.run("nbdinfo", uri(stranger, "none")).refused();
    assertEquals(notThere.replace("none", "disk"), notGranted);
    assertFalse(Programs.run("nbdinfo", "--list", uri(stranger, "")).output().contains("disk"));
    Programs.run("nbdinfo", uri(friend, "disk")).ok();
  }

  @Test
  void anOlderTlsIsRefused() {
    for (String version : List.of("TLSv1_2", "TLSv1_3")) {
      String out = Programs.run("/usr/bin/python3", "-c", """
          import socket, ssl, struct, sys
          s = socket.create_connection(("localhost", int(sys.argv[1])))
          s.recv(18, socket.MSG_WAITALL)
          s.sendall(struct.pack(">I", 3) + b"IHAVEOPT" + struct.pack(">II", 5, 0))
          s.recv(20, socket.MSG_WAITALL)
          c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
          c.load_verify_locations(sys.argv[2] + "/ca-cert.pem")
          c.load_cert_chain(sys.argv[2] + "/client-cert.pem", sys.argv[2] + "/client-key.pem")
          c.minimum_version = c.maximum_version = ssl.TLSVersion[sys.argv[3]]
          try:
              print(c.wrap_socket(s, server_hostname="localhost").version())
          except ssl.SSLError:
              print("refused")
          """, String.valueOf(port), friend.toString(), version).ok();
      assertEquals(version.equals("TLSv1_3") ? "TLSv1.3" : "refused", out.strip());
    }
  }

  @Test
  void oneAddressHasRoomForSomeThatProveNothingAndWhoHasProvenItselfDoesNotCount() throws Exception {
    NbdServer narrow = serving.serve(new InetSocketAddress("127.0.0.1", 0),
        ServerOptions.tls(() -> CONTEXT).withMaxUnproven(2).withHandshakeTimeout(Duration.ofSeconds(120)));
    int at = ((InetSocketAddress) narrow.address()).getPort();
    String out = Programs.python("nbds://localhost:" + at + "/disk?tls-certificates=" + friend, """
        import socket
        friends = [nbd.NBD() for n in range(4)]
        for f in friends:
            f.set_uri_allow_local_file(True)
            f.connect_uri(uri)
        port = int(uri.split(":")[2].split("/")[0])
        silent = [socket.create_connection(("127.0.0.1", port)) for n in range(3)]
        for s in silent:
            s.settimeout(60)
            print(len(s.recv(18, socket.MSG_WAITALL)))
        for f in friends:
            f.pread(512, 0)
        print("well")
        """).ok();
    assertEquals("18\n18\n0\nwell", out.strip());
    Serving.await(narrow.close());
  }

  @Test
  void aPeerThatDoesNotFinishTheHandshakeIsCutOff() {
    NbdServer hasty = serving.serve(new InetSocketAddress("127.0.0.1", 0),
        ServerOptions.tls(() -> CONTEXT).withHandshakeTimeout(Duration.ofMillis(200)));
    String out = Programs.run("/usr/bin/python3", "-c", """
        import socket, sys
        s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        got = b""
        while True:
            b = s.recv(100)
            if not b: break
            got += b
        print(len(got))
        """, String.valueOf(((InetSocketAddress) hasty.address()).getPort())).ok();
    assertEquals("18", out.strip());
    Serving.await(hasty.close());
  }
}
