package sluice.io.disk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.io.device.Drain;
import sluice.io.device.RequestCheck;
import sluice.io.disk.UringSlot.Step;

/**
 * A file or block device on its loop's io_uring. At most {@link #MAX_UNDER_WAY} requests are with the kernel; more
 * wait, first come first served.
 *
 * <p>A transfer that ends short is continued; one that ends with nothing is EIO (the file was cut off below). Where
 * the file system or device has no way to punch or zero a range, zeroes are written; a TRIM that cannot be done is a
 * hint not taken. FUA is RWF_DSYNC on the write itself, which block devices with FUA turn into one command, and
 * fdatasync for the rest.
 */
final class UringDisk implements BlockDevice, Ring.Owner {
  static final int MAX_UNDER_WAY = 4096;

  static final int CLOSE_SLOT = Ring.MAX_SLOT;
  /** Interrupted operations are sent again this often in a row. */
  private static final int MAX_RETRIES = 16;
  /** One FALLOCATE holds up the file's other changes: bytes to send it with at most. */
  private static final long RANGE_CHUNK = 1L << 30;
  private static final int RWF_DSYNC = 2;
  private static final int FSYNC_DATASYNC = 1;
  private static final int KEEP_SIZE_PUNCH_HOLE = 0x3;
  private static final int KEEP_SIZE_ZERO_RANGE = 0x11;
  private static final int FADV_WILLNEED = 3;

  private final IoLoop loop;
  private final DiskFacts facts;
  private final Ring file;
  private final int fd;
  private final HoleMap holes;
  private final FailureLog failures;
  private final Drain drain;
  private final ArrayList<UringSlot> slots = new ArrayList<>();
  private final ArrayDeque<UringSlot> free = new ArrayDeque<>();
  private final ArrayDeque<BlockRequest> waiting = new ArrayDeque<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private boolean dsync = true;
  private boolean punch = true;
  private boolean zeroRange = true;
  private boolean beginning;

  UringDisk(IoLoop loop, DiskFacts facts, Ring file, int fd, HoleMap holes) {
    this.loop = loop;
    this.facts = facts;
    this.file = file;
    this.fd = fd;
    this.holes = holes;
    failures = new FailureLog(facts.path(), loop);
    drain = new Drain(loop, this::closeFile);
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return facts.traits();
  }

  @Override
  public void submit(BlockRequest request) {
    int error = drain.closing() ? IoError.ESHUTDOWN : RequestCheck.error(request, facts.traits());
    if (error != IoError.OK || RequestCheck.empty(request) || request.op == BlockOp.CACHE && facts.direct()) {
      request.completed(error);
      return;
    }
    drain.enter();
    UringSlot slot = waiting.isEmpty() ? takeSlot() : null;
    if (slot == null) waiting.add(request);
    else begin(slot, request);
  }

  private UringSlot takeSlot() {
    UringSlot slot = free.pollLast();
    if (slot == null && slots.size() < MAX_UNDER_WAY) {
      slot = new UringSlot(slots.size());
      slots.add(slot);
    }
    return slot;
  }

  private void begin(UringSlot slot, BlockRequest request) {
    slot.start(request, firstStep(request));
    send(slot);
  }

  private Step firstStep(BlockRequest request) {
    return switch (request.op) {
      case READ, WRITE -> Step.TRANSFER;
      case FLUSH -> Step.SYNC;
      case CACHE -> Step.ADVISE;
      case TRIM -> Step.PUNCH;
      case WRITE_ZEROES -> {
        if (punch && (request.flags & BlockRequest.NO_HOLE) == 0) yield Step.PUNCH;
        yield zeroRange ? Step.ZERO_RANGE : Step.WRITE_ZEROES;
      }
    };
  }

  private void send(UringSlot slot) {
    BlockRequest r = slot.request;
    long offset = r.offset + slot.done;
    long left = slot.left();
    int syncFlag = r.fua() && dsync ? RWF_DSYNC : 0;
    boolean sent = switch (slot.step) {
      case TRANSFER -> {
        long address = r.buffer.address() + r.bufferIndex + slot.done;
        slot.sent = left;
        if (r.op == BlockOp.READ) yield file.submit(Ring.READ, fd, offset, address, (int) left, 0, slot.number);
        yield file.submit(Ring.WRITE, fd, offset, address, (int) left, syncFlag, slot.number);
      }
      case WRITE_ZEROES -> {
        slot.sent = Math.min(left, Zeroes.LENGTH);
        yield file.submit(Ring.WRITE, fd, offset, Zeroes.ADDRESS, (int) slot.sent, syncFlag, slot.number);
      }
      case PUNCH -> fallocate(slot, offset, KEEP_SIZE_PUNCH_HOLE);
      case ZERO_RANGE -> fallocate(slot, offset, KEEP_SIZE_ZERO_RANGE);
      case ADVISE -> {
        slot.sent = Math.min(left, RANGE_CHUNK);
        yield file.submit(Ring.FADVISE, fd, offset, 0, (int) slot.sent, FADV_WILLNEED, slot.number);
      }
      case SYNC -> file.submit(Ring.FSYNC, fd, 0, 0, 0, FSYNC_DATASYNC, slot.number);
    };
    if (!sent) finish(slot, IoError.ESHUTDOWN);
  }

