package sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Reply;

/** Two networks, each behind a proxy that can be cut; every call is done once, whatever happens to them. */
@Timeout(240)
class TwoNetworksTest {
  private static final Duration LONG = Duration.ofSeconds(40);

  private final FakeServer server = new FakeServer("127.0.0.1", "127.0.0.2");
  private CuttingProxy first;
  private CuttingProxy second;
  private ManagementClient client;

  @BeforeEach
  void connect() throws Exception {
    first = new CuttingProxy("127.0.0.1", server.address(0));
    second = new CuttingProxy("127.0.0.2", server.address(1));
    client = ManagementClient.connect(List.of(first.address(), second.address()), server.user("admin"), "test 1");
    FakeServer.next(server.opened);
    FakeServer.next(server.opened);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    first.close();
    second.close();
    server.close();
  }

  @Test
  void callsGoOnWhenTheNetworkTheyUseIsCutAndWhenTheOtherOneIs() throws Exception {
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      if (i == 100) first.cut();
      if (i == 200) {
        first.restore();
        FakeServer.next(server.opened);
        second.cut();
      }
      calls.add(change());
      if (i % 10 == 0) ManagementClient.await(calls.get(i));
    }
    everyCallWasDoneOnce(calls);
  }

  @Test
  void aCallWhoseAnswerIsSwallowedIsAskedAgainUnderTheSameIdOverTheOtherNetwork() {
    // Only now does its network go silent, and it is the network that it came by, whichever the client preferred.
    AtomicInteger silent = new AtomicInteger(-1);
    server.onCall = asked -> {
      if (silent.compareAndSet(-1, server.network(asked.connection()))) (silent.get() == 0 ? first : second).swallowToClient();
      server.done(asked);
    };
    everyCallWasDoneOnce(List.of(change()));
    assertTrue(server.arrivals.values().iterator().next().get() > 1, "it was answered the first time");
    NetworkStatus left = client.networks().get(silent.get());
    assertFalse(left.getUp());
    assertTrue(left.getReason().contains("no answer to heartbeats"), left.getReason());
  }

  @Test
  void aCallThatIsSwallowedItselfIsAskedAgainOverTheOtherNetwork() {
    first.swallowToServer();
    everyCallWasDoneOnce(List.of(change()));
  }

  @Test
  void withBothNetworksCutCallsWaitUntilOneIsBack() throws Exception {
    first.cut();
    second.cut();
    List<CompletableFuture<Reply>> calls = List.of(change(), change(), change());
    second.restore();
    everyCallWasDoneOnce(calls);
  }

  @Test
  void networksThatFlapLoseNoCallAndDoNoneTwice() {
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int round = 0; round < 12; round++) {
      CuttingProxy flapping = round % 2 == 0 ? first : second;
      for (int i = 0; i < 10; i++) calls.add(change());
      flapping.cut();
      for (int i = 0; i < 10; i++) calls.add(change());
      flapping.restore();
    }
    everyCallWasDoneOnce(calls);
  }

  @Test
  void callsOutliveARestartOfTheServer() {
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    server.onCall = asked -> { }; // it dies before it answers any
    for (int i = 0; i < 20; i++) calls.add(change());
    server.stop();
    for (int i = 0; i < 20; i++) calls.add(change());
    server.onCall = null;
    server.startAgain(null);
    everyCallWasDoneOnce(calls);
  }

  private CompletableFuture<Reply> change() {
    Call call = Call.newBuilder().setChange(Change.getDefaultInstance()).build();
    return client.call(call, LONG, part -> { });
  }

  private void everyCallWasDoneOnce(List<CompletableFuture<Reply>> calls) {
    for (CompletableFuture<Reply> call : calls) assertTrue(ManagementClient.await(call).hasDone());
    assertEquals(calls.size(), server.effects.get());
    assertEquals(calls.size(), server.arrivals.size());
  }
}
