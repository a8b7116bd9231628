package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attached volumes as programs of others see them. */
class VolumeToolsTest {
  private static Cluster cluster;
  private static NbdkitDisk nbdkit;
  private static String linear;
  private static String striped;
  private static String onNbd;
  private static String noLoopDevices;
  private static final List<LoopDevice> LOOPS = new ArrayList<>();
  private static String onLoop;
  private static String onLoops;

  /** A volume by what it lies on; its URI, once there is one. */
  enum Kind {
    LINEAR_ON_FILES, STRIPED_ON_FILES, LINEAR_ON_NBDKIT, LINEAR_ON_A_LOOP_DEVICE, STRIPED_ON_LOOP_DEVICES;

    String uri() {
      return switch (this) {
        case LINEAR_ON_FILES -> linear;
        case STRIPED_ON_FILES -> striped;
        case LINEAR_ON_NBDKIT -> onNbd;
        case LINEAR_ON_A_LOOP_DEVICE -> loop(onLoop);
        case STRIPED_ON_LOOP_DEVICES -> loop(onLoops);
      };
    }

    private static String loop(String uri) {
      assumeTrue(noLoopDevices == null, noLoopDevices);
      return uri;
    }
  }

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
    noLoopDevices = LoopDevice.missing(cluster.disk("probe", 1));
    if (noLoopDevices == null) onLoopDevices(h1);
  }

  private static void onLoopDevices(Host h1) {
    List<String> create = new ArrayList<>(List.of("pool", "create", "loops"));
    for (String name : List.of("l1", "l2", "l3")) {
      LoopDevice device = new LoopDevice(cluster.disk(name, 256));
      LOOPS.add(device);
      cluster.ok("disk", "add", device.uri(), "--name", name);
      create.add(name);
    }
    cluster.ok(create.toArray(String[]::new));
    cluster.ok("volume", "create", "onloop", "--size", "96M", "--pool", "loops");
    cluster.ok("volume", "create", "onloops", "--size", "96M", "--pool", "loops", "--stripes", "3");
    onLoop = h1.attach("onloop");
    onLoops = h1.attach("onloops");
    h1.awaitRoute("onloops", "direct");
  }

  @AfterAll
  static void stop() {
    cluster.close();
    nbdkit.close();
    LOOPS.forEach(LoopDevice::close);
  }

  @ParameterizedTest
  @EnumSource
  void nbdinfoSeesAFullExport(Kind volume) {
    String uri = volume.uri();
    String info = Tool.run("nbdinfo", "--json", uri).ok().out();
    for (String can : List.of("is_read_only\": false", "can_flush\": true", "can_fua\": true", "can_trim\": true", "can_zero\": true",
        "can_cache\": true", "can_multi_conn\": true", "export-size\": 100663296", "base:allocation")) {
      assertTrue(info.contains(can), can + " not in " + info);
    }
    Tool.run("nbdinfo", "--map", uri).ok();
  }

  @ParameterizedTest
  @EnumSource
  void qemuIoReadsBackEveryPatternAtAnyOffset(Kind volume) {
    String uri = volume.uri();
    Tool.Result r = Tool.run("qemu-io", "-f", "raw", uri,
        "-c", "write -P 0x11 0 1M", "-c", "write -P 0x22 1000003 70001", "-c", "read -P 0x11 0 1000003",
        "-c", "read -P 0x22 1000003 70001", "-c", "write -z 131072 65536", "-c", "read -P 0 131072 65536",
        "-c", "write -f -P 0x33 511 1", "-c", "read -P 0x33 511 1", "-c", "read -P 0x11 512 512",
        "-c", "discard 2M 1M", "-c", "flush", "-c", "write -P 0x44 64M 32M", "-c", "read -P 0x44 64M 32M").ok();
    assertTrue(!r.out().contains("failed") && !r.out().contains("error"), r.out());
  }

  @ParameterizedTest
  @EnumSource
  void imagesGoInAndOutUnchanged(Kind volume) throws Exception {
    String uri = volume.uri();
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
  @EnumSource
  void fioVerifies(Kind volume) {
    String uri = volume.uri();
    Fio.verifying(cluster.dir, uri, 4).awaitClean();
  }

  @ParameterizedTest
  @EnumSource
  void badRequestsAreRefusedAndTheConnectionLives(Kind volume) {
    String uri = volume.uri();
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
