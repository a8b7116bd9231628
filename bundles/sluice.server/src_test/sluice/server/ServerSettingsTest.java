package sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.MemoryCatalogEngine;
import sluice.net.HostPort;
import sluice.server.disks.DiskAccess;

class ServerSettingsTest {
  private static ServerSettings of(String... pairs) {
    Map<String, String> p = new HashMap<>(Map.of("sluice.server.dir", "/x"));
    for (int i = 0; i < pairs.length; i += 2) p.put("sluice.server." + pairs[i], pairs[i + 1]);
    return ServerSettings.of(p::get, "test");
  }

  @Test
  void whatIsNotSetHasADefault() {
    ServerSettings s = of();
    assertEquals(List.of(new HostPort("127.0.0.1", 7440)), s.listen());
    assertEquals(1, s.nbdPortOffset());
  }

  @Test
  void aWrongSettingIsNamedWithTheCorrection() {
    for (String[] wrong : new String[][] {{"listen", "nowhere"}, {"listen", "a:65535"}, {"nbdPortOffset", "x"}, {"nbdPortOffset", "0"},
        {"name", "Ä"}, {"advertise", "a:1,b:2"}, {"loops", "0"}, {"leaseMs", "1"}, {"dir", " "}}) {
      SluiceException e = assertThrows(SluiceException.class, () -> of(wrong), wrong[0] + "=" + wrong[1]);
      assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
    }
  }

  @Test
  @Timeout(240)
  void aPortThatIsTakenAndAFolderThatIsInUseAreSaidAndLeaveNothingOpen() {
    try (TestCluster running = new TestCluster("taken")) {
      HostPort taken = running.server().controlAddresses().get(0);
      ServerSettings port = settings(running, "second", taken);
      for (int i = 0; i < 2; i++) {
        SluiceException e = assertThrows(SluiceException.class, () -> start(port));
        assertEquals(ErrorCode.CONFLICT, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains("taken") || e.getMessage().contains("use"), e.getMessage());
      }
      SluiceException e = assertThrows(SluiceException.class, () -> start(settings(running, "server", new HostPort("127.0.0.1", 0))));
      assertEquals(ErrorCode.CONFLICT, e.code());
      assertTrue(e.getMessage().contains("already running"), e.getMessage());
    }
  }

  private static ServerSettings settings(TestCluster near, String dir, HostPort listen) {
    return new ServerSettings(near.dir.resolve(dir).toAbsolutePath(), List.of(listen), 1, List.of(), "c", near.dir.resolve("c2"), 1, 1500, 200,
        new HostPort("127.0.0.1", 0), "test");
  }

  private static Server start(ServerSettings settings) {
    return Server.start(settings, new DiskAccess(), d -> new EngineOpener.Opened(new MemoryCatalogEngine(), Optional::empty), l -> l, () -> {});
  }
}
