package sluice.console.core.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sluice.console.core.rates.Rates;
import sluice.console.core.rates.Series;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.Sample;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.IoCounters;
import sluice.protocol.v1.LatencySummary;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.VolumeStatus;

class ScenesTest {
  private static final ObjectKey V1 = new ObjectKey(ObjectKey.Kind.VOLUME, "v1");

  @Test
  void theDiskMapCoversEachDiskWithoutGapsOrOverlaps() {
    Scene s = DiskMap.of(new Sample().view(), "p1", 500, DiskMap.Order.NAME);
    List<Item> lanes = s.items().stream().filter(i -> i.kind() == Item.Kind.LANE).toList();
    assertEquals(List.of("d1", "d2"), lanes.stream().map(Item::text).toList());
    for (Item lane : lanes) {
      double at = 0;
      for (Item i : s.items()) {
        if (i.y() != lane.y() || i.kind() == Item.Kind.LANE) continue;
        assertEquals(at, i.x(), 0.001);
        at = i.x() + i.width();
      }
      assertEquals(lane.width(), at, 0.001);
    }
    assertEquals(2, s.about(V1).size());
    assertEquals(Hues.of("v1"), s.about(V1).get(0).hue());
    assertEquals(lanes.get(0).height(), DiskMap.LANE);
    assertTrue(lanes.get(1).y() > DiskMap.LANE + DiskMap.GAP, "another failure domain is set apart");
  }

  @Test
  void pointingFindsTheExtentAndArrowsWalk() {
    Scene s = DiskMap.of(new Sample().view(), "p1", 500, DiskMap.Order.NAME);
    Item hit = s.hit(50, 5).orElseThrow();
    assertEquals(V1, hit.about());
    assertTrue(hit.text().startsWith("volume v1, copy 1: 100 B at 10 B of disk d1"), hit.text());
    Item right = s.next(hit, Scene.Direction.RIGHT).orElseThrow();
    assertEquals(Item.Kind.FREE, right.kind());
    assertEquals(hit, s.next(right, Scene.Direction.LEFT).orElseThrow());
    Item down = s.next(hit, Scene.Direction.DOWN).orElseThrow();
    assertEquals(V1, down.about());
    assertEquals(hit, s.next(down, Scene.Direction.UP).orElseThrow());
    assertTrue(s.next(hit, Scene.Direction.UP).isEmpty());
    assertTrue(s.hit(50, 10_000).isEmpty());
  }

  @Test
  void everyPieceHasARowAndTheTableIsAFile() {
    Scene s = DiskMap.of(new Sample().lost("d1").view(), "", 500, DiskMap.Order.FILL);
    for (Item i : s.items()) if (i.row() >= 0) assertEquals(i.text().substring(0, i.text().indexOf(':')), s.table().rows().get(i.row()).get(6));
    assertTrue(s.table().csv().startsWith("Disk,Pool,Domain,State,From,Length,What\r\n"));
    assertTrue(s.table().csv().contains("d1,gold,shelf-d1,failed,10,100,\"volume v1, copy 1\"\r\n"), s.table().csv());
    assertEquals("a\r\n'=1\r\n", new Table(List.of("a"), List.of(List.of("=1"))).csv());
  }

  @Test
  void theVolumeMapShowsBandsAndTheWindowOverTheCopyThatIsFilled() {
    Sample sample = new Sample().leg(LegInfo.State.FILLING).recovery(Task.State.RUNNING, 40, "");
    sample.picture.getVolumesBuilder(0).getLayoutBuilder().getLegsBuilder(1).setWhole(true);
    sample.picture.getTaskStatusBuilder(0).setWindowStartBytes(40).setWindowEndBytes(50);
    Scene s = VolumeMap.of(sample.view(), "v1", 200);
    assertEquals(2, s.items().stream().filter(i -> i.kind() == Item.Kind.BAND).count());
    Item window = s.items().stream().filter(i -> i.kind() == Item.Kind.WINDOW).findFirst().orElseThrow();
    assertEquals(List.of(80.0, 20.0), List.of(window.x(), window.width()));
    Item second = s.items().stream().filter(i -> i.kind() == Item.Kind.BAND).skip(1).findFirst().orElseThrow();
    assertEquals(second.y(), window.y());
    assertEquals(Health.SYNCING, second.health());
    assertEquals(80.0, s.items().stream().filter(i -> i.kind() == Item.Kind.FILLED).findFirst().orElseThrow().width());
    assertEquals(0, VolumeMap.of(sample.view(), "none", 200).items().size());
  }

