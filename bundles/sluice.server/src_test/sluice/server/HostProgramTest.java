package sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import sluice.protocol.v1.Allowance;
import sluice.protocol.v1.AttachAndWait;
import sluice.protocol.v1.AttachVolume;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.DeleteVolume;
import sluice.protocol.v1.DetachAndWait;
import sluice.protocol.v1.DetachVolume;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.MakeToken;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.RemoveHost;
import sluice.protocol.v1.Reply;

/** The command line on a host whose agent runs: the same identity, and nothing of the agent's. */
@Timeout(240)
class HostProgramTest {
  private TestCluster cluster;
  private String pool;
  private TestHost agent;
  private ManagementClient program;

  @BeforeEach
  void anAgentAndAProgramBesideIt() {
    cluster = new TestCluster("program");
    pool = cluster.pool("gold", 2);
    String token = cluster.call(Call.newBuilder().setMakeToken(MakeToken.newBuilder().setHostName("h1")
        .setAllowance(Allowance.newBuilder().setPoolId(pool).setMaxBytes(32 << 20)))).getToken().getToken();
    agent = new TestHost(cluster, TestHost.join(cluster, token), 7);
    TestCluster.until("agent", () -> agent.up() == 1 && status().getState() == HostStatus.State.ONLINE);
    program = cluster.client(agent.identity);
  }

  @AfterEach
  void stop() {
    program.close();
    agent.close();
    cluster.close();
  }

  private HostStatus status() {
    return cluster.picture().getHostStatusList().stream().filter(s -> s.getHostId().equals(agent.id)).findFirst()
        .orElse(HostStatus.getDefaultInstance());
  }

  private Reply ask(Call.Builder call) {
    return TestCluster.await(program.call(call.build(), Duration.ofSeconds(20), part -> {}));
  }

  private String create(String name, long bytes) {
    return ask(Call.newBuilder().setChange(Change.newBuilder().setCreateVolume(CreateVolume.newBuilder().setName(name)
        .setPoolId(pool).setSizeBytes(bytes).setStripes(1)))).getDone().getObjects(0);
  }

  @Test
  void aHostAllocatesAttachesAndDeletesByItself() {
    String volume = create("mine", 16 << 20);
    Reply attached = ask(Call.newBuilder().setAttach(AttachAndWait.newBuilder().setWaitMs(10_000).setAttach(
        AttachVolume.newBuilder().setVolumeId(volume).setHostId(agent.id).setAccess(Access.READ_WRITE))));
    assertTrue(attached.getAttached().getHeld(), attached.toString());
    assertEquals(1, agent.assignments().getVolumesCount());
    ask(Call.newBuilder().setDetach(DetachAndWait.newBuilder().setWaitMs(10_000).setDetach(
        DetachVolume.newBuilder().setVolumeId(volume).setHostId(agent.id))));
    ask(Call.newBuilder().setChange(Change.newBuilder().setDeleteVolume(DeleteVolume.newBuilder().setVolumeId(volume))));
    assertEquals(0, cluster.picture().getVolumesCount());
  }

  @Test
  void overItsAllowanceItIsRefusedAndToldHowMuchIsLeft() {
    create("mine", 16 << 20);
    SluiceException e = assertThrows(SluiceException.class, () -> create("more", 24 << 20));
    assertEquals(ErrorCode.FORBIDDEN, e.code());
    assertTrue(e.why().contains("16 MiB of the 32 MiB"), e.getMessage());
    assertEquals(1, cluster.picture().getVolumesCount());
  }

  @Test
  void theAgentsLinksAndStatusStayAsTheyAre() {
    HostStatus before = status();
    TestCluster.await(program.picture());
    HostStatus during = status();
    assertEquals(7, during.getIncarnation());
    assertEquals(before.getNetworksList().stream().map(NetworkStatus::getPeerAddress).toList(),
        during.getNetworksList().stream().map(NetworkStatus::getPeerAddress).toList());
    assertEquals("test-agent", during.getSoftware());
    assertEquals(1, agent.up());
  }

  @Test
  void aProgramWithoutItsAgentDoesNotMakeTheHostOnline() {
    TestCluster.await(program.picture());
    agent.close();
    TestCluster.until("offline", () -> status().getState() == HostStatus.State.OFFLINE);
    TestCluster.await(program.picture());
    assertEquals(HostStatus.State.OFFLINE, status().getState());
    assertEquals(List.of(false), status().getNetworksList().stream().map(NetworkStatus::getUp).toList());
  }

  @Test
  void removingTheHostEndsTheProgramsConnectionAsWell() {
    TestCluster.await(program.picture());
    cluster.change(Change.newBuilder().setRemoveHost(RemoveHost.newBuilder().setHostId(agent.id)));
    TestCluster.until("refused", () -> program.networks().stream().noneMatch(NetworkStatus::getUp));
  }
}
