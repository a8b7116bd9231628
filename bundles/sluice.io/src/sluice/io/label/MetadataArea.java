package sluice.io.label;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.io.device.DeviceIo;

/**
 * A disk's two copies of its pool's metadata: the last state and the one before.
 *
 * <p>A new state overwrites the slot that does not hold the last good one, payload first and stable, then the
 * header, so a write that is cut off anywhere leaves the last state readable. Any thread; stages complete on the
 * device's loop. One writer at a time (the server is).
 */
public final class MetadataArea {
  private MetadataArea() {}

  /** @param sequence of the payload; grows with every write */
  public record Content(long sequence, byte[] payload) {}

  private record Found(int slot, Content content) {}

  /** The newest state that is whole, of the pool that the label names; empty if there is none. */
  public static CompletionStage<Optional<Content>> read(BlockDevice device, DiskLabel label) {
    return newest(device, label).thenApply(found -> found.map(Found::content));
  }

  /** Bytes of metadata that fit on a disk with that label. */
  public static long room(DiskLabel label) {
    return Math.min(label.layout().metadataBytes(), BlockDevice.MAX_TRANSFER) - MetadataSlot.HEADER;
  }

  /**
   * Stable when the stage completes. Fails with NO_SPACE if the payload is too large, with CONFLICT if the disk has
   * that sequence number or a later one already; writing the very same again does nothing.
   */
  public static CompletionStage<Void> write(BlockDevice device, DiskLabel label, long sequence, byte[] payload) {
    if (label.poolId().isEmpty()) throw new IllegalArgumentException("disk " + label.name() + " is in no pool");
    if (payload.length > room(label)) return CompletableFuture.failedStage(tooLarge(label, payload.length));
    return newest(device, label).thenCompose(found -> {
      if (found.isPresent() && found.get().content().sequence() >= sequence) {
        return repeated(device, label, found.get(), sequence, payload);
      }
      int slot = found.isPresent() ? 1 - found.get().slot() : 0;
      return writeSlot(device, offset(label, slot), MetadataSlot.of(label.poolId(), sequence, payload), payload);
    });
  }

  /** The write before may have failed at its very end: what can be read need not be stable yet. */
  private static CompletionStage<Void> repeated(
      BlockDevice device, DiskLabel label, Found found, long sequence, byte[] payload) {
    Content there = found.content();
    if (there.sequence() == sequence && Arrays.equals(there.payload(), payload)) return DeviceIo.flush(device);
    return CompletableFuture.failedStage(
        new SluiceException(ErrorCode.CONFLICT, "disk " + label.name() + " has newer metadata",
            "it has number " + there.sequence() + ", and number " + sequence + " was to be written",
            "another server may have used the pool: import it from its disks", label.name()));
  }

  private static SluiceException tooLarge(DiskLabel label, int length) {
    return new SluiceException(ErrorCode.NO_SPACE, "the pool's metadata do not fit on disk " + label.name(),
        new ByteSize(length) + " of " + new ByteSize(room(label)) + " that its label sets aside",
        "use larger disks in the pool (1 GiB and more set aside the most), or fewer volumes", label.name());
  }

  private static CompletionStage<Void> writeSlot(BlockDevice device, long offset, MetadataSlot header, byte[] payload) {
    byte[] blocks = Arrays.copyOf(payload, padded(payload.length));
    return DeviceIo.write(device, offset + MetadataSlot.HEADER, blocks, BlockRequest.FUA)
        .thenCompose(done -> DeviceIo.flush(device))
        .thenCompose(done -> DeviceIo.write(device, offset, header.encode(), BlockRequest.FUA))
        .thenCompose(done -> DeviceIo.flush(device));
  }

  private static int padded(int length) {
    return (length + LabelLayout.BLOCK - 1) & -LabelLayout.BLOCK;
  }

  private static long offset(DiskLabel label, int slot) {
    return label.layout().metadataOffset() + slot * label.layout().metadataBytes();
  }

  /**
   * A slot that cannot be read counts as not whole as long as the other one is: the pool's other disks have the
   * state too. Where nothing is whole, its error is the answer, not "empty".
   */
  private static CompletionStage<Optional<Found>> newest(BlockDevice device, DiskLabel label) {
    CompletionStage<Slot> first = slot(device, label, 0).handle(Slot::new);
    return first.thenCompose(a -> slot(device, label, 1).handle(Slot::new).thenCompose(b -> {
      Found newest = Slot.newest(a.found(), b.found());
      Throwable failure = a.failure() != null ? a.failure() : b.failure();
      if (newest == null && failure != null) return CompletableFuture.failedStage(failure);
      return CompletableFuture.completedStage(Optional.ofNullable(newest));
    }));
  }

  private record Slot(Found found, Throwable failure) {
    static Found newest(Found a, Found b) {
      if (a == null || b == null) return a == null ? b : a;
      return b.content().sequence() > a.content().sequence() ? b : a;
    }
  }

  /** Null if the slot holds nothing whole of the pool's. */
  private static CompletionStage<Found> slot(BlockDevice device, DiskLabel label, int slot) {
    long offset = offset(label, slot);
    return DeviceIo.read(device, offset, MetadataSlot.HEADER).thenCompose(block -> {
      MetadataSlot header = MetadataSlot.decode(block, label.poolId(), room(label));
      if (header == null) return CompletableFuture.completedStage(null);
      return DeviceIo.read(device, offset + MetadataSlot.HEADER, padded(header.length())).thenApply(bytes -> {
        if (!header.matches(bytes)) return null;
        return new Found(slot, new Content(header.sequence(), Arrays.copyOf(bytes, header.length())));
      });
    });
  }
}
