package sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.client.ManagementClient;
import sluice.net.JoinClient;
import sluice.net.pki.JoinTokenText;
import sluice.net.pki.KeyRequest;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.AttachAndWait;
import sluice.protocol.v1.AttachVolume;
import sluice.protocol.v1.Attached;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DeclareHostDead;
import sluice.protocol.v1.DetachAndWait;
import sluice.protocol.v1.DetachVolume;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.ListAudit;
import sluice.protocol.v1.ListEvents;
import sluice.protocol.v1.MakeToken;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.PutGrant;
import sluice.protocol.v1.PutUser;
import sluice.protocol.v1.RemoveHost;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** The management API over TLS, as the command line and an agent use it. */
@Timeout(240)
class ManagementTest {
  private TestCluster cluster;
  private Volume volume;
  private String pool;

  @BeforeEach
  void start() {
    cluster = new TestCluster("mgmt", 2);
    pool = cluster.pool("gold", 2);
    volume = cluster.volume("v1", pool, 16 << 20, 2);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void grant(TestHost host) {
    cluster.change(Change.newBuilder().setPutGrant(PutGrant.newBuilder().setVolumeId(volume.getId())
        .setGrant(Grant.newBuilder().setHostId(host.id).setAccess(Access.READ_WRITE))));
  }

  private Attached attach(String host, int waitMs) {
    return cluster.call(Call.newBuilder().setAttach(AttachAndWait.newBuilder().setWaitMs(waitMs).setAttach(
        AttachVolume.newBuilder().setVolumeId(volume.getId()).setHostId(host).setAccess(Access.READ_WRITE)))).getAttached();
  }

  private Done detach(String host, int waitMs) {
    return cluster.call(Call.newBuilder().setDetach(DetachAndWait.newBuilder().setWaitMs(waitMs).setDetach(
        DetachVolume.newBuilder().setVolumeId(volume.getId()).setHostId(host)))).getDone();
  }

  private Volume now() {
    return cluster.engine().read(v -> v.volume(volume.getId())).orElseThrow();
  }

  @Test
  void aHostJoinsIsGivenAVolumeOverEveryNetworkAndGivesItBack() {
    try (TestHost host = new TestHost(cluster, "h1")) {
      grant(host);
      Attached attached = attach(host.id, 15_000);
      assertTrue(attached.getHeld(), attached.getNote());
      assertTrue(attached.getNbdUri().startsWith("nbd+unix:"), attached.getNbdUri());
      assertEquals(2, host.assignments().getVolumes(0).getDisksCount());
      TestCluster.until("both networks", () -> host.up() == 2);
      Done done = detach(host.id, 15_000);
      assertEquals(List.of(), done.getNotesList());
      assertEquals(0, now().getAttachmentsCount());
    }
  }

  @Test
  void aVolumeThatIsDetachedBeforeItsHostHeardOfItIsReleasedAllTheSame() {
    try (TestHost host = new TestHost(cluster, "h1")) {
      grant(host);
      TestCluster.until("up", () -> host.up() == 2);
      for (int i = 0; i < 20; i++) {
        var attached = cluster.engine().submit(direct(Change.newBuilder().setAttachVolume(
            AttachVolume.newBuilder().setVolumeId(volume.getId()).setHostId(host.id).setAccess(Access.READ_WRITE))));
        cluster.engine().submit(direct(Change.newBuilder().setDetachVolume(
            DetachVolume.newBuilder().setVolumeId(volume.getId()).setHostId(host.id))));
        TestCluster.await(attached.toCompletableFuture());
        TestCluster.until("release " + i, () -> now().getAttachmentsCount() == 0);
      }
    }
  }

  private static sluice.protocol.v1.Command direct(Change.Builder change) {
    return sluice.protocol.v1.Command.newBuilder().setRequestId(java.util.UUID.randomUUID().toString()).setTimeMs(System.currentTimeMillis())
        .setActor(sluice.server.changes.Changes.SERVER).setChange(change).build();
  }

  @Test
  void aVolumeIsNotReleasedWhileItsHostStillHoldsIt() {
    try (TestHost host = new TestHost(cluster, "h1")) {
      grant(host);
      attach(host.id, 15_000);
      host.clinging.add(volume.getId());
      Done done = detach(host.id, 600);
      assertTrue(done.getNotes(0).contains("has not given the volume back yet"), done.toString());
      assertEquals(1, now().getAttachmentsCount());
      host.clinging.clear();
      TestCluster.until("release", () -> now().getAttachmentsCount() == 0);
    }
  }

  @Test
  void aDetachFromAnOfflineHostSaysWhatHappensNext() {
    TestHost host = new TestHost(cluster, "h1");
    grant(host);
    attach(host.id, 15_000);
    host.close();
    TestCluster.until("offline", () -> cluster.picture().getHostStatus(0).getState() == HostStatus.State.OFFLINE);
    Done done = detach(host.id, 100);
    assertTrue(done.getNotes(0).contains("declares the host dead"), done.toString());
    cluster.change(Change.newBuilder().setDeclareHostDead(DeclareHostDead.newBuilder().setHostId(host.id).setConfirmName("h1")));
    assertEquals(0, now().getAttachmentsCount());
  }

  @Test
  void removingAHostEndsItsSessionsAndItsCertificateIsGoodForNothing() {
    TestHost host = new TestHost(cluster, "h1");
    TestCluster.until("up", () -> host.up() == 2);
    cluster.change(Change.newBuilder().setRemoveHost(RemoveHost.newBuilder().setHostId(host.id)));
    TestCluster.until("ended", () -> host.up() == 0);
    try (ManagementClient again = cluster.client(host.identity)) {
      SluiceException e = assertThrows(SluiceException.class, () -> TestCluster.await(again.ready(Duration.ofSeconds(5))));
      assertEquals(ErrorCode.UNAUTHENTICATED, e.code());
      assertFalse(e.getMessage().contains("h1"), e.getMessage());
    }
    host.close();
  }

  @Test
  void aHostSeesItselfAndWhatIsGrantedToItAndNothingElse() {
    cluster.volume("secret", pool, 4 << 20, 1);
    try (TestHost host = new TestHost(cluster, "h1"); TestHost other = new TestHost(cluster, "h2");
        ManagementClient client = cluster.client(host.identity)) {
      grant(host);
      grant(other);
      Picture p = TestCluster.await(client.picture());
      assertEquals(List.of("h1"), p.getHostsList().stream().map(h -> h.getName()).toList());
      assertEquals(List.of("v1"), p.getVolumesList().stream().map(Volume::getName).toList());
      assertEquals(List.of("gold"), p.getPoolsList().stream().map(x -> x.getName()).toList());
      assertEquals(1, p.getVolumes(0).getGrantsCount());
      assertEquals(0, p.getVolumes(0).getLayout().getSegmentsCount());
      assertEquals(0, p.getDisksCount() + p.getUsersCount() + p.getTokensCount() + p.getDiskStatusCount());
      SluiceException e = assertThrows(SluiceException.class,
          () -> TestCluster.await(client.call(Call.newBuilder().setListAudit(ListAudit.getDefaultInstance()).build())));
      assertEquals(ErrorCode.FORBIDDEN, e.code());
    }
  }

  @Test
  void aViewerMayLookAndARefusalIsInTheAuditLog() {
    cluster.change(Change.newBuilder().setPutUser(PutUser.newBuilder().setUser(User.newBuilder().setName("eve").setRole(Role.VIEWER))));
    String token = cluster.call(Call.newBuilder().setMakeToken(MakeToken.newBuilder().setUserName("eve"))).getToken().getToken();
    try (ManagementClient eve = cluster.client(TestHost.join(cluster, token))) {
      assertEquals(1, TestCluster.await(eve.picture()).getVolumesCount());
      SluiceException e = assertThrows(SluiceException.class, () -> TestCluster.await(eve.call(Call.newBuilder().setChange(
          Change.newBuilder().setRemoveHost(RemoveHost.newBuilder().setHostId("x"))).build())));
      assertEquals(ErrorCode.FORBIDDEN, e.code());
      TestCluster.until("audit", () -> cluster.call(Call.newBuilder().setListAudit(ListAudit.getDefaultInstance())).getAudit().getEntriesList()
          .stream().anyMatch(a -> a.getRefused() && a.getActor().getName().equals("eve")));
    }
  }

  @Test
  void aJoinerWhoseAnswerGotLostGetsTheSameCertificateAndNobodyElseDoes() {
    JoinTokenText token = JoinTokenText.parse(cluster.token("h1"));
    KeyRequest key = KeyRequest.create();
    SluiceException other = assertThrows(SluiceException.class,
        () -> JoinClient.join(cluster.server().controlAddresses(), token, Join.As.USER, key, Duration.ofSeconds(10)));
    assertEquals(ErrorCode.INVALID_ARGUMENT, other.code());
    assertTrue(other.correction().contains("sluice agent"), other.correction());
    var first = JoinClient.join(cluster.server().controlAddresses(), token, Join.As.HOST, key, Duration.ofSeconds(10));
    cluster.stop();
    cluster.start();
    var again = JoinClient.join(cluster.server().controlAddresses(), token, Join.As.HOST, key, Duration.ofSeconds(10));
    assertEquals(first.getCertificate(), again.getCertificate());
    SluiceException e = assertThrows(SluiceException.class,
        () -> JoinClient.join(cluster.server().controlAddresses(), token, Join.As.HOST, KeyRequest.create(), Duration.ofSeconds(10)));
    assertEquals(ErrorCode.UNAUTHENTICATED, e.code());
  }

  @Test
  void changesOfARouteAreEventsOnceEach() {
    try (TestHost host = new TestHost(cluster, "h1")) {
      grant(host);
      attach(host.id, 15_000);
      host.route(VolumeStatus.Route.SERVER);
      TestCluster.until("rerouted", () -> routeEvents() == 1);
      host.route(VolumeStatus.Route.DIRECT);
      TestCluster.until("back", () -> routeEvents() == 2);
      VolumeStatus s = cluster.picture().getVolumeStatus(0);
      assertEquals(host.id, s.getHostId());
      assertEquals(VolumeStatus.Route.DIRECT, s.getRoute());
    }
  }

  private long routeEvents() {
    return cluster.call(Call.newBuilder().setListEvents(ListEvents.getDefaultInstance())).getEvents().getEventsList().stream()
        .filter(e -> e.getKind().equals("route-changed")).count();
  }

  @Test
  void spaceAddsUpInThePicture() {
    PoolUsage u = cluster.picture().getPoolUsage(0);
    assertEquals(u.getTotalBytes(), u.getAllocatedBytes() + u.getFreeBytes());
    assertEquals(16 << 20, u.getAllocatedBytes());
  }

  @Test
  void everythingConfirmedIsThereAfterARestartAndDisksComeOnlineAgain() {
    cluster.stop();
    cluster.start();
    assertEquals("v1", cluster.picture().getVolumes(0).getName());
    TestCluster.until("disks", () -> cluster.picture().getDiskStatusList().stream().filter(d -> d.getState() == DiskStatus.State.ONLINE).count() == 2);
  }

  @Test
  void anOlderIncarnationOfAnAgentIsRefusedAndANewerOneEndsTheOlder() {
    try (TestHost first = new TestHost(cluster, "h1")) {
      TestCluster.until("up", () -> first.up() == 2);
      try (TestHost second = new TestHost(cluster, first.identity, 7)) {
        TestCluster.until("taken over", () -> second.up() == 2);
        TestCluster.until("refused", () -> first.up() == 0);
      }
    }
  }
}
