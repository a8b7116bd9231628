package sluice.nbd.internal.client;

import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.nbd.internal.Nbd;

/** A request on its way over the wire, in one piece or several; pooled by its session. */
final class Operation {
  /** Null for a question about allocation. */
  BlockRequest request;
  StatusSink sink;
  /** What is sent for it. */
  int command;
  int flags;
  /** Start of what has not been sent. */
  long next;
  long end;
  long maxPiece;
  /** Payload is zeroes instead of the request's buffer. */
  boolean zeroes;
  /** FUA by other means: FLUSH follows when all pieces are done. */
  boolean flushAfter;
  /** Pieces sent and not answered. */
  int pieces;
  int error;
  /** FLUSH has one piece without a range. */
  boolean flushPending;
  boolean completed;

  void reset() {
    request = null;
    sink = null;
    flags = 0;
    zeroes = false;
    flushAfter = false;
    flushPending = false;
    pieces = 0;
    error = 0;
    completed = false;
  }

  void set(int wireCommand, int wireFlags, long offset, long length, long piece) {
    command = wireCommand;
    flags = wireFlags;
    next = offset;
    end = offset + length;
    maxPiece = piece;
    flushPending = wireCommand == Nbd.CMD_FLUSH;
  }

  boolean unsent() {
    return flushPending || next < end;
  }

  /** Whether what was sent could still change data: a FLUSH that follows a change changes nothing. */
  boolean mayChangeData() {
    return pieces > 0 && (command == Nbd.CMD_WRITE || command == Nbd.CMD_TRIM || command == Nbd.CMD_WRITE_ZEROES);
  }

  boolean changesData() {
    return request != null && request.op.changesData();
  }

  boolean isRead() {
    return request != null && request.op == BlockOp.READ;
  }
}
