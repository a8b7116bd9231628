package sluice.volume.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoLoop;
import sluice.core.snapshot.AreaSizes;
import sluice.io.device.DeviceIo;
import sluice.volume.snapshot.TableBlock.Found;

/** A volume in which preserved chunks lie: groups, each a chunk with its table and 250 slots. On the loop. */
final class Area {
  private final String id;
  private final UUID key;
  private final BlockDevice device;
  private final long chunkBytes;
  private final List<Group> groups = new ArrayList<>();
  private int cursor;

  /** @param device for use on the loop of the volume whose snapshots these are; stays the caller's */
  Area(String id, BlockDevice device, long chunkBytes) {
    this.id = id;
    this.device = device;
    this.chunkBytes = chunkBytes;
    key = UUID.fromString(id);
    int count = AreaSizes.groups(device.traits().size(), chunkBytes);
    for (int g = 0; g < count; g++) groups.add(new Group(this, g));
  }

  String id() {
    return id;
  }

  UUID key() {
    return key;
  }

  BlockDevice device() {
    return device;
  }

  IoLoop loop() {
    return device.loop();
  }

  long chunkBytes() {
    return chunkBytes;
  }

  List<Group> groups() {
    return groups;
  }

  long tableOffset(int group) {
    return group * AreaSizes.groupBytes(chunkBytes);
  }

  long slotOffset(int group, int slot) {
    return tableOffset(group) + (1 + slot) * chunkBytes;
  }

  int slots() {
    return groups.size() * AreaSizes.SLOTS;
  }

  int free() {
    int n = 0;
    for (Group g : groups) n += g.free();
    return n;
  }

  boolean busy() {
    for (Group g : groups) if (g.busy()) return true;
    return false;
  }

  /** A free slot of the whole area; -1: none. One group after the other, so that tables are written for many slots at once. */
  int take() {
    for (int n = 0; n < groups.size(); n++) {
      int slot = groups.get(cursor).take();
      if (slot >= 0) return cursor * AreaSizes.SLOTS + slot;
      cursor = (cursor + 1) % groups.size();
    }
    return -1;
  }

  /** Reads the tables, one after the other. Fails with a SluiceException if one cannot be read, or is damaged. */
  CompletionStage<Void> load() {
    CompletionStage<Void> all = CompletableFuture.completedStage(null);
    for (int g = 0; g < groups.size(); g++) {
      int at = g;
      all = all.thenCompose(x -> DeviceIo.read(device, tableOffset(at), 2 * TableBlock.BYTES)).thenAccept(bytes -> take(groups.get(at), bytes));
    }
    return all;
  }

  private void take(Group group, byte[] bytes) {
    TableBlock newest = null;
    int damaged = 0;
    for (int at = 0; at < bytes.length; at += TableBlock.BYTES) {
      Found found = TableBlock.look(bytes, at, key, group.index, chunkBytes);
      if (found == Found.DAMAGED) damaged++;
      if (found != Found.GOOD) continue;
      TableBlock block = TableBlock.decode(bytes, at);
      if (newest == null || block.sequence > newest.sequence) newest = block;
    }
    // Only one block is ever being written. If the first one ever is torn, nothing has been said to be preserved in this group.
    if (newest != null) group.loaded(newest);
    else if (damaged == 2) throw broken(group);
  }

  private SluiceException broken(Group group) {
    return new SluiceException(ErrorCode.CORRUPT, "the map of preserved chunks in volume " + id + " cannot be read",
        "both copies of the table at " + tableOffset(group.index) + " are damaged", "check the disks; the volume's snapshots may have to be deleted", id);
  }
}
