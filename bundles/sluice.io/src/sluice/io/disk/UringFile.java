package sluice.io.disk;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.Future;
import sluice.io.NettyLoop;

/**
 * A handle on a loop's io_uring by which one disk sends its operations, whatever Netty itself does on that ring.
 *
 * <p>Netty passes an operation in a value of its own; the compiler takes it apart, so that it costs no memory once warm.
 */
final class UringFile implements IoUringIoHandle, Ring {
  private final Owner owner;
  private IoRegistration registration;

  UringFile(Owner owner) {
    this.owner = owner;
  }

  /** Any thread; {@code then} runs on the loop, told whether the loop has taken the handle. */
  void register(NettyLoop loop, java.util.function.Consumer<Boolean> then) {
    loop.eventLoop().register(this).addListener((Future<IoRegistration> f) -> {
      if (f.isSuccess()) registration = f.getNow();
      then.accept(f.isSuccess());
    });
  }

  @Override
  public boolean submit(byte op, int fd, long offset, long address, int length, int flags, int slot) {
    if (!registration.isValid()) return false;
    registration.submit(
        new IoUringIoOps(op, (byte) 0, (short) 0, fd, offset, address, length, flags, (long) slot, (short) 0,
            (short) 0, 0, 0L));
    return true;
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
}
