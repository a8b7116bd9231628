package sluice.io.disk;

import sluice.io.LoopKind;

class ChannelLoopDeviceTest extends LoopDeviceContract {
  @Override
  LoopKind kind() {
    return LoopKind.EPOLL;
  }
}
