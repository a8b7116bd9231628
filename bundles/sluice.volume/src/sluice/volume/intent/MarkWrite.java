package sluice.volume.intent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;

/**
 * One block on its way to the areas of all legs, stable when it has ended. Its memory is its own, so that a part that hangs
 * on a leg which is given up holds up nobody.
 */
final class MarkWrite {
  private final Consumer<MarkWrite> ended;
  private final List<Part> parts = new ArrayList<>();
  private int size;
  private int out;
  private IoBuffer buffer;

  /** @param ended when nothing of it is under way any more */
  MarkWrite(Consumer<MarkWrite> ended) {
    this.ended = ended;
  }

  /** @param block of {@link IntentBlock#BYTES}, at the buffer's data; owned by this from now on */
  void start(IoBuffer block, List<IntentArea> areas, int slot) {
    buffer = block;
    size = areas.size();
    while (parts.size() < size) parts.add(new Part());
    // One for this method: parts may end at once.
    out = size + 1;
    for (int i = 0; i < size; i++) parts.get(i).prepare(areas.get(i));
    for (int i = 0; i < size; i++) parts.get(i).send(slot);
    left();
  }

  private void left() {
    if (--out > 0) return;
    buffer.release();
    buffer = null;
    ended.accept(this);
  }

  int size() {
    return size;
  }

  IntentArea area(int i) {
    return parts.get(i).area;
  }

  /** Of a part that has ended. */
  int error(int i) {
    return parts.get(i).error;
  }

  /** Whether it is under way on one of these legs. */
  boolean isOn(Collection<String> legs) {
    for (int i = 0; i < size; i++) if (!parts.get(i).done && legs.contains(parts.get(i).area.leg)) return true;
    return false;
  }

  void busyDisks(Collection<String> ids) {
    for (int i = 0; i < size; i++) if (!parts.get(i).done) ids.add(parts.get(i).area.extent.disk());
  }

  private final class Part extends BlockRequest {
    private IntentArea area;
    private boolean done;
    private int error;

    void prepare(IntentArea to) {
      area = to;
      done = false;
      error = IoError.OK;
    }

    void send(int slot) {
      set(BlockOp.WRITE, FUA, area.offset(slot, area.next), IntentBlock.BYTES);
      super.buffer = MarkWrite.this.buffer;
      bufferIndex = IoBuffer.HEADROOM;
      area.disk.submit(this);
    }

    @Override
    public void completed(int result) {
      done = true;
      error = result;
      super.buffer = null;
      if (result == IoError.OK) area.next = 1 - area.next;
      left();
    }
  }
}
