package sluice.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;

/** The server against other people's clients, over a Unix socket. */
class ServerWithProgramsTest {
  private static final int SIZE = 16 << 20;

  private final Serving serving = new Serving();
  private final MemoryDevice disk = serving.memory("disk", SIZE);
  private NbdServer server;

  @BeforeEach
  void serve() {
    server = serving.serve();
  }

  @AfterEach
  void close() {
    Serving.await(server.close());
    assertEquals(serving.opened.get(), serving.closed.get(), "each export that was opened has been closed");
    serving.close();
  }

  @Test
  void nbdinfoSeesSizeNameDescriptionBlocksAndAbilities() {
    serving.export("disk", Export.of(disk).withDescription("a disk of a test"));
    String out = Programs.run("nbdinfo", "--json", serving.uri("disk")).ok();
    for (String wanted : List.of("\"export-name\": \"disk\"", "\"description\": \"a disk of a test\"", "\"export-size\": 16777216",
        "\"structured\": true", "\"is_read_only\": false", "\"can_cache\": true", "\"can_df\": true", "\"can_fast_zero\": true",
        "\"can_flush\": true", "\"can_fua\": true", "\"can_multi_conn\": true", "\"can_trim\": true", "\"can_zero\": true",
        "\"base:allocation\"", "\"block_size_minimum\": 1", "\"block_size_preferred\": 4096", "\"block_size_maximum\": 33554432")) {
      assertTrue(out.contains(wanted), () -> wanted + " is missing in " + out);
    }
    assertEquals("16777216", Programs.run("nbdinfo", "--size", serving.uri("disk")).ok().strip());
  }

  @Test
  void nbdinfoListsTheExports() {
    serving.memory("other", 4096);
    String out = Programs.run("nbdinfo", "--list", serving.uri("")).ok();
    assertTrue(out.contains("export=\"disk\"") && out.contains("export=\"other\""), out);
  }

  @Test
  void nbdinfoMapsWhatIsAllocated() {
    disk.allocated.set(2, 4);
    disk.allocated.set(100);
    String map = Programs.run("nbdinfo", "--map", serving.uri("disk")).ok();
    String[] lines = map.strip().split("\n");
    assertEquals(5, lines.length, map);
    assertTrue(lines[0].matches("\\s*0\\s+8192\\s+3\\s+hole,zero"), map);
    assertTrue(lines[1].matches("\\s*8192\\s+8192\\s+0\\s+data"), map);
    assertTrue(lines[3].matches("\\s*409600\\s+4096\\s+0\\s+data"), map);
  }

  @Test
  void furtherMetadataContextsAreServedBesideAllocation() {
    MetaContext dirty = new MetaContext() {
      @Override
      public String name() {
        return "qemu:dirty-bitmap:backup";
      }

      @Override
      public void status(long offset, long length, StatusSink sink) {
        sink.range(Math.min(length, 65536), 1);
        sink.range(length - Math.min(length, 65536), 0);
        sink.completed(0);
      }
    };
    serving.export("disk", Export.of(disk).withContexts(List.of(dirty)));
    String map = Programs.run("nbdinfo", "--map=qemu:dirty-bitmap:backup", serving.uri("disk")).ok();
    assertTrue(map.lines().findFirst().orElse("").matches("\\s*0\\s+65536\\s+1\\s+dirty"), map);
    String both = Programs.python(serving.uri("disk"), """
        h.set_opt_mode(True)
        h.connect_uri(uri)
        names = []
        h.opt_list_meta_context(lambda name: names.append(name))
        print(sorted(names))
        h.add_meta_context("qemu:dirty-bitmap:")
        names = []
        h.opt_list_meta_context(lambda name: names.append(name))
        print(names)
        h.clear_meta_contexts()
        h.add_meta_context("base:allocation")
        h.add_meta_context("qemu:dirty-bitmap:backup")
        h.add_meta_context("qemu:dirty-bitmap:none")
        h.opt_go()
        print(h.can_meta_context("qemu:dirty-bitmap:backup"), h.can_meta_context("qemu:dirty-bitmap:none"))
        found = {}
        h.block_status(131072, 0, lambda name, offset, entries, error: found.__setitem__(name, entries))
        print(found)
        """).ok();
    assertEquals(List.of("['base:allocation', 'qemu:dirty-bitmap:backup']", "['qemu:dirty-bitmap:backup']", "True False",
        "{'base:allocation': [131072, 3], 'qemu:dirty-bitmap:backup': [65536, 1, 65536, 0]}"), both.lines().toList());
  }

