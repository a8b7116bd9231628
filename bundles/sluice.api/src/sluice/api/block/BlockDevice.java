package sluice.api.block;

import java.util.concurrent.CompletionStage;

/**
 * A range of bytes that is read and written asynchronously, by the one event loop that owns it.
 *
 * <p>{@link #submit} is called on {@link #loop()} only. Requests may complete in any order; requests that overlap
 * and are under way together may take effect in any order. Ranges that reach past the end, or are not aligned, end
 * with EINVAL (ENOSPC for writes past the end) and no effect. A device never throws for a request.
 */
public interface BlockDevice {
  /** Largest READ or WRITE, in bytes. */
  int MAX_TRANSFER = 32 << 20;

  IoLoop loop();

  BlockTraits traits();

  /** On the loop: starts the request; see {@link BlockRequest#completed}. */
  void submit(BlockRequest request);

  /**
   * On the loop: which parts of the range hold data, as far as the device can tell without reading them. Calls the
   * sink with adjoining ranges in ascending order that together cover a non-empty prefix of what was asked, then
   * completes with 0 or an error. The default says that everything is data.
   */
  default void status(long offset, long length, StatusSink sink) {
    sink.range(length, StatusSink.DATA);
    sink.completed(IoError.OK);
  }

  /**
   * Any thread: no new requests (they end with ESHUTDOWN); the stage completes, on the loop, when all that were under
   * way have completed and what the device held is closed. Further calls answer the same stage.
   */
  CompletionStage<Void> close();

  /**
   * On the loop: gives the transport up at once, so that nothing gets to the peer any more that has not got there yet. What was under
   * way ends with an error; changes that the peer may have taken do so when {@code settleNanos} have passed, by which time they have
   * taken effect or never will. The default does nothing: what a local driver has cannot be taken back.
   */
  default void cut(long settleNanos) {}

  /** Receives what {@link #status} found. */
  interface StatusSink {
    int DATA = 0;
    /** Nothing is allocated (NBD_STATE_HOLE). */
    int HOLE = 1;
    /** Reads as zeroes (NBD_STATE_ZERO). */
    int ZERO = 2;

    void range(long length, int flags);

    void completed(int error);
  }
}
