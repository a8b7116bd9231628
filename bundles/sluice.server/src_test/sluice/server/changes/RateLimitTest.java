package sluice.server.changes;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RateLimitTest {
  @Test
  void soManyPassAtOnceAndThenOneForEachPartOfThePeriod() {
    RateLimit limit = new RateLimit(3, 30);
    long start = Long.MAX_VALUE - 20;
    for (int i = 0; i < 3; i++) assertTrue(limit.take(start));
    assertFalse(limit.take(start));
    assertFalse(limit.take(start + 9));
    assertTrue(limit.take(start + 10));
    assertFalse(limit.take(start + 19));
    for (int i = 0; i < 3; i++) assertTrue(limit.take(start + 100));
    assertFalse(limit.take(start + 100));
  }
}
