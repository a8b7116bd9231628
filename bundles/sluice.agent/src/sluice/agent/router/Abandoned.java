package sluice.agent.router;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoLoop;

/** Attempts that nobody waits for any more, and the memory they still have. */
final class Abandoned {
  private static final Logger LOG = LoggerFactory.getLogger(Abandoned.class);
  /** Bytes of reads that were given up and whose memory is still out; at the bound late reads just wait. */
  static final long MAX_BYTES = 64 << 20;

  private final String name;
  private final IoLoop loop;
  private long bytes;

  Abandoned(String name, IoLoop loop) {
    this.name = name;
    this.loop = loop;
  }

  /** Leaves the attempt to itself; a read gets fresh memory. False if there is no more of that to be had. */
  boolean leave(RoutedIo io) {
    Attempt a = io.attempt;
    if (a.buffer != null) {
      int room = io.user.bufferIndex - IoBuffer.HEADROOM + (int) io.user.length;
      if (room > BlockDevice.MAX_TRANSFER || bytes + a.buffer.capacity() > MAX_BYTES) return false;
      IoBuffer fresh;
      try {
        fresh = loop.buffers().take(Math.max(0, room));
      } catch (RuntimeException e) {
        LOG.warn("volume {}: no memory to read by the other way: {}", name, e.getMessage());
        return false;
      }
      bytes += a.buffer.capacity();
      io.user.buffer = fresh;
    }
    a.io = null;
    io.attempt = null;
    return true;
  }

  /** Its way has settled it. */
  void ended(Attempt a) {
    if (a.buffer == null) return;
    bytes -= a.buffer.capacity();
    a.buffer.release();
  }
}
