package sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class ProgramCommandTest {
  @TempDir Path temp;

  private Map<String, String> settings(String... args) {
    FakeCluster cluster = new FakeCluster();
    cluster.environment.put("SLUICE_CONFIG", "/home/a/.config/sluice");
    CommandLine cmd = Main.commandLine(cluster.context());
    ProgramCommand command = cmd.parseArgs(args).subcommand().commandSpec().commandLine().getCommand();
    Map<String, String> settings = new LinkedHashMap<>();
    command.read(settings);
    return settings;
  }

  @Test
  void theServerGetsItsAddressesAndWhereTheCredentialGoes() {
    Map<String, String> s = settings("server", "--dir", "/srv/s", "--listen", "127.0.0.1:7440", "--listen", "127.0.0.2:7440", "--name", "lab");
    assertEquals("127.0.0.1:7440,127.0.0.2:7440", s.get("sluice.server.listen"));
    assertEquals("/srv/s", s.get("sluice.server.dir"));
    assertEquals("lab", s.get("sluice.server.name"));
    assertEquals("1", s.get("sluice.server.nbdPortOffset"));
    assertEquals("/home/a/.config/sluice", s.get("sluice.server.config"));
  }

  @Test
  void theAgentGetsItsServersDisksAndTimes() {
    Map<String, String> s = settings("agent", "--dir", "/srv/a", "--server", "a:1,b:2", "--token", "t", "--disk", "/dev/sdb", "--disk", "nbd://x/y", "--tcp", "--io-timeout", "2m");
    assertEquals("a:1,b:2", s.get("sluice.agent.servers"));
    assertEquals("t", s.get("sluice.agent.token"));
    assertEquals("dev:/dev/sdb,nbd://x/y", s.get("sluice.agent.disks"));
    assertEquals("true", s.get("sluice.agent.tcp"));
    assertEquals("120000", s.get("sluice.agent.ioTimeoutMs"));
    assertNull(s.get("sluice.agent.directDeadlineMs"), "what is not configured is left to the agent");
  }

  @Test
  void anAgentThatHasJoinedNeedsNotBeToldWhereTheServerIs() throws IOException {
    Files.createFile(temp.resolve("cluster.properties"));
    assertNull(settings("agent", "--dir", temp.toString()).get("sluice.agent.servers"), "its folder knows");
  }

  @Test
  void metricsHaveAnAddressOfTheirOwnWhichOthersCannotReach() throws IOException {
    assertEquals("127.0.0.1:9464", settings("agent", "--dir", "/srv/a", "--server", "a:1", "--metrics", "127.0.0.1:9464").get("sluice.agent.metrics"));
    Path file = Files.writeString(temp.resolve("s.conf"), "dir = /srv/s\nlisten = a:1\nmetrics = [::1]:9465\n");
    assertEquals("[::1]:9465", settings("server", "--config", file.toString()).get("sluice.server.metrics"));
    assertNull(settings("server", "--dir", "/srv/s", "--listen", "a:1").get("sluice.server.metrics"));
    SluiceException e = assertThrows(SluiceException.class, () -> settings("server", "--dir", "/srv/s", "--listen", "a:1", "--metrics", "10.0.0.1:9464"));
    assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
  }

  @Test
  void aTokenFileThatIsNotThereIsSaidUnlessTheHostHasJoined() throws IOException {
    String file = temp.resolve("token").toString();
    String[] args = {"agent", "--dir", temp.toString(), "--server", "a:1", "--token-file", file};
    SluiceException e = assertThrows(SluiceException.class, () -> settings(args));
    assertEquals(ErrorCode.NOT_FOUND, e.code());
    assertTrue(e.what().contains(file), e.what());
    Files.writeString(temp.resolve("token"), "t\n");
    assertEquals("t", settings(args).get("sluice.agent.token"));
  }

  @Test
  void aConfigurationFileGivesWhatIsNotTyped() throws IOException {
    Path file = Files.writeString(temp.resolve("a.conf"), "dir = /srv/a\nserver = a:1, b:2\ntcp = true\nloops = 2\n");
    Map<String, String> s = settings("agent", "--config", file.toString(), "--dir", "/srv/other");
    assertEquals("/srv/other", s.get("sluice.agent.dir"));
    assertEquals("a:1,b:2", s.get("sluice.agent.servers"));
    assertEquals("true", s.get("sluice.agent.tcp"));
    assertEquals("2", s.get("sluice.agent.loops"));
  }
}
