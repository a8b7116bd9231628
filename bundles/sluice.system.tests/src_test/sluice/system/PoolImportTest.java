package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The server and its catalog are gone; the disks are all there is. */
class PoolImportTest {
  @Test
  void aFreshServerHasTheSameVolumesByteForByte() throws Exception {
    Path d1;
    Path d2;
    Path image;
    JsonNode before;
    try (Cluster first = Cluster.start("pi")) {
      d1 = first.disk("d1", 128);
      d2 = first.disk("d2", 128);
      first.pool("gold", d1, d2);
      first.ok("volume", "create", "v1", "--size", "48M", "--pool", "gold", "--stripes", "2");
      first.ok("volume", "create", "v2", "--size", "16M", "--pool", "gold");
      first.ok("volume", "rename", "v2", "mail");
      image = first.dir.resolve("image.raw");
      byte[] content = new byte[48 << 20];
      new java.util.Random(1).nextBytes(content);
      Files.write(image, content);
      Host h1 = first.host("h1");
      Tool.run("nbdcopy", "--flush", image.toString(), h1.attach("v1")).ok();
      before = first.json("volume", "list");
      first.server().kill();
    }
    try (Cluster second = Cluster.start("pj")) {
      second.ok("pool", "import", "file:" + d1, "file:" + d2, "--take-over");
      JsonNode after = second.json("volume", "list");
      assertEquals(before.findValuesAsText("name"), after.findValuesAsText("name"));
      assertEquals(before.findValuesAsText("id"), after.findValuesAsText("id"));
      Host h2 = second.host("h2");
      Tool.run("qemu-img", "compare", "-f", "raw", "-F", "raw", image.toString(), h2.attach("v1")).ok();
    }
  }
}