  private boolean fallocate(UringSlot slot, long offset, int mode) {
    slot.sent = Math.min(slot.left(), RANGE_CHUNK);
    return file.submit(Ring.FALLOCATE, fd, offset, slot.sent, mode, 0, slot.number);
  }

  @Override
  public void completed(int number, int result) {
    if (number == CLOSE_SLOT) {
      file.unregister();
      closed.complete(null);
      return;
    }
    UringSlot slot = slots.get(number);
    if (result < 0 && Errno.transientFailure(-result) && slot.retries++ < MAX_RETRIES) send(slot);
    else if (result < 0) failed(slot, -result);
    else succeeded(slot, result);
  }

  private void succeeded(UringSlot slot, int result) {
    slot.retries = 0;
    switch (slot.step) {
      case SYNC -> finish(slot, IoError.OK);
      case TRANSFER, WRITE_ZEROES -> {
        if (result == 0) {
          failures.failed(slot.request, "the disk ends before, it was cut off");
          finish(slot, IoError.EIO);
        } else {
          advance(slot, result);
        }
      }
      case PUNCH, ZERO_RANGE, ADVISE -> advance(slot, slot.sent);
    }
  }

  private void advance(UringSlot slot, long bytes) {
    slot.done += bytes;
    if (slot.left() > 0) {
      send(slot);
    } else if (slot.request.fua() && !stableAlready(slot)) {
      slot.step = Step.SYNC;
      send(slot);
    } else {
      finish(slot, IoError.OK);
    }
  }

  private boolean stableAlready(UringSlot slot) {
    return dsync && slot.step == Step.TRANSFER || !slot.request.op.changesData();
  }

  private void failed(UringSlot slot, int errno) {
    boolean unsupported = Errno.unsupported(errno);
    if (unsupported && slot.step == Step.PUNCH) {
      punch = false;
      if (slot.request.op == BlockOp.TRIM) {
        finish(slot, IoError.OK);
        return;
      }
      slot.step = zeroRange ? Step.ZERO_RANGE : Step.WRITE_ZEROES;
      send(slot);
    } else if (unsupported && slot.step == Step.ZERO_RANGE) {
      zeroRange = false;
      slot.step = Step.WRITE_ZEROES;
      send(slot);
    } else if (unsupported && slot.request.op.changesData() && slot.request.fua() && dsync) {
      dsync = false;
      send(slot);
    } else if (slot.step == Step.ADVISE) {
      finish(slot, IoError.OK);
    } else {
      failures.failed(slot.request, "error " + errno);
      finish(slot, Errno.toIoError(errno));
    }
  }

  private void finish(UringSlot slot, int error) {
    BlockRequest ended = slot.request;
    slot.request = null;
    free.addLast(slot);
    ended.completed(error);
    drain.leave();
    if (!beginning) beginWaiting();
  }

  /** Flat also when the ring is gone and what is begun ends at once. */
  private void beginWaiting() {
    beginning = true;
    while (!waiting.isEmpty()) {
      UringSlot next = takeSlot();
      if (next == null) break;
      begin(next, waiting.poll());
    }
    beginning = false;
  }

  /** Files say where they have holes; of a block device nothing is known. */
  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (offset < 0 || length <= 0 || offset > facts.size() - length) {
      sink.completed(IoError.EINVAL);
    } else if (facts.block()) {
      BlockDevice.super.status(offset, length, sink);
    } else if (!drain.enter()) {
      sink.completed(IoError.ESHUTDOWN);
    } else {
      holes.ask(offset, length, loop, sink, drain::leave);
    }
  }

  @Override
  public CompletionStage<Void> close() {
    return drain.close();
  }

  @Override
  public void cutOff() {
    drain.close();
  }

  private CompletionStage<Void> closeFile() {
    holes.close();
    if (!file.submit(Ring.CLOSE, fd, 0, 0, 0, 0, CLOSE_SLOT)) closed.complete(null);
    return closed;
  }

  @Override
  public String toString() {
    return "disk " + facts.path();
  }
}
