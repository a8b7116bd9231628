package sluice.volume.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.core.snapshot.SnapshotMap;

/**
 * A snapshot as a device that is read only: chunks that are preserved from the areas, the others from the volume. What was read
 * from the volume counts only if the map still has nothing for it afterwards (invariant 6): a change that came meanwhile was let go
 * when the chunk was on the map, and not before.
 *
 * <p>On the loop.
 */
public final class SnapshotView implements BlockDevice {
  private final IoLoop loop;
  private final Preserver preserver;
  private final SnapshotStore store;
  private final long number;
  private final BlockTraits traits;
  private int underWay;
  private Runnable whenIdle;

  SnapshotView(IoLoop loop, Preserver preserver, long number, long size) {
    this.loop = loop;
    this.preserver = preserver;
    this.number = number;
    store = preserver.store();
    traits = new BlockTraits(size & -4096, 4096, 4096, true, false, false, false);
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return traits;
  }

  /** Any thread: of the snapshot. */
  public long number() {
    return number;
  }

  @Override
  public void submit(BlockRequest request) {
    if (whenIdle != null) request.completed(IoError.ENXIO);
    else if (request.op == BlockOp.FLUSH || request.op == BlockOp.CACHE) request.completed(IoError.OK);
    else if (request.op != BlockOp.READ) request.completed(IoError.EROFS);
    else if (request.offset < 0 || request.length < 0 || request.end() > traits.size() || (request.offset | request.length) % 4096 != 0) {
      request.completed(IoError.EINVAL);
    } else if (request.length == 0) request.completed(IoError.OK);
    else new Read(request).start();
  }

  /**
   * Which chunks changed from an earlier snapshot to this one; flag 1 says that they did, as NBD's dirty bitmaps have it. What the
   * volume has grown by since has changed.
   *
   * @param size of the volume then
   */
  public void changedSince(long earlier, long size, long offset, long length, StatusSink sink) {
    if (whenIdle != null || !store.map().has(earlier)) {
      sink.completed(IoError.ENXIO);
      return;
    }
    long chunk = store.chunkBytes();
    long grown = size < traits.size() ? Math.max(offset, Math.min(size / chunk * chunk, offset + length)) : offset + length;
    int first = (int) (offset / chunk);
    int end = (int) ((grown + chunk - 1) / chunk);
    SnapshotMap.Runs runs = (from, to, is) -> sink.range(Math.min(to * chunk, grown) - Math.max(from * chunk, offset), is ? 1 : 0);
    int told = grown == offset ? end : store.map().changed(earlier, number, first, end, 8192, runs);
    if (told == end && grown < offset + length) sink.range(offset + length - grown, 1);
    sink.completed(IoError.OK);
  }

  /** Nothing is read any more from now on; the action runs when what is being read has ended. */
  void end(Runnable idle) {
    whenIdle = idle;
    if (underWay == 0) loop.execute(idle);
  }

  /** It stays for others that use it; it ends with the snapshot. */
  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.completedStage(null);
  }

  /** A request, in pieces that lie in one place each. */
  private final class Read {
    private final BlockRequest request;
    private int left = 1;
    private int error;

    Read(BlockRequest request) {
      this.request = request;
    }

    void start() {
      underWay++;
      pieces(request.offset, request.end());
      ended(IoError.OK);
    }

    private void pieces(long from, long to) {
      long chunk = store.chunkBytes();
      List<Piece> pieces = new ArrayList<>();
      for (long at = from; at < to;) {
        long end = Math.min(to, (at / chunk + 1) * chunk);
        int slot = store.map().find(number, (int) (at / chunk));
        Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
        if (slot < 0 && last != null && last.slot < 0) last.to = end;
        else pieces.add(new Piece(this, at, end, slot));
        at = end;
      }
      left += pieces.size();
      for (Piece p : pieces) p.start();
    }

    void ended(int how) {
      if (how != IoError.OK && error == IoError.OK) error = how;
      if (--left > 0) return;
      underWay--;
      request.completed(error);
      if (underWay == 0 && whenIdle != null) loop.execute(whenIdle);
    }
  }

  private final class Piece extends BlockRequest {
    private final Read read;
    private final long from;
    private long to;
    private final int slot;

    Piece(Read read, long from, long to, int slot) {
      this.read = read;
      this.from = from;
      this.to = to;
      this.slot = slot;
    }

    void start() {
      long bytes = to - from;
      try {
        buffer = loop.buffers().take((int) bytes);
      } catch (RuntimeException e) {
        read.ended(IoError.ENOMEM);
        return;
      }
      bufferIndex = IoBuffer.HEADROOM;
      set(BlockOp.READ, 0, slot < 0 ? from : store.offset(slot) + from % store.chunkBytes(), bytes);
      (slot < 0 ? preserver.readers() : store.device(slot)).submit(this);
    }

    @Override
    public void completed(int how) {
      if (how == IoError.OK) {
        int at = read.request.bufferIndex + (int) (from - read.request.offset);
        read.request.buffer.bytes().put(at, buffer.bytes(), bufferIndex, (int) length);
      }
      buffer.release();
      buffer = null;
      if (slot < 0) lookAgain();
      read.ended(how);
    }

    /** What is on the map by now is read from there, over what may be too new. */
    private void lookAgain() {
      long chunk = store.chunkBytes();
      for (long at = from; at < to;) {
        long end = Math.min(to, (at / chunk + 1) * chunk);
        int now = store.map().find(number, (int) (at / chunk));
        if (now >= 0) {
          read.left++;
          new Piece(read, at, end, now).start();
        }
        at = end;
      }
    }
  }
}
