package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attached volumes as programs of others see them. */
class VolumeToolsTest {
  private static Cluster cluster;
  private static NbdkitDisk nbdkit;
  private static String linear;
  private static String striped;
  private static String onNbd;

  @BeforeAll
  static void volumesOfEveryKind() {
    cluster = Cluster.start("vt");
    cluster.pool("gold", cluster.disk("d1", 256), cluster.disk("d2", 256), cluster.disk("d3", 256));
    Path far = cluster.disk("far", 256);
    nbdkit = new NbdkitDisk(cluster.dir, "far", far);
    cluster.ok("disk", "add", nbdkit.uri(), "--name", "far");
    cluster.ok("pool", "create", "san", "far");
    cluster.ok("volume", "create", "linear", "--size", "96M", "--pool", "gold");
    cluster.ok("volume", "create", "striped", "--size", "96M", "--pool", "gold", "--stripes", "3");
    cluster.ok("volume", "create", "onnbd", "--size", "96M", "--pool", "san");
    Host h1 = cluster.host("h1");
    linear = h1.attach("linear");
    striped = h1.attach("striped");
    onNbd = h1.attach("onnbd");
  }

  @AfterAll
  static void stop() {
    cluster.close();
    nbdkit.close();
  }

  static List<String> uris() {
    return List.of(linear, striped, onNbd);
  }

  @ParameterizedTest
  @MethodSource("uris")
  void nbdinfoSeesAFullExport(String uri) {
    String info = Tool.run("nbdinfo", "--json", uri).ok().out();
    for (String can : List.of("is_read_only\": false", "can_flush\": true", "can_fua\": true", "can_trim\": true", "can_zero\": true",
        "can_cache\": true", "can_multi_conn\": true", "export-size\": 100663296", "base:allocation")) {
      assertTrue(info.contains(can), can + " not in " + info);
    }
    Tool.run("nbdinfo", "--map", uri).ok();
  }

  @ParameterizedTest
  @MethodSource("uris")
  void qemuIoReadsBackEveryPatternAtAnyOffset(String uri) {
    Tool.Result r = Tool.run("qemu-io", "-f", "raw", uri,
        "-c", "write -P 0x11 0 1M", "-c", "write -P 0x22 1000003 70001", "-c", "read -P 0x11 0 1000003",
        "-c", "read -P 0x22 1000003 70001", "-c", "write -z 131072 65536", "-c", "read -P 0 131072 65536",
        "-c", "write -f -P 0x33 511 1", "-c", "read -P 0x33 511 1", "-c", "read -P 0x11 512 512",
        "-c", "discard 2M 1M", "-c", "flush", "-c", "write -P 0x44 64M 32M", "-c", "read -P 0x44 64M 32M").ok();
    assertTrue(!r.out().contains("failed") && !r.out().contains("error"), r.out());
  }

  @ParameterizedTest
  @MethodSource("uris")
  void imagesGoInAndOutUnchanged(String uri) throws Exception {
    Path image = cluster.dir.resolve("image.raw");
    byte[] content = new byte[96 << 20];
    new java.util.Random(42).nextBytes(content);
    Files.write(image, content);
    Tool.run("nbdcopy", image.toString(), uri).ok();
    Tool.run("qemu-img", "compare", "-f", "raw", "-F", "raw", image.toString(), uri).ok();
    Path back = cluster.dir.resolve("back.raw");
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "raw", uri, back.toString()).ok();
    assertEquals(-1, Files.mismatch(image, back));
  }

  @ParameterizedTest
  @MethodSource("uris")
  void fioVerifies(String uri) {
    Fio.verifying(cluster.dir, uri, 4).awaitClean();
  }

  @ParameterizedTest
  @MethodSource("uris")
  void badRequestsAreRefusedAndTheConnectionLives(String uri) {
    String script = """
        import nbd, errno, sys
        h = nbd.NBD()
        h.set_strict_mode(0)
        h.connect_uri(sys.argv[1])
        size = h.get_size()
        def refused(what, f, *codes):
            try:
                f()
            except nbd.Error as e:
                assert e.errnum in codes, (what, e)
                return
            raise AssertionError(what + ' was not refused')
        refused('read past the end', lambda: h.pread(4096, size), errno.EINVAL)
        refused('write past the end', lambda: h.pwrite(b'x' * 4096, size), errno.ENOSPC, errno.EINVAL)
        refused('read of 33 MiB', lambda: h.pread(33 << 20, 0), errno.EINVAL, errno.EOVERFLOW, errno.ERANGE)
        h.pwrite(b'y' * 513, 7)
        assert h.pread(513, 7) == b'y' * 513
        assert len(h.pread(32 << 20, 0)) == 32 << 20
        h.cache(1 << 20, 0)
        h.shutdown()
        print('good')
        """;
    assertTrue(Tool.run("/usr/bin/python3", "-c", script, uri).ok().out().contains("good"));
  }
}
