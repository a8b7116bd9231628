package sluice.volume;

import static org.junit.jupiter.api.Assertions.assertTrue;

import sluice.volume.VolumeEngine.OnLegFailure;
import sluice.volume.testing.FakeDisk;
import sluice.volume.testing.Rig;

/** A volume of two legs on disks that do what the test says. */
abstract class EngineFixture {
  static final int MIB = Rig.MIB;
  final Rig rig = new Rig(8);

  final FakeDisk a() {
    return rig.disk("a");
  }

  final FakeDisk b() {
    return rig.disk("b");
  }

  final void mirror(OnLegFailure policy) {
    rig.open(rig.mirror("a b"), policy);
  }

  /** Marks the region and forgets what the disks have seen so far. */
  final void warm(long offset) {
    assertTrue(rig.write(offset, 4096, 1).good());
    a().log.clear();
    b().log.clear();
  }

  final void later() {
    a().atOnce = false;
    b().atOnce = false;
  }
}
