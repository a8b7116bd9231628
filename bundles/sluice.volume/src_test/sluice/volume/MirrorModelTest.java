package sluice.volume;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Random loads, faults, layouts and power cuts against what a volume promises; see {@link MirrorModel}. */
class MirrorModelTest {
  private static final int SEEDS = Integer.getInteger("sluice.volume.seeds", 1000);

  @Test
  void whatAVolumePromisesHoldsUnderRandomFaultsAndLayouts() {
    long first = Long.getLong("sluice.volume.seed", 1);
    int cuts = 0;
    int filled = 0;
    for (long seed = first; seed < first + SEEDS; seed++) {
      MirrorModel model = new MirrorModel(seed);
      try {
        model.run();
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + " (-Dsluice.volume.seed=" + seed + "): " + e.getMessage(), e);
      }
      cuts += model.cuts;
      filled += model.filled;
    }
    if (SEEDS >= 1000) assertTrue(cuts > SEEDS / 4 && filled > SEEDS / 4, cuts + " cuts, " + filled + " legs filled");
  }
}
