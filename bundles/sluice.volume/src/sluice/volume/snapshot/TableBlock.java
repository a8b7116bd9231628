package sluice.volume.snapshot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;
import sluice.core.snapshot.AreaSizes;

/**
 * One of the two blocks that say what lies in the slots of a group of a snapshot area. Pure.
 *
 * <p>Format 1, 4096 bytes, little-endian:
 *
 * <pre>
 *    0    8  magic "SLUICESN"
 *    8    4  format version
 *   12    4  group
 *   16   16  area's volume id
 *   32    8  sequence, grows with every write of the group's table
 *   40    8  bytes of a chunk
 *   48   16  zero
 *   64 4000  250 entries of 16: chunk, number of the snapshot that was the newest; number 0: the slot is free
 * 4064   28  zero
 * 4092    4  CRC32C of the 4092 bytes before
 * </pre>
 */
final class TableBlock {
  static final int BYTES = 4096;
  private static final long MAGIC = 0x4e53_4543_4955_4c53L;
  private static final int VERSION = 1;
  private static final int ENTRIES = 64;
  private static final int CHECKSUM = BYTES - 4;

  final long sequence;
  final long[] chunks = new long[AreaSizes.SLOTS];
  final long[] numbers = new long[AreaSizes.SLOTS];

  TableBlock(long sequence) {
    this.sequence = sequence;
  }

  /** What lies where a block should be. */
  enum Found {
    /** Never written for this area. */
    NOTHING,
    /** Ours, but not as it was written: torn, or of a format that is not known. */
    DAMAGED,
    GOOD
  }

  void encode(ByteBuffer to, int at, UUID area, int group, long chunkBytes) {
    ByteBuffer b = to.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
    for (int i = at; i < at + BYTES; i += 8) b.putLong(i, 0);
    b.putLong(at, MAGIC).putInt(at + 8, VERSION).putInt(at + 12, group);
    b.putLong(at + 16, area.getMostSignificantBits()).putLong(at + 24, area.getLeastSignificantBits());
    b.putLong(at + 32, sequence).putLong(at + 40, chunkBytes);
    for (int i = 0; i < AreaSizes.SLOTS; i++) {
      if (numbers[i] != 0) b.putLong(at + ENTRIES + 16 * i, chunks[i]).putLong(at + ENTRIES + 16 * i + 8, numbers[i]);
    }
    b.putInt(at + CHECKSUM, checksum(b, at));
  }

  private static int checksum(ByteBuffer bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(at).limit(at + CHECKSUM));
    return (int) crc.getValue();
  }

  static Found look(byte[] bytes, int at, UUID area, int group, long chunkBytes) {
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean ours = b.getLong(at) == MAGIC && b.getLong(at + 16) == area.getMostSignificantBits() && b.getLong(at + 24) == area.getLeastSignificantBits();
    if (!ours) return Found.NOTHING;
    boolean sound = b.getInt(at + CHECKSUM) == checksum(b, at) && b.getInt(at + 8) == VERSION && b.getInt(at + 12) == group
        && b.getLong(at + 32) > 0 && b.getLong(at + 40) == chunkBytes;
    return sound ? Found.GOOD : Found.DAMAGED;
  }

  /** Of bytes that {@link #look} calls good. */
  static TableBlock decode(byte[] bytes, int at) {
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    TableBlock block = new TableBlock(b.getLong(at + 32));
    for (int i = 0; i < AreaSizes.SLOTS; i++) {
      block.chunks[i] = b.getLong(at + ENTRIES + 16 * i);
      block.numbers[i] = b.getLong(at + ENTRIES + 16 * i + 8);
    }
    return block;
  }
}
