package sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import sluice.client.CallTable.Pending;
import sluice.protocol.v1.Call;

class CallTableTest {
  private final CallTable<String> calls = new CallTable<>();

  @Test
  void afterALostLinkItsCallsWaitAgainInTheirOrder() {
    Pending<String> one = add("r1", 10);
    Pending<String> two = add("r2", 10);
    Pending<String> other = add("r3", 10);
    calls.sent(one, "a", 1);
    calls.sent(other, "b", 1);
    calls.sent(two, "a", 2);
    assertEquals(List.of(), calls.waiting());
    calls.lost("a");
    assertEquals(List.of(one, two), calls.waiting());
  }

  @Test
  void anAnswerOverALinkThatIsNoLongerAskedIsNobodys() {
    Pending<String> one = add("r1", 10);
    calls.sent(one, "a", 1);
    calls.lost("a");
    calls.sent(one, "b", 7);
    assertEquals(Optional.empty(), calls.asked("a", 1));
    assertEquals(Optional.of(one), calls.asked("b", 7));
    assertEquals(2, one.attempts());
  }

  @Test
  void whatIsOverdueIsTakenOutOnce() {
    Pending<String> soon = add("r1", 10);
    add("r2", 20);
    assertEquals(List.of(), calls.expired(9));
    assertEquals(List.of(soon), calls.expired(10));
    assertEquals(List.of(), calls.expired(10));
    assertFalse(calls.isEmpty());
  }

  @Test
  void aRequestThatIsUnderWayIsNotTakenTwiceAndNeitherAreTooMany() {
    add("r0", 10);
    assertFalse(calls.add(pending("r0", 10)));
    for (int i = 1; i < CallTable.MAX_CALLS; i++) assertTrue(calls.add(pending("r" + i, 10)));
    assertFalse(calls.add(pending("one more", 10)));
  }

  private Pending<String> add(String id, long deadline) {
    Pending<String> made = pending(id, deadline);
    assertTrue(calls.add(made));
    return made;
  }

  private static Pending<String> pending(String id, long deadline) {
    return new Pending<>(
        Call.newBuilder().setRequestId(id).build(), deadline, part -> { }, new CompletableFuture<>());
  }
}