  @Test
  void nbdcopyBringsAnImageInAndOutUnchanged() throws Exception {
    byte[] image = new byte[SIZE];
    new Random(1).nextBytes(image);
    Path in = Files.write(serving.folder.resolve("in"), image);
    Path out = serving.folder.resolve("out");
    Programs.run("nbdcopy", in.toString(), serving.uri("disk")).ok();
    assertArrayEquals(image, disk.bytes);
    Programs.run("nbdcopy", serving.uri("disk"), out.toString()).ok();
    assertArrayEquals(image, Files.readAllBytes(out));
  }

  @Test
  void qemuImgConvertsMapsAndCompares() throws Exception {
    byte[] image = new byte[SIZE];
    new Random(2).nextBytes(image);
    Arrays.fill(image, 1 << 20, 3 << 20, (byte) 0);
    Path raw = Files.write(serving.folder.resolve("raw"), image);
    String info = Programs.run("qemu-img", "info", serving.uri("disk")).ok();
    assertTrue(info.contains("16 MiB (16777216 bytes)"), info);
    Programs.run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", "-W", raw.toString(), serving.uri("disk")).ok();
    assertArrayEquals(image, disk.bytes);
    String map = Programs.run("qemu-img", "map", "--output=json", "-f", "raw", serving.uri("disk")).ok();
    assertTrue(map.contains("\"start\": 1048576, \"length\": 2097152") && map.contains("\"data\": false"), map);
    Programs.run("qemu-img", "compare", "-f", "raw", "-F", "raw", raw.toString(), serving.uri("disk")).ok();
  }

  @Test
  void qemuIoWritesPatternsWithFuaTrimsAndFlushes() {
    String out = Programs.run("qemu-io", "-f", "raw", "-t", "none", "-c", "write -P 0x5a 4k 64k", "-c", "write -f -P 0x33 1234 100",
        "-c", "read -P 0x5a 4k 64k", "-c", "read -P 0x33 1234 100", "-c", "write -z -u 8k 8k", "-c", "read -P 0 8k 8k",
        "-c", "discard 32k 4k", "-c", "flush", serving.uri("disk")).ok();
    assertFalse(out.contains("failed"), out);
    assertEquals(1, disk.fuas);
    assertTrue(disk.flushes > 0);
  }

  @Test
  void fioVerifiesRandomWritesWithChecksums() {
    Programs.run("fio", "--name=v", "--ioengine=nbd", "--uri=" + serving.uri("disk"), "--rw=randwrite", "--bs=512-64k",
        "--bs_unaligned=1", "--size=16m", "--iodepth=32", "--verify=crc32c", "--do_verify=1", "--verify_fatal=1", "--output-format=terse").ok();
  }

  @Test
  void requestsThatAreWrongEndWithTheProtocolsErrorsAndTheConnectionGoesOn() {
    String out = Programs.python(serving.uri("disk"), """
        h.set_strict_mode(0)
        h.connect_uri(uri)
        def tryit(what, f):
            try:
                f()
                print(what, "OK")
            except nbd.Error as e:
                print(what, e.errnum and e.errno)
        size = h.get_size()
        tryit("read past the end", lambda: h.pread(512, size - 256))
        tryit("write past the end", lambda: h.pwrite(b'x' * 512, size - 256))
        tryit("zero past the end", lambda: h.zero(512, size))
        tryit("trim past the end", lambda: h.trim(512, size))
        tryit("cache past the end", lambda: h.cache(512, size))
        tryit("far past the end", lambda: h.pread(1, 1 << 63))
        tryit("read too large", lambda: h.pread(33 * 1024 * 1024, 0))
        tryit("write too large", lambda: h.pwrite(bytearray(33 * 1024 * 1024), 0))
        tryit("write much too large", lambda: h.pwrite(bytearray(64 * 1024 * 1024), 0))
        tryit("status of nothing", lambda: h.block_status(0, 0, lambda *a: 0))
        tryit("status not agreed on", lambda: h.block_status(512, 0, lambda *a: 0))
        tryit("empty read", lambda: h.pread(0, 0))
        tryit("empty write", lambda: h.pwrite(b'', 0))
        tryit("fua on read", lambda: h.pread(512, 0, nbd.CMD_FLAG_FUA))
        tryit("no-hole on trim", lambda: h.trim(512, 0, nbd.CMD_FLAG_NO_HOLE))
        tryit("unknown flag", lambda: h.trim(512, 0, 1 << 9))
        tryit("fast zero", lambda: h.zero(4096, 0, nbd.CMD_FLAG_FAST_ZERO))
        tryit("no hole", lambda: h.zero(4096, 0, nbd.CMD_FLAG_NO_HOLE))
        tryit("df", lambda: h.pread_structured(512, 0, lambda *a: 0, nbd.CMD_FLAG_DF))
        tryit("good", lambda: h.pwrite(b'y' * 512, 512))
        assert h.pread(512, 512) == b'y' * 512
        h.shutdown()
        """).ok();
    assertEquals("""
        read past the end EINVAL
        write past the end ENOSPC
        zero past the end ENOSPC
        trim past the end EINVAL
        cache past the end EINVAL
        far past the end EINVAL
        read too large EINVAL
        write too large EINVAL
        write much too large EINVAL
        status of nothing EINVAL
        status not agreed on EINVAL
        empty read OK
        empty write OK
        fua on read OK
        no-hole on trim EINVAL
        unknown flag EINVAL
        fast zero OK
        no hole OK
        df OK
        good OK
        """, out);
  }

