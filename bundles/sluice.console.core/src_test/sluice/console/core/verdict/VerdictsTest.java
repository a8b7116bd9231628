package sluice.console.core.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.Sample;
import sluice.console.core.view.SanView;
import sluice.console.core.view.SanViewBuilder;
import sluice.model.Health;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.VolumeStatus;

class VerdictsTest {
  private static Verdict of(SanView san, ObjectKey.Kind kind, String id) {
    return new Verdicts(san, ZoneOffset.UTC).of(new ObjectKey(kind, id)).orElseThrow();
  }

  private static Verdict volume(SanView san) {
    return of(san, ObjectKey.Kind.VOLUME, "v1");
  }

  @Test
  void aMirroredVolumeInOrderSaysHowManyFailuresItSurvives() {
    Verdict v = volume(new Sample().view());
    assertEquals(Health.HEALTHY, v.health());
    assertEquals("Volume v1 is in order: 2 of 2 copies are in sync. Safe against 1 further disk failure.", v.text());
  }

  @Test
  void aVolumeOfOneCopySaysThatItIsNotSafe() {
    Verdict v = of(new Sample().view(), ObjectKey.Kind.VOLUME, "v2");
    assertEquals("It is not safe against a disk failure.", v.meaning());
    assertEquals(List.of(Action.ADD_LEG), v.actions());
  }

  @Test
  void aRebuildSaysHowFarItIsAndUntilWhenItIsNotSafe() {
    Verdict v = volume(new Sample().leg(LegInfo.State.FILLING).recovery(Task.State.RUNNING, 61, "").view());
    assertEquals(Health.SYNCING, v.health());
    assertEquals("syncing 61 %", v.word());
    assertEquals("One of two copies of volume v1 is being rebuilt, 61 % done.", v.what());
    assertEquals("Safe against 0 further disk failures until about 00:00.", v.meaning());
    assertEquals(7, v.sinceMs());
  }

  @Test
  void aStaleCopyThatNothingHealsRecommendsRecovery() {
    Verdict v = volume(new Sample().leg(LegInfo.State.STALE).view());
    assertEquals("One of two copies of volume v1 is not up to date: disk d2 was lost. Safe against 0 further disk failures. Nothing heals it at the moment.", v.text());
    assertEquals(Action.RECOVER, v.actions().get(0));
  }

  @Test
  void aRecoveryThatWaitsOrIsPausedSaysSo() {
    assertTrue(volume(new Sample().leg(LegInfo.State.STALE).recovery(Task.State.RUNNING, 0, "disk d2 is away").view()).what().endsWith("its recovery waits: disk d2 is away."));
    assertEquals(List.of(Action.RESUME_TASK), volume(new Sample().leg(LegInfo.State.FILLING).recovery(Task.State.PAUSED, 3, "").view()).actions());
  }

  @Test
  void aVolumeWithoutAUsableCopyHasFailedAndSaysThatNothingIsLostYet() {
    Verdict v = volume(new Sample().leg(LegInfo.State.STALE).lost("d1").view());
    assertEquals(Health.FAILED, v.health());
    assertEquals("Volume v1 cannot be used: disk d1 cannot be reached.", v.what());
    assertTrue(v.meaning().startsWith("Nothing that was acknowledged is lost"));
    assertEquals(5, v.sinceMs());
  }

  @Test
  void aReroutedVolumeAndItsHostGiveTheReason() {
    SanView san = new Sample().held(VolumeStatus.Route.SERVER, "path to d2 lost").view();
    assertEquals("web reaches volume v1 through the server only: path to d2 lost. The data is safe; I/O there is slower.", volume(san).text());
    assertEquals("rerouted", of(san, ObjectKey.Kind.HOST, "h1").word());
    assertEquals(8, of(san, ObjectKey.Kind.HOST, "h1").sinceMs());
  }

  @Test
  void aHostThatWaitsIsWorseThanOneThatIsRerouted() {
    assertEquals(Health.FAILED, volume(new Sample().held(VolumeStatus.Route.WAITING, "").view()).health());
  }

