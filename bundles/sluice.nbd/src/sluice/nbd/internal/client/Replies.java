package sluice.nbd.internal.client;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import sluice.api.block.BlockRequest;
import sluice.io.NettyBuffer;
import sluice.nbd.internal.Nbd;
import sluice.nbd.internal.WireErrors;

/** Relates replies to the requests they answer, and refuses those that cannot be. */
final class Replies implements ReplyReader.Sink {
  private final Pipeline pipeline;
  private final WirePlan plan;

  Replies(Pipeline pipeline, WirePlan plan) {
    this.pipeline = pipeline;
    this.plan = plan;
  }

  @Override
  public int simple(long cookie, int error) throws MalformedReply {
    Slot slot = pipeline.slot(cookie);
    if (error != 0) {
      slot.error = WireErrors.fromWire(error);
      return 0;
    }
    if (slot.command == Nbd.CMD_BLOCK_STATUS) throw new MalformedReply("a question about allocation has no answer");
    if (slot.command != Nbd.CMD_READ) return 0;
    // "Structured replies": once agreed on, READ is answered with nothing else.
    if (plan.structured()) throw new MalformedReply("a READ is answered with a simple reply");
    slot.coverage.add(slot.offset, slot.end());
    return (int) slot.length;
  }

  @Override
  public void chunk(long cookie, int type) throws MalformedReply {
    Slot slot = pipeline.slot(cookie);
    boolean fits = switch (type) {
      case Nbd.REPLY_OFFSET_DATA, Nbd.REPLY_OFFSET_HOLE -> slot.command == Nbd.CMD_READ;
      case Nbd.REPLY_BLOCK_STATUS -> slot.command == Nbd.CMD_BLOCK_STATUS && slot.described == 0;
      default -> true;
    };
    if (!fits) throw new MalformedReply("a chunk of type " + type + " answers command " + slot.command);
  }

  @Override
  public ByteBuf data(long cookie) {
    try {
      Slot slot = pipeline.slot(cookie);
      return target(slot, slot.offset, (int) slot.length);
    } catch (MalformedReply e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public ByteBuf data(long cookie, long offset, int length) throws MalformedReply {
    Slot slot = pipeline.slot(cookie);
    cover(slot, offset, length);
    return target(slot, offset, length);
  }

  private static void cover(Slot slot, long offset, long length) throws MalformedReply {
    if (length == 0 || offset < slot.offset || offset >= slot.end() || length > slot.end() - offset) {
      throw new MalformedReply("a chunk lies outside of what was read");
    }
    slot.coverage.add(offset, offset + length);
  }

  private static ByteBuf target(Slot slot, long offset, int length) {
    if (slot.operation == null) return null;
    int at = index(slot, offset);
    return NettyBuffer.of(slot.operation.request.buffer).slice(at, length).writerIndex(at);
  }

  private static int index(Slot slot, long offset) {
    BlockRequest request = slot.operation.request;
    return request.bufferIndex + (int) (offset - request.offset);
  }

  @Override
  public void hole(long cookie, long offset, long length) throws MalformedReply {
    Slot slot = pipeline.slot(cookie);
    cover(slot, offset, length);
    if (slot.operation == null) return;
    int at = index(slot, offset);
    ByteBuffer bytes = slot.operation.request.buffer.bytes();
    int end = at + (int) length;
    for (; at + 8 <= end; at += 8) bytes.putLong(at, 0);
    for (; at < end; at++) bytes.put(at, (byte) 0);
  }

  @Override
  public void context(long cookie, int id) throws MalformedReply {
    if (id != plan.statusContext()) throw new MalformedReply("a status of context " + id + " that was not selected");
  }

  @Override
  public void extent(long cookie, long length, int flags) throws MalformedReply {
    Slot slot = pipeline.slot(cookie);
    // The last extent may reach further than was asked.
    long n = Math.min(length, slot.length - slot.described);
    if (n <= 0) throw new MalformedReply("extents go on beyond what was asked");
    slot.described += n;
    if (slot.operation != null) slot.operation.sink.range(n, flags & 3);
  }

  @Override
  public void error(long cookie, int error) throws MalformedReply {
    Slot slot = pipeline.slot(cookie);
    if (slot.error == 0) slot.error = WireErrors.fromWire(error);
  }

  @Override
  public void done(long cookie) throws MalformedReply {
    Slot slot = pipeline.slot(cookie);
    if (slot.error == 0) {
      if (slot.command == Nbd.CMD_READ && !slot.coverage.covers(slot.offset, slot.end())) {
        throw new MalformedReply("a reply leaves out a part of what was read");
      }
      if (slot.command == Nbd.CMD_BLOCK_STATUS && slot.described == 0) throw new MalformedReply("a status without extents");
    }
    pipeline.answered(slot);
  }
}
