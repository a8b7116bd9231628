package sluice.server.volumes;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.core.care.CareEffects.Difference;
import sluice.core.care.Truth;

/**
 * One piece of a comparison: reads the same range of all legs, compares them block by block, and writes what is right to those that have
 * something else, if that is wanted and known. On the loop.
 */
final class CompareChunk extends LegChunk {
  /** What legs can differ in: no change of a volume is smaller. */
  static final int BLOCK = 4096;

  private final class Part extends BlockRequest {
    final int leg;
    final Run run;
    boolean underWay;
    int result;

    Part(int leg, Run run) {
      this.leg = leg;
      this.run = run;
    }

    void submit(BlockOp what, int from, int length, IoBuffer memory) {
      set(what, 0, start + from, length);
      buffer = memory;
      bufferIndex = IoBuffer.HEADROOM + from;
      underWay = true;
      legs.get(leg).device().submit(this);
    }

    @Override
    public void completed(int error) {
      underWay = false;
      result = error;
      if (run == null && buffer != null) memory[leg] = buffer;
      if (run != null && error != IoError.OK) {
        run.failed = true;
        copier.failed(legs.get(leg).legId(), error);
      }
      if (--left == 0) next(run != null);
    }
  }

  /** Blocks in which the legs differ in the same way. @param content of each leg, as {@link Truth} has it */
  private static final class Run {
    final int from;
    final int[] content;
    final int right;
    int to;
    boolean failed;

    Run(int from, int[] content, int right) {
      this.from = from;
      this.content = content;
      this.right = right;
    }
  }

  private final LegCopier.Comparison comparison;
  private final List<LegCopier.End> legs = new ArrayList<>();
  private final IoBuffer[] memory;
  private final List<Part> parts = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private int left;

  CompareChunk(LegCopier copier, LegCopier.Comparison comparison, long start, int bytes) {
    super(copier, start, bytes);
    this.comparison = comparison;
    legs.add(copier.from);
    legs.addAll(copier.to);
    memory = new IoBuffer[legs.size()];
  }

  @Override
  void takeMemory() {
    for (int i = 0; i < memory.length; i++) memory[i] = copier.loop.buffers().take(bytes);
  }

  @Override
  void releaseMemory() {
    for (int i = 0; i < memory.length; i++) {
      if (memory[i] != null) memory[i].release();
      memory[i] = null;
    }
  }

  @Override
  void begin() {
    for (int i = 0; i < memory.length; i++) parts.add(new Part(i, null));
    // All are counted before the first may complete.
    left = parts.size();
    for (Part p : List.copyOf(parts)) p.submit(BlockOp.READ, 0, bytes, memory[p.leg]);
  }

  /** Everything that was under way has ended. */
  private void next(boolean written) {
    if (!written && !ended()) {
      for (Part p : parts) {
        // A disk that is not there has not been compared; one that answers with an error differs from all others.
        if (p.result == IoError.ENXIO || p.result == IoError.ESHUTDOWN) copier.failed(legs.get(p.leg).legId(), p.result);
      }
      if (parts.stream().noneMatch(p -> p.result == IoError.ENXIO || p.result == IoError.ESHUTDOWN)) {
        compare();
        if (repair()) return;
        tell();
        finish(bytes);
        return;
      }
    } else if (written && !ended()) {
      tell();
      finish(runs.stream().anyMatch(r -> r.failed) ? 0 : bytes);
      return;
    }
    finish(0);
  }

  private void compare() {
    if (alike()) return;
    for (int at = 0; at < bytes; at += BLOCK) {
      int length = Math.min(BLOCK, bytes - at);
      int[] content = content(at, length);
      if (Arrays.stream(content).allMatch(c -> c == 0)) continue;
      Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last != null && last.to == at && Arrays.equals(last.content, content)) last.to = at + length;
      else {
        Run run = new Run(at, content, Truth.of(content, comparison.preferred()));
        run.to = at + length;
        runs.add(run);
      }
    }
  }

  private boolean alike() {
    for (Part p : parts) if (p.result != IoError.OK || p.leg > 0 && !same(0, p.leg, 0, bytes)) return false;
    return true;
  }

  private int[] content(int at, int length) {
    int[] content = new int[legs.size()];
    for (int i = 0; i < content.length; i++) {
      content[i] = parts.get(i).result == IoError.OK ? i : Truth.UNREADABLE;
      for (int j = 0; j < i && content[i] == i; j++) if (parts.get(j).result == IoError.OK && same(j, i, at, length)) content[i] = content[j];
    }
    return content;
  }

  private boolean same(int one, int other, int at, int length) {
    ByteBuffer a = memory[one].bytes().slice(IoBuffer.HEADROOM + at, length);
    ByteBuffer b = memory[other].bytes().slice(IoBuffer.HEADROOM + at, length);
    return a.mismatch(b) < 0;
  }

  /** Whether something is being written. */
  private boolean repair() {
    if (!comparison.repair()) return false;
    List<Part> writes = new ArrayList<>();
    for (Run run : runs) {
      if (run.right == Truth.UNKNOWN) continue;
      for (int leg = 0; leg < legs.size(); leg++) if (run.content[leg] != run.content[run.right]) writes.add(new Part(leg, run));
    }
    parts.addAll(writes);
    left = writes.size();
    for (Part w : writes) w.submit(BlockOp.WRITE, w.run.from, w.run.to - w.run.from, memory[w.run.right]);
    return !writes.isEmpty();
  }

  private void tell() {
    for (Run run : runs) {
      List<String> unreadable = new ArrayList<>();
      for (int i = 0; i < run.content.length; i++) if (run.content[i] == Truth.UNREADABLE) unreadable.add(legs.get(i).legId());
      if (run.failed) continue;
      boolean known = run.right != Truth.UNKNOWN;
      comparison.different().accept(new Difference(start + run.from, start + run.to, known ? legs.get(run.right).legId() : "", unreadable,
          known && comparison.repair()));
    }
  }

  @Override
  boolean waitsForOthers(Set<String> given) {
    return parts.stream().anyMatch(p -> p.underWay && !given.contains(legs.get(p.leg).legId()));
  }

  @Override
  void busyLegs(Set<String> busy) {
    for (Part p : parts) if (p.underWay) busy.add(legs.get(p.leg).legId());
  }
}
