package sluice.volume.intent;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.io.device.DeviceIo;

/** The slots beside the legs that are in use at the moment. On the engine's loop. */
public final class LegSlots implements IntentSlots {
  /** From that many slots on, one read of the whole area is quicker. */
  private static final int ALL = 8;
  private static final int AREA = COUNT * SlotContent.BYTES;

  /** What is in use at the moment. */
  public record Scope(List<IntentArea> areas, long size, long regionBytes, IntentLog log) {
    RegionBits none() {
      return new RegionBits(regionBytes == 0 ? 0 : RegionBits.regions(size, regionBytes));
    }
  }

  /** A slot on one leg. */
  private record Read(IntentArea area, SlotContent content) {}

  /** For legs that have not answered when one in sync has: what that one says is enough. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);
  /** Whoever wants a slot written asks again then; what hangs keeps its disk among the busy ones. */
  private static final long WRITE_TIMEOUT = TimeUnit.SECONDS.toNanos(10);

  private final IoLoop loop;
  private final String volumeId;
  private final UUID volume;
  private final Supplier<Scope> scope;
  private final Runnable ended;
  private final List<IntentArea> writing = new ArrayList<>();

  /** @param ended told when something that was being written has ended */
  public LegSlots(IoLoop loop, String volumeId, Supplier<Scope> scope, Runnable ended) {
    this.loop = loop;
    this.ended = ended;
    this.volumeId = volumeId;
    this.volume = IntentBlock.key(volumeId);
    this.scope = scope;
  }

  @Override
  public CompletionStage<List<DirtyRange>> dirty(Collection<Integer> slots) {
    Scope now = scope.get();
    List<Integer> wanted = slots.isEmpty() ? allSlots() : List.copyOf(slots);
    return union(now, wanted).thenApply(bits -> bits.ranges(Math.max(1, now.regionBytes()), now.size()));
  }

  private static List<Integer> allSlots() {
    List<Integer> all = new ArrayList<>();
    for (int s = 0; s < COUNT; s++) all.add(s);
    return all;
  }

  private CompletionStage<RegionBits> union(Scope now, List<Integer> slots) {
    RegionBits bits = now.none();
    if (now.areas().isEmpty()) return CompletableFuture.completedStage(bits);
    List<Integer> others = new ArrayList<>(slots);
    if (now.log() != null && others.remove((Integer) now.log().slot())) {
      for (DirtyRange range : now.log().dirty(now.size())) bits.set(range, now.regionBytes());
      if (others.isEmpty()) return CompletableFuture.completedStage(bits);
    }
    return read(now, others).thenApply(found -> {
      for (Read r : found) r.content().addTo(bits, now.regionBytes());
      return bits;
    });
  }

  /** From every leg that can be read; fails if none in sync can. One that hangs is not waited for long once another was read. */
  private CompletionStage<List<Read>> read(Scope now, List<Integer> slots) {
    Gathering gathering = new Gathering(now.areas().size());
    for (IntentArea area : now.areas()) {
      readLeg(area, slots).whenComplete((reads, problem) -> gathering.add(area, reads, problem));
    }
    return gathering.answer;
  }

  /** What the legs say, as far as they do. */
  private final class Gathering {
    private final CompletableFuture<List<Read>> answer = new CompletableFuture<>();
    private final List<Read> found = new ArrayList<>();
    private int missing;
    private boolean inSync;
    private Throwable failure;
    private IoLoop.Timer patience;

    Gathering(int legs) {
      missing = legs;
      if (legs == 0) finish();
    }

    void add(IntentArea area, List<Read> reads, Throwable problem) {
      if (answer.isDone()) return;
      missing--;
      if (problem == null) {
        found.addAll(reads);
        inSync |= area.inSync;
      } else if (failure == null) {
        failure = problem;
      }
      if (missing == 0) finish();
      else if (inSync && patience == null) patience = loop.schedule(PATIENCE, this::finish);
    }

    private void finish() {
      if (patience != null) patience.cancel();
      if (inSync) answer.complete(found);
      else answer.completeExceptionally(notRead(failure));
    }
  }

  private SluiceException notRead(Throwable failure) {
    Throwable cause = failure instanceof CompletionException c ? c.getCause() : failure;
    return new SluiceException(ErrorCode.IO, "the write intents of volume " + volumeId + " cannot be read",
        cause == null ? "no leg is in sync" : cause.getMessage(),
        "bring back a disk of a leg that is in sync: without its write intents nobody knows what to copy", volumeId);
  }

