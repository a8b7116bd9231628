package sluice.io.device;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * A device of another loop, for use on this one: requests hop to the device's loop, completions hop back.
 *
 * <p>What piles up while a hop is under way goes with the next one, so a burst costs one wake-up each way. Memory of
 * the request's buffer is read and written by the other loop while the request is under way; its owner stays this
 * loop. It owns the device: closing closes it.
 */
public final class HopDevice implements BlockDevice {
  private final BlockDevice target;
  private final IoLoop here;
  private final Drain drain;
  private final HopStack there = new HopStack();
  private final HopStack back = new HopStack();
  private final Runnable arrive = this::arrive;
  private final Runnable comeBack = this::comeBack;
  private Hop free;

  /** @param here the loop on which the device will be used */
  public HopDevice(BlockDevice target, IoLoop here) {
    this.target = target;
    this.here = here;
    drain = new Drain(here, () -> target.close().thenRunAsync(() -> {}, here));
  }

  /** The device for use on a loop: itself if it belongs to that loop. */
  public static BlockDevice on(IoLoop loop, BlockDevice device) {
    return device.loop() == loop ? device : new HopDevice(device, loop);
  }

  @Override
  public IoLoop loop() {
    return here;
  }

  @Override
  public BlockTraits traits() {
    return target.traits();
  }

  @Override
  public void submit(BlockRequest request) {
    if (!drain.enter()) {
      request.completed(IoError.ESHUTDOWN);
      return;
    }
    Hop hop = free;
    if (hop == null) hop = new Hop();
    else free = hop.nextHop;
    hop.parent = request;
    hop.set(request.op, request.flags, request.offset, request.length);
    hop.buffer = request.buffer;
    hop.bufferIndex = request.bufferIndex;
    if (!there.push(hop)) return;
    try {
      target.loop().execute(arrive);
    } catch (RejectedExecutionException e) {
      targetIsGone();
    }
  }

  /** The device's loop has ended, and all it had under way with it: what was sent since has not arrived anywhere. */
  private void targetIsGone() {
    for (Hop hop = there.takeAll(); hop != null; ) {
      Hop next = hop.nextHop;
      ended(hop, IoError.ENXIO);
      hop = next;
    }
  }

  /** On the target's loop. */
  private void arrive() {
    for (Hop hop = there.takeAll(); hop != null; ) {
      Hop next = hop.nextHop;
      hop.nextHop = null;
      target.submit(hop);
      hop = next;
    }
  }

  /** On this device's loop. */
  private void comeBack() {
    for (Hop hop = back.takeAll(); hop != null; ) {
      Hop next = hop.nextHop;
      ended(hop, hop.error);
      hop = next;
    }
  }

  private void ended(Hop hop, int error) {
    BlockRequest ended = hop.parent;
    hop.parent = null;
    ended.buffer = hop.buffer;
    hop.buffer = null;
    hop.nextHop = free;
    free = hop;
    ended.completed(error);
    drain.leave();
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (!drain.enter()) {
      sink.completed(IoError.ESHUTDOWN);
      return;
    }
    HoppedStatus hopped = new HoppedStatus(here, sink, drain::leave);
    try {
      target.loop().execute(() -> target.status(offset, length, hopped));
    } catch (RejectedExecutionException e) {
      hopped.completed(IoError.ENXIO);
    }
  }

  @Override
  public CompletionStage<Void> close() {
    return drain.close();
  }

  @Override
  public String toString() {
    return target + " from another loop";
  }

  final class Hop extends BlockRequest {
    private BlockRequest parent;
    private int error;
    Hop nextHop;

    /** On the target's loop. */
    @Override
    public void completed(int error) {
      this.error = error;
      if (!back.push(this)) return;
      try {
        here.execute(comeBack);
      } catch (RejectedExecutionException e) {
        // The loop that asked has ended, and who asked with it.
        back.takeAll();
      }
    }
  }
}