  @Test
  void aHostThatIsGoneKeepsWhatItHoldsAlone() {
    Sample s = new Sample().held(VolumeStatus.Route.DIRECT, "");
    s.picture.setHostStatus(0, HostStatus.newBuilder().setHostId("h1").setState(HostStatus.State.OFFLINE).setSinceMs(3));
    Verdict host = of(s.view(), ObjectKey.Kind.HOST, "h1");
    assertEquals("offline", host.word());
    assertEquals(List.of(Action.DECLARE_DEAD), host.actions());
    assertEquals(Health.UNKNOWN, volume(s.view()).health());
    s.picture.getVolumesBuilder(0).setShared(true);
    assertEquals("fenced", of(s.view(), ObjectKey.Kind.HOST, "h1").word());
  }

  @Test
  void theBookFindsTheSameFromStepToStepAsFromTheWhole() {
    SanView before = new Sample().held(VolumeStatus.Route.DIRECT, "").view();
    HealthBook book = new HealthBook();
    book.update(before, null);
    SanViewBuilder b = new SanViewBuilder(before);
    b.delta(PictureDelta.newBuilder().setNumber(2).addChanges(ObjectChange.newBuilder().setDiskStatus(new Sample().lost("d2").picture.getDiskStatus(1))).build());
    SanView now = b.build();
    Set<ObjectKey> different = book.update(now, b.changed());
    HealthBook whole = new HealthBook();
    whole.update(now, null);
    for (ObjectKey.Kind kind : ObjectKey.Kind.values()) {
      for (String id : now.ids(kind)) {
        ObjectKey k = new ObjectKey(kind, id);
        if (kind == ObjectKey.Kind.USER || kind == ObjectKey.Kind.TOKEN) continue;
        assertEquals(whole.health(k), book.health(k), k.toString());
        assertEquals(whole.worstBelow(k), book.worstBelow(k), k.toString());
      }
    }
    assertTrue(different.contains(new ObjectKey(ObjectKey.Kind.HOST, "h1")), "the host holds a volume that is degraded now");
    assertEquals(Health.DEGRADED, book.worstBelow(new ObjectKey(ObjectKey.Kind.HOST, "h1")));
    assertEquals(Health.FAILED, book.worst());
  }

  @Test
  void whatIfADiskFailedTellsWhatWouldBeLostAndWhatDegraded() {
    WhatIf.Outcome o = WhatIf.disk(new Sample().view(), "d2");
    assertEquals(List.of(WhatIf.Effect.LOST, WhatIf.Effect.DEGRADED), o.impacts().stream().map(WhatIf.Impact::effect).toList());
    assertEquals("v2", o.impacts().get(0).object().id());
    assertEquals("If disk d2 failed now, 1 would be lost, 1 would go on degraded, 0 volumes would not notice.", o.text());
    assertEquals(WhatIf.Effect.LOST, WhatIf.disk(new Sample().leg(LegInfo.State.FILLING).view(), "d1").impacts().get(0).effect());
    assertEquals(0, WhatIf.domain(new Sample().view(), "shelf-none").impacts().size());
  }

  @Test
  void whatIfTheServerOrANetworkFailed() {
    assertEquals(0, WhatIf.server(new Sample().held(VolumeStatus.Route.DIRECT, "").view()).count(WhatIf.Effect.LOST));
    assertEquals(1, WhatIf.server(new Sample().held(VolumeStatus.Route.SERVER, "").view()).count(WhatIf.Effect.LOST));
    Sample one = new Sample();
    assertEquals(WhatIf.Effect.DEGRADED, WhatIf.network(one.view(), "10.0.0.1:7440").impacts().get(0).effect());
    one.picture.getHostStatusBuilder(0).getNetworksBuilder(1).setUp(false);
    assertEquals(WhatIf.Effect.LOST, WhatIf.network(one.view(), "10.0.0.1:7440").impacts().get(0).effect());
  }

  @Test
  void anEstimateIsARangeAndNarrowsWithExperience() {
    TaskStatus s = TaskStatus.newBuilder().setTotalBytes(1000).setDoneBytes(500).setBytesPerSecond(10).build();
    assertEquals(new Estimate(25_000, 100_000), Estimate.of(s).orElseThrow());
    assertEquals(new Estimate(50_000, 50_000), Estimate.of(s, new double[] {10, 10, 10, 10, 10, 10}).orElseThrow());
    assertTrue(Estimate.of(s.toBuilder().setWaitsFor("a disk").build()).isEmpty());
    assertEquals("25 s to 2 min", Estimate.of(s).orElseThrow().words());
    assertEquals("99.9", String.valueOf(Words.percent(Task.newBuilder().setState(Task.State.RUNNING).build(), s.toBuilder().setDoneBytes(1000).build()).orElseThrow()));
  }
}
