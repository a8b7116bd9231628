package sluice.volume.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.core.snapshot.AreaSizes;

/**
 * A group of an area: a table of its slots, kept twice and written in turn, and the slots. What is changed while the table is being
 * written goes out with the next block. On the loop.
 */
final class Group {
  final Area area;
  final int index;
  /** As the next block will show it. */
  private final int[] chunks = new int[AreaSizes.SLOTS];
  private final long[] numbers = new long[AreaSizes.SLOTS];
  /** Whether something may lie there: from taking it until the table that shows it free is stable. */
  private final boolean[] taken = new boolean[AreaSizes.SLOTS];
  private int free = AreaSizes.SLOTS;
  private long sequence;
  private List<IntConsumer> waiting = new ArrayList<>();
  private boolean writing;

  Group(Area area, int index) {
    this.area = area;
    this.index = index;
  }

  long sequence() {
    return sequence;
  }

  int free() {
    return free;
  }

  /** -1: none is free. */
  int take() {
    for (int s = 0; free > 0 && s < AreaSizes.SLOTS; s++) {
      if (taken[s]) continue;
      taken[s] = true;
      free--;
      return s;
    }
    return -1;
  }

  /** Nothing that counts has been written there. */
  void giveBack(int slot) {
    if (!taken[slot]) throw new IllegalStateException("slot " + slot + " is free");
    taken[slot] = false;
    free++;
  }

  /** What the disks said. */
  void loaded(TableBlock block) {
    sequence = block.sequence;
    for (int s = 0; s < AreaSizes.SLOTS; s++) {
      if (block.numbers[s] == 0) continue;
      chunks[s] = (int) block.chunks[s];
      numbers[s] = block.numbers[s];
      taken[s] = true;
      free--;
    }
  }

  int chunk(int slot) {
    return chunks[slot];
  }

  /** 0: it is free. */
  long number(int slot) {
    return numbers[slot];
  }

  /** The slot holds the chunk. @param done 0 when the table that says so is stable; otherwise it says so no more */
  void set(int slot, int chunk, long number, IntConsumer done) {
    chunks[slot] = chunk;
    numbers[slot] = number;
    write(error -> {
      if (error != IoError.OK) numbers[slot] = 0;
      done.accept(error);
    });
  }

  /** The slot is free, and is given away when the table that says so is stable. */
  void clear(int slot, Runnable done) {
    numbers[slot] = 0;
    write(error -> {
      // If it could not be written, it stays out of use: whoever reads the table next frees it.
      if (error == IoError.OK) giveBack(slot);
      done.run();
    });
  }

  private void write(IntConsumer done) {
    waiting.add(done);
    if (!writing && waiting.size() == 1) area.loop().atEndOfBatch(this::writeNow);
  }

  private void writeNow() {
    if (writing || waiting.isEmpty()) return;
    List<IntConsumer> served = waiting;
    waiting = new ArrayList<>();
    IoBuffer buffer;
    try {
      buffer = area.loop().buffers().take(TableBlock.BYTES);
    } catch (RuntimeException e) {
      served.forEach(w -> w.accept(IoError.ENOMEM));
      return;
    }
    writing = true;
    TableBlock block = new TableBlock(sequence + 1);
    for (int s = 0; s < AreaSizes.SLOTS; s++) {
      block.chunks[s] = chunks[s];
      block.numbers[s] = numbers[s];
    }
    block.encode(buffer.bytes(), IoBuffer.HEADROOM, area.key(), index, area.chunkBytes());
    BlockRequest request = new BlockRequest() {
      @Override
      public void completed(int error) {
        this.buffer.release();
        writing = false;
        // The block that was to be written may be torn: the other one still counts, so it is this one's turn again.
        if (error == IoError.OK) sequence++;
        served.forEach(w -> w.accept(error));
        if (!waiting.isEmpty()) writeNow();
      }
    };
    request.set(BlockOp.WRITE, BlockRequest.FUA, area.tableOffset(index) + (sequence + 1) % 2 * TableBlock.BYTES, TableBlock.BYTES);
    request.buffer = buffer;
    request.bufferIndex = IoBuffer.HEADROOM;
    area.device().submit(request);
  }

  boolean busy() {
    return writing || !waiting.isEmpty();
  }
}
