package sluice.io.disk;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.function.Consumer;
import sluice.api.block.IoError;
import sluice.io.NettyLoop;

/**
 * A handle on a loop's io_uring by which one disk sends its operations, whatever Netty itself does on that ring.
 *
 * <p>Operations gather until the end of the batch. Netty enters the kernel after it has handed out its events if there is
 * something to submit, and then again to wait; what is added after that goes with the waiting, one entry fewer each time.
 */
final class UringFile implements IoUringIoHandle, Ring {
  private final Owner owner;
  /** The first {@link #count} are to be sent; the rest are there for the next batch. */
  private final ArrayList<Operation> gathered = new ArrayList<>();
  private final Runnable send = this::send;
  private int count;
  private NettyLoop loop;
  private IoRegistration registration;

  UringFile(Owner owner) {
    this.owner = owner;
  }

  /** Any thread; {@code then} runs on the loop, told whether the loop has taken the handle. */
  void register(NettyLoop on, Consumer<Boolean> then) {
    loop = on;
    on.eventLoop().register(this).addListener((Future<IoRegistration> f) -> {
      if (f.isSuccess()) registration = f.getNow();
      then.accept(f.isSuccess());
    });
  }

  @Override
  public boolean submit(byte op, int fd, long offset, long address, int length, int flags, int slot) {
    if (!registration.isValid()) return false;
    if (count == 0) loop.atEndOfBatch(send);
    if (count == gathered.size()) gathered.add(new Operation());
    gathered.get(count++).set(op, fd, offset, address, length, flags, slot);
    return true;
  }

  /** Nothing completes while it is being sent, unless the ring has gone; what is added then is sent as well. */
  private void send() {
    for (int i = 0; i < count; i++) {
      Operation o = gathered.get(i);
      if (registration.isValid()) registration.submit(o.ops());
      else owner.completed(o.slot, -IoError.ENXIO);
    }
    count = 0;
  }

  @Override
  public void unregister() {
    registration.cancel();
  }

  @Override
  public void handle(IoRegistration from, IoEvent event) {
    IoUringIoEvent e = (IoUringIoEvent) event;
    owner.completed((int) e.userData(), e.res());
  }

  @Override
  public void close() {
    owner.cutOff();
  }

  private static final class Operation {
    private byte op;
    private int fd;
    private long offset;
    private long address;
    private int length;
    private int flags;
    private int slot;

    void set(byte newOp, int newFd, long newOffset, long newAddress, int newLength, int newFlags, int newSlot) {
      op = newOp;
      fd = newFd;
      offset = newOffset;
      address = newAddress;
      length = newLength;
      flags = newFlags;
      slot = newSlot;
    }

    /** Netty wants a value of its own; the compiler takes it apart, so that it costs no memory once warm. */
    IoUringIoOps ops() {
      return new IoUringIoOps(op, (byte) 0, (short) 0, fd, offset, address, length, flags, (long) slot, (short) 0,
          (short) 0, 0, 0L);
    }
  }
}
