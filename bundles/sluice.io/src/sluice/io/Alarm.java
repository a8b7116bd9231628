package sluice.io;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Buffer;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.CleanableDirectBuffer;

/**
 * Wakes a loop when its next scheduled task is due, by time-outs that stay on the ring until they fire.
 *
 * <p>Netty sends a time-out with every wait and the kernel takes it back with every event: two completions more and one
 * entry of the kernel more for each. A loop that carries I/O waits thousands of times between two deadlines. On the loop
 * only.
 */
final class Alarm implements IoUringIoHandle {
  /** The kernel's IORING_OP_TIMEOUT and IORING_OP_TIMEOUT_REMOVE (include/uapi/linux/io_uring.h). */
  private static final byte TIMEOUT = 11;
  private static final byte TIMEOUT_REMOVE = 12;
  /** Time-outs on the ring at once: each is for an earlier time than those before. Beyond, Netty's own take over. */
  private static final int MOST = 4;
  private static final short REMOVING = MOST;
  private static final long NONE = Long.MAX_VALUE;
  private static final long SECOND = 1_000_000_000L;

  /** When each will fire, in the loop's own time; NONE if it is not on the ring. */
  private final long[] due = {NONE, NONE, NONE, NONE};
  private final long[] ids = new long[MOST];
  private final Quiet quiet = new Quiet();
  private CleanableDirectBuffer timespec;
  private IoRegistration registration;

  /** Any thread: takes effect a little later. */
  void start(IoEventLoop loop) {
    loop.register(this).addListener((Future<IoRegistration> f) -> {
      if (!f.isSuccess()) return;
      timespec = Buffer.allocateDirectBufferWithNativeOrder(2 * Long.BYTES);
      registration = f.getNow();
    });
  }

  /** What to let the handler see: that nothing is due, if a time-out is set for it. */
  IoHandlerContext cover(IoHandlerContext context) {
    if (registration == null || !context.canBlock()) return context;
    long deadline = context.deadlineNanos();
    if (deadline != -1 && !set(deadline, context)) return context;
    quiet.real = context;
    return quiet;
  }

  private boolean set(long deadline, IoHandlerContext context) {
    int free = -1;
    for (int i = 0; i < MOST; i++) {
      if (due[i] == NONE) free = i;
      else if (due[i] - deadline <= 0) return true;
    }
    long delay = free < 0 ? 0 : context.delayNanos(System.nanoTime());
    if (delay <= 0) return false;
    // Copied by the kernel when it takes the operation, which is before the next one is made.
    timespec.buffer().putLong(0, delay / SECOND).putLong(Long.BYTES, delay % SECOND);
    ids[free] = submit(TIMEOUT, Buffer.memoryAddress(timespec.buffer()), 1, (short) free);
    due[free] = deadline;
    return true;
  }

  private long submit(byte op, long address, int length, short slot) {
    return registration.submit(new IoUringIoOps(op, (byte) 0, (short) 0, -1, 0, address, length, 0, slot, (short) 0,
        (short) 0, 0, 0L));
  }

  @Override
  public void handle(IoRegistration from, IoEvent event) {
    int slot = (int) ((IoUringIoEvent) event).userData();
    if (slot < MOST) due[slot] = NONE;
  }

  /** The loop is ending: what is on the ring is taken back, for the ring waits for it. */
  @Override
  public void close() {
    if (registration == null) return;
    for (int i = 0; i < MOST; i++) if (due[i] != NONE) submit(TIMEOUT_REMOVE, ids[i], 0, REMOVING);
    registration.cancel();
    registration = null;
  }

  /** The loop has ended. */
  void free() {
    if (timespec != null) timespec.clean();
    timespec = null;
  }

  private static final class Quiet implements IoHandlerContext {
    private IoHandlerContext real;

    @Override
    public boolean canBlock() {
      return real.canBlock();
    }

    @Override
    public long delayNanos(long now) {
      return real.delayNanos(now);
    }

    @Override
    public long deadlineNanos() {
      return -1;
    }

    @Override
    public boolean shouldReportActiveIoTime() {
      return real.shouldReportActiveIoTime();
    }

    @Override
    public void reportActiveIoTime(long nanos) {
      real.reportActiveIoTime(nanos);
    }
  }
}
