package sluice.server.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RouteFenceTest {
  private final RouteFence fence = new RouteFence();

  private static RouteName name(String text) {
    return RouteName.parse(text);
  }

  private RouteTicket ticket(String text) {
    RouteTicket t = new RouteTicket("h", "v", name(text), text, 0);
    return t;
  }

  @Test
  void namesAreRoutesOrPlainOrNone() {
    assertEquals(new RouteName("v1", true, 3, 7), name("v1?route=3.7"));
    assertEquals(new RouteName("v1", false, 0, 0), name("v1"));
    for (String odd : List.of("", "V1", "v1?route=", "v1?route=1", "v1?route=-1.2", "v1?route=1.2.3", "v1?x=1", "../v1", "v1?route=99999999999999999999.1", "v 1")) {
      assertNull(name(odd), odd);
    }
    assertTrue(name("v?route=2.1").fences(name("v?route=1.9")));
    assertTrue(name("v?route=1.2").fences(name("v?route=1.1")));
    assertFalse(name("v?route=1.1").fences(name("v?route=1.1")));
    assertFalse(name("v").fences(name("v?route=1.1")));
    assertFalse(name("v?route=1.1").fences(name("v")));
  }

  @Test
  void theNewestRouteWinsAndEqualOnesLiveTogether() {
    RouteTicket a = ticket("v?route=1.1");
    RouteTicket b = ticket("v?route=1.1");
    RouteTicket plain = ticket("v");
    assertEquals(List.of(), fence.admit(a));
    assertEquals(List.of(), fence.admit(b));
    assertEquals(List.of(), fence.admit(plain));
    assertEquals(List.of(a, b), fence.admit(ticket("v?route=1.2")));
    assertNotNull(fence.refusal("h", "v", name("v?route=1.1")));
    assertNull(fence.refusal("h", "v", name("v?route=1.2")));
    assertNull(fence.refusal("h", "v", name("v")));
    assertNull(fence.refusal("other", "v", name("v?route=1.1")));
  }

  @Test
  void aBarredPairAdmitsNobodyUntilItIsReleased() {
    RouteTicket a = ticket("v?route=1.1");
    fence.admit(a);
    assertEquals(List.of(a), fence.bar("h", "v"));
    assertNotNull(fence.refusal("h", "v", name("v?route=1.2")));
    assertNotNull(fence.refusal("h", "v", name("v")));
    fence.release("h", "v");
    assertNull(fence.refusal("h", "v", name("v?route=1.2")));
    assertEquals(List.of(a), fence.barHost("h"));
    assertNotNull(fence.refusal("h", "w", name("w")));
    fence.releaseHost("h");
    assertNull(fence.refusal("h", "w", name("w")));
  }

  @Test
  void aNewAttachmentStartsAnew() {
    RouteTicket a = ticket("v?route=5.5");
    fence.admit(a);
    fence.bar("h", "v");
    fence.ended("h", "v");
    assertTrue(a.isShut());
    assertNull(fence.refusal("h", "v", name("v?route=1.1")));
  }

  @Test
  void aTicketIsDrainedWhenItsLastConnectionIsAndNotBefore() {
    RouteTicket a = ticket("v?route=1.1");
    a.opened();
    a.opened();
    CompletableFuture<Void> drained = a.shut().toCompletableFuture();
    a.closed();
    assertFalse(drained.isDone());
    a.closed();
    assertTrue(drained.isDone());
    assertTrue(ticket("v").shut().toCompletableFuture().isDone());
  }

  @Test
  void ticketsThatNobodyUsesAreSweptAndShutButNotThoseInUse() {
    RouteTicket unused = ticket("v?route=1.1");
    RouteTicket used = ticket("v?route=1.1");
    fence.admit(unused);
    fence.admit(used);
    used.opened();
    assertEquals(List.of(unused), fence.sweep(1));
    assertTrue(unused.isShut());
    assertFalse(used.isShut());
    assertEquals(1, fence.connections());
    assertNotNull(fence.refusal("h", "v", name("v?route=1.0")));
  }
}
