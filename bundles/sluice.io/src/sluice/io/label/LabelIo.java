package sluice.io.label;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.io.device.DeviceIo;
import sluice.io.label.LabelResult.State;

/**
 * Reads, writes and erases a disk's label. Any thread; stages complete on the device's loop and fail with
 * SluiceException.
 */
public final class LabelIo {
  private static final LabelResult UNREADABLE = LabelResult.without(State.DAMAGED, "the label cannot be read");

  private LabelIo() {}

  /**
   * Looks at both copies and takes the newer one that is good. Says in the note when it had to make do with one, and
   * what is on the disk instead when there is none.
   */
  public static CompletionStage<LabelResult> read(BlockDevice device) {
    long size = device.traits().size();
    if (size < LabelLayout.MIN_DISK) return describe(device);
    return DeviceIo.read(device, 0, DiskLabel.BYTES)
        .exceptionally(failure -> null)
        .thenCompose(block -> {
          LabelResult first = block == null ? UNREADABLE : DiskLabel.decode(block, size);
          boolean enough = first.state() == State.SHRUNKEN || first.state() == State.NEWER;
          return enough ? done(first) : readSecond(device, first);
        });
  }

  /** The disk may have grown: the second copy is where the disk ended when it was labelled. */
  private static CompletionStage<LabelResult> readSecond(BlockDevice device, LabelResult first) {
    long size = device.traits().size();
    long at = LabelLayout.secondCopy(first.found() ? first.label().capacity() : size);
    return DeviceIo.read(device, at, DiskLabel.BYTES)
        .exceptionally(failure -> null)
        .thenCompose(block -> {
          LabelResult second = block == null ? UNREADABLE : DiskLabel.decode(block, size);
          if (first.state() == State.NONE && second.state() == State.NONE) return describe(device);
          return done(choose(first, second));
        });
  }

  /** Pure: which of two copies to go by. */
  static LabelResult choose(LabelResult first, LabelResult second) {
    if (first.found() && second.found()) {
      boolean same = first.label().diskId().equals(second.label().diskId());
      if (same && second.label().sequence() > first.label().sequence()) return second;
      return same ? first : LabelResult.found(first.label(), "the second copy of the label is another disk's");
    }
    if (first.found()) return oneCopy(first, "the second copy of the label ", second);
    if (second.found()) return oneCopy(second, "the first copy of the label ", first);
    if (first.state() == State.NONE) return second;
    return first;
  }

  private static LabelResult oneCopy(LabelResult good, String other, LabelResult bad) {
    if (bad == UNREADABLE) return LabelResult.found(good.label(), other + "cannot be read");
    if (bad.state() == State.NEWER) return LabelResult.found(good.label(), other + "has a newer format");
    return LabelResult.overwritten(good.label(), other + "was overwritten");
  }

  private static CompletionStage<LabelResult> describe(BlockDevice device) {
    int length = (int) Math.min(Contents.LOOK_AT, device.traits().size());
    return DeviceIo.read(device, 0, length).thenApply(start -> LabelResult.without(State.NONE, Contents.of(start)));
  }

  private static CompletionStage<LabelResult> done(LabelResult result) {
    return CompletableFuture.completedStage(result);
  }

  /** Writes both copies, one after the other: at any instant one of them is whole. Stable when the stage completes. */
  public static CompletionStage<Void> write(BlockDevice device, DiskLabel label) {
    if (label.capacity() > device.traits().size()) {
      return CompletableFuture.failedStage(
          new SluiceException(ErrorCode.INVALID_ARGUMENT, "the label is not for this disk",
              "it is for one of " + label.capacity() + " bytes, this one has " + device.traits().size(),
              "label the disk anew", label.name()));
    }
    byte[] block = label.encode();
    return DeviceIo.write(device, 0, block, BlockRequest.FUA)
        .thenCompose(done -> DeviceIo.write(device, LabelLayout.secondCopy(label.capacity()), block, BlockRequest.FUA));
  }

  /**
   * Removes both copies of the label, and with it the metadata: afterwards the disk is blank to Sluice. Data stay
   * where they are. What is not Sluice's is not touched.
   */
  public static CompletionStage<Void> erase(BlockDevice device) {
    return read(device).thenCompose(result -> switch (result.state()) {
      case NONE -> CompletableFuture.completedStage(null);
      case FOUND, SHRUNKEN -> eraseAll(device, result.label());
      case DAMAGED, NEWER ->
          zero(device, LabelLayout.secondCopy(device.traits().size())).thenCompose(done -> zero(device, 0));
    });
  }

  /** The first copy last: an erasure that was cut off is seen and can be done again. */
  private static CompletionStage<Void> eraseAll(BlockDevice device, DiskLabel label) {
    LabelLayout layout = label.layout();
    return zero(device, layout.metadataOffset())
        .thenCompose(done -> zero(device, layout.metadataOffset() + layout.metadataBytes()))
        .thenCompose(done -> zero(device, LabelLayout.secondCopy(label.capacity())))
        .thenCompose(done -> zero(device, 0));
  }

  private static CompletionStage<Void> zero(BlockDevice device, long offset) {
    if (offset > device.traits().size() - DiskLabel.BYTES) return CompletableFuture.completedStage(null);
    return DeviceIo.write(device, offset, new byte[DiskLabel.BYTES], BlockRequest.FUA);
  }
}
