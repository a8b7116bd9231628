package sluice.io.disk;

import sluice.io.LoopKind;

class UringLoopDeviceTest extends LoopDeviceContract {
  @Override
  LoopKind kind() {
    return LoopKind.IO_URING;
  }
}
