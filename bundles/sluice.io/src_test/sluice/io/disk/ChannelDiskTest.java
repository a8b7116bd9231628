package sluice.io.disk;

import sluice.io.LoopKind;

class ChannelDiskTest extends FileDiskContract {
  ChannelDiskTest() {
    super(LoopKind.EPOLL, "");
  }
}