  static SluiceException notWritten(int slot, int error) {
    return new SluiceException(ErrorCode.IO, "slot " + slot + " of the write intents could not be written on every leg",
        IoError.text(error), "see to the disk, or wait until its leg has been given up; then it is tried again");
  }

  private CompletionStage<List<Read>> readLeg(IntentArea area, List<Integer> slots) {
    List<Read> found = new ArrayList<>();
    if (slots.size() >= ALL) {
      return DeviceIo.read(area.disk, area.extent.offset(), AREA).thenApply(bytes -> {
        for (int slot : slots) found.add(content(area, bytes, slot * SlotContent.BYTES, slot));
        return found;
      });
    }
    CompletionStage<List<Read>> all = CompletableFuture.completedStage(found);
    for (int slot : slots) {
      all = all.thenCompose(before -> DeviceIo.read(area.disk, area.offset(slot, 0), SlotContent.BYTES).thenApply(bytes -> {
        found.add(content(area, bytes, 0, slot));
        return found;
      }));
    }
    return all;
  }

  private Read content(IntentArea area, byte[] bytes, int at, int slot) {
    return new Read(area, SlotContent.of(bytes, at, volume, slot));
  }

  /** Reads what an earlier run left in the log's slot, on the areas that the log writes. Before it writes anything. */
  public CompletionStage<Void> open(IntentLog log) {
    Scope now = scope.get();
    return read(now, List.of(log.slot())).thenAccept(found -> {
      RegionBits left = new RegionBits(log.regions());
      long newest = 0;
      for (Read r : found) {
        r.content().addTo(left, log.regionBytes());
        newest = Math.max(newest, r.content().sequence());
        r.area().next = r.content().next();
      }
      log.opened(left, newest);
    });
  }

  @Override
  public CompletionStage<Void> clear(int slot) {
    Scope now = scope.get();
    if (now.log() != null && now.log().slot() == slot) {
      now.log().reconciled();
      return CompletableFuture.completedStage(null);
    }
    return write(now, slot, now.none());
  }

  /** On every leg, which therefore has to be read first: the block that counts there must not be overwritten. */
  private CompletionStage<Void> write(Scope now, int slot, RegionBits bits) {
    return read(now, List.of(slot)).thenCompose(found -> {
      long sequence = IntentLog.STRIDE;
      for (Read r : found) sequence = Math.max(sequence, r.content().sequence() + IntentLog.STRIDE);
      byte[] block = new byte[IntentBlock.BYTES];
      new IntentBlock(0, sequence, now.regionBytes(), bits).encode(ByteBuffer.wrap(block), 0, volume, slot);
      CompletableFuture<?>[] writes = now.areas().stream().map(area -> {
        int to = found.stream().filter(r -> r.area() == area).mapToInt(r -> r.content().next()).findFirst().orElse(0);
        writing.add(area);
        return DeviceIo.write(area.disk, area.offset(slot, to), block, BlockRequest.FUA)
            .whenComplete((done, failure) -> written(area)).toCompletableFuture();
      }).toArray(CompletableFuture<?>[]::new);
      CompletableFuture<Void> all = CompletableFuture.allOf(writes);
      IoLoop.Timer late = loop.schedule(WRITE_TIMEOUT, () -> all.completeExceptionally(notWritten(slot, IoError.ETIMEDOUT)));
      return all.whenComplete((done, failure) -> late.cancel());
    });
  }

  private void written(IntentArea area) {
    writing.remove(area);
    ended.run();
  }

  /** Whether a slot is being written on one of these legs. */
  public boolean isOn(Collection<String> legs) {
    return writing.stream().anyMatch(area -> legs.contains(area.leg));
  }

  public void busyDisks(Collection<String> ids) {
    for (IntentArea area : writing) ids.add(area.extent.disk());
  }

  @Override
  public CompletionStage<Void> inherit(int slot) {
    Scope now = scope.get();
    if (now.log() == null) return CompletableFuture.failedStage(new IllegalStateException("the engine writes no intents"));
    if (now.log().slot() == slot) {
      now.log().reconciledBut();
      return CompletableFuture.completedStage(null);
    }
    return union(now, List.of(slot)).thenCompose(now.log()::inherit).thenCompose(done -> write(scope.get(), slot, now.none()));
  }

  @Override
  public CompletionStage<Long> incarnation(int slot) {
    Scope now = scope.get();
    if (now.areas().isEmpty()) return CompletableFuture.completedStage(0L);
    return read(now, List.of(slot)).thenApply(found ->
        found.stream().mapToLong(r -> r.content().incarnation()).max().orElse(0));
  }
}