  @Test
  void theTopologyDrawsDirectWaysStraightAndReroutedOnesDashedWithTheReason() {
    Scene direct = Topology.of(new Sample().held(VolumeStatus.Route.DIRECT, "").view(), new Rates(), 900);
    Set<String> straight = direct.lines().stream().filter(l -> direct.items().get(l.from()).kind() == Item.Kind.HOST && direct.items().get(l.to()).kind() == Item.Kind.DISK)
        .map(l -> direct.items().get(l.to()).text()).collect(Collectors.toSet());
    assertEquals(Set.of("disk d1", "disk d2"), straight);
    Scene rerouted = Topology.of(new Sample().held(VolumeStatus.Route.SERVER, "path to d2 lost").lost("d1").view(), new Rates(), 900);
    Line dashed = rerouted.lines().stream().filter(Line::dashed).findFirst().orElseThrow();
    assertEquals("path to d2 lost", dashed.text());
    assertEquals(Item.Kind.SERVER, rerouted.items().get(dashed.to()).kind());
    assertEquals(List.of(V1), dashed.objects());
    Line failed = rerouted.lines().stream().filter(l -> rerouted.items().get(l.to()).text().equals("disk d1")).findFirst().orElseThrow();
    assertEquals(Health.FAILED, failed.health());
    assertEquals(List.of(V1), failed.objects());
  }

  private static SanView counted(long timeMs, long reads, long p99) {
    Sample s = new Sample().held(VolumeStatus.Route.DIRECT, "");
    s.picture.setTimeMs(timeMs).getVolumeStatusBuilder(0).setCounters(IoCounters.newBuilder().setReads(reads).setReadBytes(reads * 4096)
        .setLatency(LatencySummary.newBuilder().setRequests(p99 == 0 ? 0 : 10).setP50Us(p99 / 2).setP99Us(p99)));
    return s.view();
  }

  @Test
  void ratesAreDifferencesOfCountersAndAHostThatStartsAgainMakesNone() {
    Rates rates = new Rates();
    rates.look(counted(10_000, 100, 0));
    rates.look(counted(12_000, 300, 800));
    rates.look(counted(14_000, 5, 900));
    rates.look(counted(16_000, 5, 0));
    Series.Point[] points = rates.points(V1);
    assertEquals(2, points.length);
    assertEquals(100, points[0].iops(), 0.01);
    assertEquals(100 * 4096, points[0].bytesPerSecond(), 1);
    assertEquals(List.of(400f, 800f), List.of(points[0].p50Us(), points[0].p99Us()));
    assertTrue(Float.isNaN(points[1].p50Us()), "nothing was done, so nothing took any time");
    assertEquals(2, rates.points(new ObjectKey(ObjectKey.Kind.HOST, "h1")).length);
  }

  @Test
  void aSeriesKeepsTheNewestAndNoMore() {
    Series s = new Series();
    for (int i = 0; i < 1000; i++) s.add(new Series.Point(i, 0, 0, 0, 0, 0, 0, 0));
    assertEquals(Series.CAPACITY, s.points().length);
    assertEquals(1000 - Series.CAPACITY, s.points()[0].timeMs());
    assertEquals(999, s.points()[Series.CAPACITY - 1].timeMs());
  }

  @Test
  void thinningKeepsSpikesAndGapsAndTheAxisEndsAtARoundNumber() {
    double[] t = new double[1000];
    double[] v = new double[1000];
    for (int i = 0; i < 1000; i++) t[i] = i;
    v[777] = 4321;
    for (int i = 100; i < 120; i++) v[i] = Double.NaN;
    Charts.Curve c = Charts.thin("x", "", t, v, 100);
    assertEquals(100, c.times().length);
    assertEquals(4321, c.high()[77]);
    assertEquals(0, c.low()[77]);
    assertTrue(Double.isNaN(c.high()[10]));
    assertEquals(5000, c.top());
    assertEquals(0, Charts.thin("x", "", new double[0], new double[0], 100).times().length);
  }

  @Test
  void marksAreWhatHappenedToTheObjectInThatTime() {
    List<Event> events = List.of(Event.newBuilder().setTimeMs(5).setKind("route-changed").addObjects("v1").build(),
        Event.newBuilder().setTimeMs(6).setKind("leg-stale").addObjects("v1").build(), Event.newBuilder().setTimeMs(7).addObjects("v2").build());
    assertEquals(List.of("redirect", "failure"), Charts.marks(events, V1, 0, 10).stream().map(Charts.Mark::kind).toList());
    assertEquals(1, Charts.marks(events, V1, 6, 10).size());
  }
}
