package sluice.testkit.check;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import sluice.testkit.disk.Platter;
import sluice.testkit.world.World;

class HistoryTest {
  private final World world = new World(1, false);
  private final History history = new History(world, "v");

  private History.Writing begin(long stamp) {
    tick();
    return history.write(0, Platter.PAGE, stamp);
  }

  private void acknowledged(long stamp) {
    History.Writing w = begin(stamp);
    tick();
    w.acknowledged();
  }

  private History.Reading reading() {
    tick();
    return history.read(0, Platter.PAGE);
  }

  private void returns(History.Reading reading, long stamp) {
    tick();
    long[] stamps = new long[Platter.PAGE / Platter.SECTOR];
    Arrays.fill(stamps, stamp);
    reading.returned(stamps, "a host");
  }

  private void tick() {
    world.runUntil(world.now() + 1);
  }

  @Test
  void whatWasNeverWrittenReadsAsZeroes() {
    returns(reading(), 0);
    assertNull(world.broken());
  }

  @Test
  void anOlderValueThanTheLastAcknowledgedIsNoticed() {
    acknowledged(1);
    acknowledged(2);
    returns(reading(), 1);
    assertNotNull(world.broken());
  }

  @Test
  void aReadMayReturnWhatIsBeingWrittenOrWhatWasThereBefore() {
    acknowledged(1);
    History.Writing second = begin(2);
    returns(reading(), 2);
    returns(reading(), 1);
    History.Reading third = reading();
    tick();
    second.acknowledged();
    returns(third, 1);
    assertNull(world.broken());
  }

  @Test
  void anUnacknowledgedWriteMayShowUntilItIsWrittenOver() {
    acknowledged(1);
    begin(2).ended();
    returns(reading(), 1);
    returns(reading(), 2);
    assertNull(world.broken());
    acknowledged(3);
    returns(reading(), 2);
    assertNotNull(world.broken());
  }

  @Test
  void onceReconciledAllReadersSeeTheSame() {
    acknowledged(1);
    begin(2).settled();
    returns(reading(), 1);
    assertNull(world.broken());
    returns(reading(), 2);
    assertNotNull(world.broken());
  }

  @Test
  void aValueThatWasNeverWrittenIsNoticed() {
    acknowledged(1);
    returns(reading(), 7);
    assertNotNull(world.broken());
  }
}