  @Test
  void aReadOnlyExportRefusesChanges() {
    serving.export("ro", Export.of(disk).withReadOnly(true));
    String out = Programs.python(serving.uri("ro"), """
        h.set_strict_mode(0)
        h.connect_uri(uri)
        print(h.is_read_only())
        for f in (lambda: h.pwrite(b'x' * 512, 0), lambda: h.trim(512, 0), lambda: h.zero(512, 0)):
            try:
                f()
            except nbd.Error as e:
                print(e.errno)
        print(len(h.pread(512, 0)))
        """).ok();
    assertEquals(List.of("True", "EPERM", "EPERM", "EPERM", "512"), out.lines().toList());
  }

  @Test
  void aDeviceThatZeroesNoFasterRefusesFastZero() {
    MemoryDevice slow = new MemoryDevice(serving.loop, new BlockTraits(65536, 512, 4096, false, false, false, true));
    serving.export("slow", Export.of(slow).withMultiConn(false));
    String out = Programs.python(serving.uri("slow"), """
        h.connect_uri(uri)
        print(h.is_rotational(), h.can_multi_conn(), h.can_trim(), h.get_block_size(nbd.SIZE_MINIMUM))
        try:
            h.zero(4096, 0, nbd.CMD_FLAG_FAST_ZERO)
        except nbd.Error as e:
            print(e.errno)
        h.zero(4096, 0)
        """).ok();
    assertEquals(List.of("True False False 512", "EOPNOTSUPP"), out.replace("ENOTSUP\n", "EOPNOTSUPP\n").lines().toList());
  }

  @Test
  void anErrorOfTheDeviceReachesTheClientWithBothKindsOfReply() {
    disk.failing = r -> r.offset == 4096 ? IoError.EIO : r.offset == 8192 ? IoError.ESTALE : 0;
    for (String structured : List.of("True", "False")) {
      String out = Programs.python(serving.uri("disk"), """
          h.set_request_structured_replies(%s)
          h.connect_uri(uri)
          for offset in (0, 4096, 8192, 0):
              for f in (lambda: h.pread(512, offset), lambda: h.pwrite(b'x' * 512, offset)):
                  try:
                      f()
                      print("OK")
                  except nbd.Error as e:
                      print(e.errno)
          print(h.get_structured_replies_negotiated())
          """.formatted(structured)).ok();
      assertEquals("OK OK EIO EIO EIO EIO OK OK " + structured, String.join(" ", out.lines().toList()));
    }
  }

  @Test
  void theOldWayToOpenAnExportWorksToo() {
    String out = Programs.python(serving.uri("disk"), """
        h.set_handshake_flags(nbd.HANDSHAKE_FLAG_FIXED_NEWSTYLE)
        h.set_request_structured_replies(False)
        h.connect_uri(uri)
        print(h.get_size(), len(h.pread(512, 0)))
        """).ok();
    assertEquals("16777216 512", out.strip());
  }

  @Test
  void anUnknownExportIsRefusedAndAnotherOptionMayFollow() {
    String out = Programs.python(serving.uri("disk"), """
        h.set_opt_mode(True)
        h.connect_uri(uri)
        h.set_export_name("none")
        try:
            h.opt_go()
        except nbd.Error as e:
            print(e.errno)
        h.set_export_name("disk")
        h.opt_info()
        h.opt_go()
        print(h.get_size())
        """).ok();
    assertEquals(List.of("ENOENT", "16777216"), out.lines().toList());
  }
}
