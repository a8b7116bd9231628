package sluice.io.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangeLockTest {
  private final RangeLock lock = new RangeLock();
  private final List<String> granted = new ArrayList<>();

  private final class Named extends RangeLock.Range {
    final String name;
    long from;
    long to;
    boolean exclusive;
    boolean held;
    boolean releaseAtOnce;

    Named(String name) {
      this.name = name;
    }

    boolean ask(long from, long to, boolean exclusive) {
      this.from = from;
      this.to = to;
      this.exclusive = exclusive;
      held = lock.acquire(this, from, to, exclusive);
      return held;
    }

    void back() {
      held = false;
      lock.release(this);
    }

    @Override
    protected void granted() {
      held = true;
      granted.add(name);
      if (releaseAtOnce) back();
    }
  }

  @Test
  void sharedRangesOverlapFreely() {
    assertTrue(new Named("a").ask(0, 10, false));
    assertTrue(new Named("b").ask(5, 15, false));
  }

  @Test
  void whoStopsWaitingIsNotWaitedFor() {
    Named held = new Named("held");
    Named before = new Named("before");
    Named gone = new Named("gone");
    Named after = new Named("after");
    held.ask(0, 10, false);
    before.ask(9, 12, true);
    gone.ask(5, 20, true);
    after.ask(15, 25, false);
    gone.back();
    assertEquals(List.of("after"), granted);
    held.back();
    assertEquals(List.of("after", "before"), granted);
    before.back();
    after.back();
    assertTrue(lock.idle());
  }

  @Test
  void anExclusiveRangeWaitsForAllThatOverlapIt() {
    Named a = new Named("a");
    Named b = new Named("b");
    Named x = new Named("x");
    a.ask(0, 10, false);
    b.ask(5, 15, false);
    assertFalse(x.ask(9, 11, true));
    a.back();
    assertEquals(List.of(), granted);
    b.back();
    assertEquals(List.of("x"), granted);
  }

  @Test
  void rangesThatOnlyTouchDoNotConflict() {
    assertTrue(new Named("a").ask(0, 10, true));
    assertTrue(new Named("b").ask(10, 20, true));
  }

  @Test
  void aSharedRangeDoesNotOvertakeAnExclusiveOneThatWaits() {
    Named a = new Named("a");
    Named x = new Named("x");
    Named late = new Named("late");
    a.ask(0, 10, false);
    x.ask(0, 10, true);
    assertFalse(late.ask(0, 10, false));
    a.back();
    assertEquals(List.of("x"), granted);
    x.back();
    assertEquals(List.of("x", "late"), granted);
    late.back();
    assertTrue(lock.idle());
  }

  @Test
  void aRangeElsewhereIsNotHeldUp() {
    new Named("x").ask(0, 10, true);
    new Named("y").ask(0, 10, true);
    assertTrue(new Named("elsewhere").ask(20, 30, true));
  }

  @Test
  void aRangeInUseIsRefusedAndOneNotHeldCannotBeGivenBack() {
    Named a = new Named("a");
    a.ask(0, 10, true);
    assertThrows(IllegalStateException.class, () -> a.ask(20, 30, true));
    assertThrows(IllegalStateException.class, () -> lock.release(new Named("b")));
  }

  @Test
  void aLongQueueThatIsReleasedAsItIsGrantedNeedsNoStack() {
    Named first = new Named("first");
    first.ask(0, 10, true);
    for (int i = 0; i < 3000; i++) {
      Named n = new Named("n" + i);
      n.releaseAtOnce = true;
      n.ask(0, 10, true);
    }
    first.back();
    assertEquals(3000, granted.size());
    assertTrue(lock.idle());
  }

  @Test
  void nothingThatConflictsIsEverHeldTogetherAndNothingIsForgotten() {
    Random random = new Random(42);
    List<Named> all = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (all.size() < 40 && random.nextInt(3) > 0) {
        Named n = new Named("n" + step);
        long from = random.nextInt(50);
        n.ask(from, from + 1 + random.nextInt(12), random.nextInt(3) == 0);
        all.add(n);
      } else if (!all.isEmpty()) {
        Named n = all.get(random.nextInt(all.size()));
        if (n.held) {
          all.remove(n);
          n.back();
        }
      }
      checkNoConflict(all);
    }
    while (!all.isEmpty()) {
      Named held = all.stream().filter(n -> n.held).findFirst().orElseThrow();
      all.remove(held);
      held.back();
    }
    assertTrue(lock.idle());
  }

  private static void checkNoConflict(List<Named> all) {
    for (Named a : all) {
      for (Named b : all) {
        if (a == b || !a.held || !b.held || !a.exclusive && !b.exclusive) continue;
        assertFalse(a.from < b.to && b.from < a.to, a.name + " and " + b.name);
      }
    }
  }
}
