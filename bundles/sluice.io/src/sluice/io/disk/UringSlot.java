package sluice.io.disk;

import sluice.api.block.BlockRequest;

/** A request that a {@link UringDisk} has under way, and how far it is. Reused. */
final class UringSlot {
  /** What the operation that is under way for the request is. */
  enum Step {
    TRANSFER,
    PUNCH,
    ZERO_RANGE,
    WRITE_ZEROES,
    ADVISE,
    SYNC
  }

  final int number;
  BlockRequest request;
  Step step;
  /** Bytes of the request that are done. */
  long done;
  /** Bytes that the operation under way was sent with. */
  long sent;
  int retries;

  UringSlot(int number) {
    this.number = number;
  }

  void start(BlockRequest r, Step first) {
    request = r;
    step = first;
    done = 0;
    sent = 0;
    retries = 0;
  }

  long left() {
    return request.length - done;
  }
}
