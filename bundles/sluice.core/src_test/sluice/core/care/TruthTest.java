package sluice.core.care;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TruthTest {
  private static final int X = Truth.UNREADABLE;

  private static int of(int preferred, int... content) {
    return Truth.of(content, preferred);
  }

  @Test
  void ofTwoThatDifferNobodyKnows() {
    assertEquals(Truth.UNKNOWN, of(-1, 0, 1));
    assertEquals(Truth.UNKNOWN, of(-1, 0, 0, 2, 2));
    assertEquals(Truth.UNKNOWN, of(-1, 0, 1, 2));
  }

  @Test
  void moreThanHalfAreRight() {
    assertEquals(0, of(-1, 0, 1, 0));
    assertEquals(1, of(-1, 0, 1, 1));
    assertEquals(0, of(-1, 0, 0, 2, 0));
  }

  @Test
  void whatCanBeReadIsRightIfItIsOfOneMind() {
    assertEquals(1, of(-1, X, 1));
    assertEquals(1, of(-1, X, 1, 1));
    assertEquals(Truth.UNKNOWN, of(-1, X, 1, 2));
    assertEquals(Truth.UNKNOWN, of(-1, X, X));
  }

  @Test
  void theAdministratorsWordGoesFirstButNotForWhatCannotBeRead() {
    assertEquals(0, of(0, 0, 1, 1));
    assertEquals(Truth.UNKNOWN, of(0, X, 1));
  }
}
