package sluice.api.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class UnprovenPeersTest {
  private final UnprovenPeers peers = new UnprovenPeers(16);

  private static InetAddress address(int last) throws Exception {
    return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
  }

  @Test
  void oneAddressGetsAQuarterAndLeavesTheRestToOthers() throws Exception {
    for (int i = 0; i < 4; i++) assertTrue(peers.enter(address(1)));
    assertFalse(peers.enter(address(1)));
    for (int i = 0; i < 12; i++) assertTrue(peers.enter(address(2 + i)));
    assertFalse(peers.enter(address(99)), "there are as many as there may be");
    peers.leave(address(1));
    assertTrue(peers.enter(address(1)));
    assertEquals(16, peers.count());
  }

  @Test
  void whoeverLeavesIsForgotten() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertTrue(peers.enter(address(i)));
      peers.leave(address(i));
    }
    assertEquals(0, peers.count());
  }
}
