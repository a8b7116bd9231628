package sluice.cli.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class RedirectedTest {
  private static final long MS = 1_000_000;
  private static final int BLOCK = 4096;
  private final Redirected redirected = new Redirected(1 << 20, BLOCK);

  @Test
  void aRequestCountsFromItsErrorOn() {
    redirected.refused((1 << 20) + 3 * BLOCK, 15 * MS);
    redirected.answered(3, 10 * MS, 22 * MS);
    assertArrayEquals(new double[] {7}, redirected.milliseconds());
  }

  @Test
  void whatMetNoErrorDoesNotCount() {
    redirected.refused((1 << 20) + 3 * BLOCK, 15 * MS);
    redirected.answered(4, 10 * MS, 22 * MS);
    redirected.refused(4096, 15 * MS);
    redirected.answered(1, 10 * MS, 22 * MS);
    assertArrayEquals(new double[0], redirected.milliseconds());
  }

  @Test
  void anErrorBeforeItWasSentWasAnothersAndCountsOnce() {
    redirected.refused(1 << 20, 5 * MS);
    redirected.answered(0, 10 * MS, 22 * MS);
    redirected.refused(1 << 20, 25 * MS);
    redirected.answered(0, 24 * MS, 27 * MS);
    redirected.answered(0, 28 * MS, 30 * MS);
    assertArrayEquals(new double[] {2}, redirected.milliseconds());
  }
}
