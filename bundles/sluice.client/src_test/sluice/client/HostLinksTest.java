package sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.ControlLink;
import sluice.net.HostPort;
import sluice.net.LinkListener;
import sluice.net.LinkSet;
import sluice.net.LinkSetup;
import sluice.net.pki.Authority;
import sluice.net.pki.Identity;
import sluice.net.pki.Subject;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Welcome;

/** A host's links over several networks, against a real server, with networks that fail. */
@Timeout(240)
class HostLinksTest {
  private record Ack(long round, long sentNanos) {}

  private final FakeServer server = new FakeServer("127.0.0.1", "127.0.0.2");
  private final BlockingQueue<Ack> acks = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> ups = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> downs = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
  private final BlockingQueue<SluiceException> refusals = new LinkedBlockingQueue<>();
  private LinkSet links;

  private final LinkListener listener = new LinkListener() {
    @Override
    public void up(ControlLink link, Welcome welcome) {
      ups.add(link.address().toString());
    }

    @Override
    public void down(ControlLink link, String reason) {
      downs.add(reason);
    }

    @Override
    public void failed(ControlLink link, String reason, SluiceException refusal) {
      failures.add(reason);
      if (refusal != null) refusals.add(refusal);
    }
  };

  @AfterEach
  void stop() {
    if (links != null) links.close();
    server.close();
  }

  @Test
  void theLeaseIsRenewedWhileOneNetworkAnswersAndNotAMomentLonger() throws Exception {
    try (CuttingProxy first = new CuttingProxy("127.0.0.1", server.address(0));
        CuttingProxy second = new CuttingProxy("127.0.0.2", server.address(1))) {
      open(server.host("h1"), first.address(), second.address());
      FakeServer.next(ups);
      FakeServer.next(ups);
      first.cut();
      FakeServer.next(downs);
      long afterCut = System.nanoTime();
      Ack ack = FakeServer.next(acks);
      while (ack.sentNanos - afterCut < 0) ack = FakeServer.next(acks);

      NetworkStatus lost = links.networks().get(0);
      assertFalse(lost.getUp());
      assertFalse(lost.getReason().isEmpty());
      assertTrue(lost.getSinceMs() > 0);
      assertTrue(links.networks().get(1).getUp());
      assertEquals(List.of(second.address()), links.up().stream().map(ControlLink::address).toList());

      second.swallowToClient();
      long silent = System.nanoTime();
      assertTrue(FakeServer.next(downs).contains("no answer to heartbeats"));
      // Answers that were on the way count, and they count from before.
      for (Ack late = acks.poll(); late != null; late = acks.poll()) assertTrue(late.sentNanos - silent < 0);
    }
  }

  @Test
  void roundsGrowAndEachIsAckedOnceThoughTwoNetworksAnswerIt() throws Exception {
    open(server.host("h1"), server.hostPort(0), server.hostPort(1));
    FakeServer.next(ups);
    FakeServer.next(ups);
    long last = 0;
    for (int i = 0; i < 10; i++) {
      Ack ack = FakeServer.next(acks);
      assertTrue(ack.round > last, ack.round + " after " + last);
      last = ack.round;
    }
  }

  @Test
  void aNetworkThatOnlyTheServerKnewIsLearned() throws Exception {
    server.advertised.add(server.hostPort(0).toString());
    server.advertised.add(server.hostPort(1).toString());
    open(server.host("h1"), server.hostPort(0));
    assertEquals(server.hostPort(0).toString(), FakeServer.next(ups));
    assertEquals(server.hostPort(1).toString(), FakeServer.next(ups));
  }

  @Test
  void theSameNetworkUnderAnotherNameIsNotCountedTwice() throws Exception {
    server.advertised.add("localhost:" + server.address(0).getPort());
    server.advertised.add(server.hostPort(1).toString());
    open(server.host("h1"), server.hostPort(0));
    FakeServer.next(ups);
    FakeServer.next(ups);
    assertEquals(2, links.up().size());
    assertEquals(List.of(server.hostPort(0).toString(), server.hostPort(1).toString()),
        links.networks().stream().map(NetworkStatus::getServerAddress).toList());
  }

  @Test
  void aHostThatPosesAsTheServerIsNotBelieved() throws Exception {
    server.stop();
    server.startAgain(server.host("h2"));
    open(server.host("h1"), server.hostPort(0));
    assertTrue(FakeServer.next(failures).contains("certificate is not accepted"));
  }

  @Test
  void aServerOfAnotherClusterIsNotBelieved() throws Exception {
    Authority other = Authority.create("other", Clock.systemUTC());
    server.stop();
    server.startAgain(other.identity(Subject.server("c1", "s1", "s1", List.of())));
    open(server.host("h1"), server.hostPort(0));
    assertTrue(FakeServer.next(failures).contains("another authority"));
  }

  @Test
  void aRefusalIsToldAndTriedAgainLater() throws Exception {
    server.refusal = new SluiceException(ErrorCode.FORBIDDEN, "removed", "", "");
    open(server.host("h1"), server.hostPort(0));
    assertEquals(ErrorCode.UNAUTHENTICATED, FakeServer.next(refusals).code());
    server.refusal = null;
    FakeServer.next(ups);
  }

  @Test
  void closingTwiceDoesNoHarmAndNothingIsHeardAfterwards() throws Exception {
    open(server.host("h1"), server.hostPort(0));
    FakeServer.next(ups);
    links.close();
    links.close();
    links.beatNow();
    links.after(1, () -> failures.add("ran after closing"));
    assertEquals(0, links.up().size());
    assertEquals(0, failures.size());
  }

  private void open(Identity identity, HostPort... addresses) {
    LinkSetup setup =
        LinkSetup.host(
            List.of(addresses), identity, "test 1", 1, Heartbeat::getDefaultInstance,
            (round, sentNanos, leaseMillis) -> acks.add(new Ack(round, sentNanos)));
    links = LinkSet.open(setup, listener);
  }
}
