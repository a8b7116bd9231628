package sluice.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.NetworkStatus;

class HostSessionTest {
  private static final long S = 1_000_000_000L;
  private final HostSession<String> session = new HostSession<>("h", List.of("a:1", "b:1"), 10, 15 * S);

  private NetworkStatus network(int i) {
    return session.status(0).getNetworks(i);
  }

  @Test
  void aHostIsOnlineAsLongAsOneOfItsNetworksIs() {
    assertFalse(session.online());
    session.opened("l1", 1, "a:1", "p:1", "x", 20);
    session.opened("l2", 1, "b:1", "p:2", "x", 30);
    session.closed("l1", "cut", 40);
    assertTrue(session.online());
    assertEquals(20, session.sinceMs());
    assertFalse(network(0).getUp());
    assertEquals("cut", network(0).getReason());
    assertEquals(40, network(0).getSinceMs());
    assertTrue(network(1).getUp());
    session.closed("l2", "cut", 50);
    assertEquals(HostStatus.State.OFFLINE, session.status(0).getState());
    assertEquals(50, session.sinceMs());
  }

  @Test
  void aNewerIncarnationEndsTheOlderOnesLinksAndAnOlderOneIsNotAdmitted() {
    session.opened("l1", 1, "a:1", "p:1", "x", 20);
    session.opened("l2", 1, "b:1", "p:2", "x", 20);
    assertEquals(List.of("l1", "l2"), session.opened("l3", 2, "a:1", "p:3", "x", 30));
    assertFalse(session.admits(1));
    assertTrue(session.admits(2));
    assertEquals(List.of("l3"), session.links());
    assertFalse(session.closed("l1", "replaced", 40));
    assertTrue(session.online());
  }

  @Test
  void aSecondLinkOverANetworkReplacesTheFirst() {
    session.opened("l1", 1, "a:1", "p:1", "x", 20);
    assertEquals(List.of("l1"), session.opened("l2", 1, "a:1", "p:2", "x", 30));
    assertEquals(List.of("l2"), session.links());
  }

  @Test
  void theLeaseCountsFromTheLastHeartbeatAndAnEarlierRunsLeaseCountsInFull() {
    assertEquals(15 * S, session.leaseLeft(0));
    session.renewed(1, 5 * S, 15 * S);
    assertEquals(15 * S, session.leaseLeft(5 * S));
    assertEquals(-S, session.leaseLeft(21 * S));
    assertEquals(0, session.status(21 * S).getLeaseLeftMs());
  }
}
