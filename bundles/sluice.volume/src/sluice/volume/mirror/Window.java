package sluice.volume.mirror;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongUnaryOperator;
import sluice.api.block.BlockRequest;

/** The recovery's window over a volume (invariant 5). Pure but for the stage it answers; one owner. */
public final class Window {
  private long start;
  private long end;
  /** Changes up to this number that begin before {@link #end} have to have ended. */
  private long upTo;
  private CompletableFuture<Void> clear;

  /** Whether a change has to go through whoever copies: it touches what is being copied. */
  public boolean touches(BlockRequest request) {
    return start < end && request.offset < end && request.end() > start;
  }

  /** Whether a change has to reach the legs that are being filled: some of it lies before the end. */
  boolean reaches(BlockRequest request) {
    return request.offset < end;
  }

  /**
   * @param sent number of the newest change that is out
   * @param oldest the oldest number of a change that is out and begins before an offset
   * @return completes when those are gone that went out before; one that is replaced completes when the new one does
   */
  CompletionStage<Void> set(long from, long to, long sent, LongUnaryOperator oldest) {
    if (from < 0 || to < from) throw new IllegalArgumentException("window " + from + " to " + to);
    start = from;
    end = to;
    upTo = sent;
    if (clear == null) clear = new CompletableFuture<>();
    CompletionStage<Void> stage = clear.minimalCompletionStage();
    ended(oldest, upTo);
    return stage;
  }

  /** A change has ended. */
  void ended(LongUnaryOperator oldest, long number) {
    if (clear == null || number > upTo || oldest.applyAsLong(end) <= upTo) return;
    CompletableFuture<Void> done = clear;
    clear = null;
    done.complete(null);
  }
}
