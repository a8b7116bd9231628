package sluice.io.disk;

import io.netty.channel.unix.Buffer;
import io.netty.util.internal.CleanableDirectBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.io.NettyLoop;

/** Opens a file on a ring: registers the handle, then OPENAT; hands the handle over to the disk. */
final class UringOpen implements Ring.Owner {
  private static final int AT_FDCWD = -100;
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 02000000;

  private final DiskUri uri;
  private final DiskFacts facts;
  private final boolean readOnly;
  private final NettyLoop loop;
  private final Executor threads;
  private final CompletableFuture<BlockDevice> opened;
  private final UringFile file = new UringFile(this);
  /** The path for the kernel, until it has answered. */
  private CleanableDirectBuffer path;
  private UringDisk disk;

  private UringOpen(DiskUri uri, DiskFacts facts, boolean readOnly, NettyLoop loop, Executor threads,
      CompletableFuture<BlockDevice> opened) {
    this.uri = uri;
    this.facts = facts;
    this.readOnly = readOnly;
    this.loop = loop;
    this.threads = threads;
    this.opened = opened;
  }

  /** Any thread. */
  static void start(DiskUri uri, DiskFacts facts, boolean readOnly, NettyLoop loop, Executor threads,
      CompletableFuture<BlockDevice> opened) {
    UringOpen open = new UringOpen(uri, facts, readOnly, loop, threads, opened);
    try {
      open.file.register(loop, open::registered);
    } catch (RejectedExecutionException e) {
      opened.completeExceptionally(DiskProblem.loopGone(uri));
    }
  }

  private void registered(boolean taken) {
    if (!taken) {
      opened.completeExceptionally(DiskProblem.loopGone(uri));
      return;
    }
    byte[] name = facts.path().toString().getBytes(StandardCharsets.UTF_8);
    path = Buffer.allocateDirectBufferWithNativeOrder(name.length + 1);
    path.buffer().put(0, name).put(name.length, (byte) 0);
    int flags = O_CLOEXEC | (readOnly ? 0 : O_RDWR) | (facts.direct() ? oDirect(System.getProperty("os.arch")) : 0);
    file.submit(Ring.OPENAT, AT_FDCWD, 0, Buffer.memoryAddress(path.buffer()), 0, flags, 0);
  }

  /** The kernel's number for O_DIRECT is not the same everywhere (arch/&#42;/include/uapi/asm/fcntl.h). */
  static int oDirect(String arch) {
    return switch (arch) {
      case "aarch64", "arm" -> 0200000;
      case "ppc64le", "ppc64" -> 0400000;
      default -> 040000;
    };
  }

  @Override
  public void completed(int slot, int result) {
    if (disk != null) {
      disk.completed(slot, result);
      if (slot == UringDisk.CLOSE_SLOT) loop.detach(disk);
      return;
    }
    path.clean();
    if (result < 0) {
      file.unregister();
      opened.completeExceptionally(DiskProblem.open(uri, -result, readOnly, facts.direct()));
      return;
    }
    disk = new UringDisk(loop, facts, file, result, new HoleMap(facts.path(), threads));
    loop.attach(disk);
    opened.complete(disk);
  }

  @Override
  public void cutOff() {
    if (disk != null) disk.cutOff();
  }
}
