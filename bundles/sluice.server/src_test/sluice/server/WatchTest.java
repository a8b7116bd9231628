package sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.client.PictureListener;
import sluice.local.LocalClient;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalHealth;
import sluice.protocol.v1.LocalHealthReport;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;

/** What can be seen of a server that runs: watches, health, metrics. */
@Timeout(240)
class WatchTest {
  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = new TestCluster("watch");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void aWatcherGetsAPictureAndThenDeltasWithAdjoiningNumbersThatGiveTheSamePicture() {
    List<PictureDelta> deltas = new CopyOnWriteArrayList<>();
    List<Picture> pictures = new CopyOnWriteArrayList<>();
    Picture[] now = new Picture[1];
    cluster.admin().watch(new PictureListener() {
      @Override
      public void picture(Picture picture) {
        pictures.add(picture);
      }

      @Override
      public void changed(Picture picture, PictureDelta delta) {
        now[0] = picture;
        deltas.add(delta);
      }
    });
    TestCluster.until("picture", () -> pictures.size() == 1);
    String pool = cluster.pool("gold", 2);
    for (int i = 0; i < 10; i++) cluster.volume("v" + i, pool, 1 << 20, 1);
    try (TestHost host = new TestHost(cluster, "h1")) {
      TestCluster.until("host", () -> now[0] != null && now[0].getHostStatusList().stream().anyMatch(h -> h.getHostId().equals(host.id) && h.getState() == HostStatus.State.ONLINE));
    }
    TestCluster.until("space", () -> now[0].getPoolUsageList().equals(cluster.picture().getPoolUsageList()));
    assertTrue(now[0].getPoolUsage(0).getAllocatedBytes() >= 10 << 20, now[0].getPoolUsageList().toString());
    TestCluster.until("all", () -> Set.copyOf(now[0].getVolumesList()).equals(Set.copyOf(cluster.picture().getVolumesList()))
        && now[0].getDiskStatusList().stream().filter(d -> d.getReason().isEmpty()).count() == 2);
    long number = pictures.get(0).getNumber();
    for (PictureDelta d : deltas) assertEquals(++number, d.getNumber());
    assertEquals(1, pictures.size());
    TestCluster.until("event", () -> deltas.stream().flatMap(d -> d.getEventsList().stream()).anyMatch(e -> e.getKind().equals("host-online")));
    assertTrue(now[0].getTokensList().stream().allMatch(t -> t.getSecretSha256().isEmpty()));
  }

  @Test
  void healthAndMetricsTellOfPoolsAndDisks() throws Exception {
    cluster.pool("gold", 2);
    TestCluster.until("disks", () -> report().getChecksList().stream().anyMatch(c -> c.getName().equals("disks") && c.getText().equals("2 online")));
    LocalHealthReport report = report();
    assertTrue(report.getHealthy(), report.toString());
    Path server = cluster.dir.resolve("server");
    TestCluster.until("metrics", () -> metrics(server, report.getMetricsAddress()).contains("sluice_pool_free_bytes{pool=\"gold\"}"));
    String text = metrics(server, report.getMetricsAddress());
    assertTrue(text.contains("sluice_disk_online{disk=\"gold1\"} 1"), text);
    assertTrue(text.contains("sluice_catalog_revision "), text);
  }

  private LocalHealthReport report() {
    return LocalClient.call(cluster.dir.resolve("server/control.sock"), LocalCall.newBuilder().setHealth(LocalHealth.getDefaultInstance()).build(),
        Duration.ofSeconds(5)).getHealth();
  }

  private static String metrics(Path dir, String address) {
    try {
      HttpURLConnection c = (HttpURLConnection) new URL("http://" + address + "/metrics").openConnection();
      c.setRequestProperty("Authorization", "Bearer " + Files.readString(dir.resolve("metrics.token")).strip());
      return new String(c.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
