package sluice.io.disk;

import sluice.io.LoopKind;

class UringCachedDiskTest extends FileDiskContract {
  UringCachedDiskTest() {
    super(LoopKind.IO_URING, "?cache=on");
  }
}
