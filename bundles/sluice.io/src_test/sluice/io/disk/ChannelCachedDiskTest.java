package sluice.io.disk;

import sluice.io.LoopKind;

class ChannelCachedDiskTest extends FileDiskContract {
  ChannelCachedDiskTest() {
    super(LoopKind.EPOLL, "?cache=on");
  }
}
