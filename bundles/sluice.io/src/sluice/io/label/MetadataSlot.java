package sluice.io.label;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * The header of one of a disk's two metadata slots. Pure.
 *
 * <p>Format 1, one block of 4096 bytes, little-endian; the payload follows in the next block:
 *
 * <pre>
 *    0   8  magic "SLUICEMD"
 *    8   4  format version
 *   12   4  bytes of the payload
 *   16   8  sequence
 *   24  16  pool id
 *   40   4  CRC32C of the payload
 * 4092   4  CRC32C of the 4092 bytes before
 * </pre>
 */
record MetadataSlot(String poolId, long sequence, int length, int payloadChecksum) {
  static final int HEADER = LabelLayout.BLOCK;
  private static final long MAGIC = 0x444d_4543_4955_4c53L;
  private static final int VERSION = 1;
  private static final int CHECKSUM = HEADER - 4;

  static MetadataSlot of(String poolId, long sequence, byte[] payload) {
    return new MetadataSlot(poolId, sequence, payload.length, DiskLabel.checksum(payload, payload.length));
  }

  byte[] encode() {
    byte[] block = new byte[HEADER];
    ByteBuffer b = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    b.putLong(MAGIC).putInt(VERSION).putInt(length).putLong(sequence);
    DiskLabel.putId(b, UUID.fromString(poolId));
    b.putInt(payloadChecksum).putInt(CHECKSUM, DiskLabel.checksum(block));
    return block;
  }

  /** Null if the block is no header of the pool's, is damaged, or says more than there is room for. */
  static MetadataSlot decode(byte[] block, String poolId, long room) {
    if (block.length < HEADER) return null;
    ByteBuffer b = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    if (b.getLong() != MAGIC || b.getInt(CHECKSUM) != DiskLabel.checksum(block) || b.getInt() != VERSION) return null;
    int length = b.getInt();
    long sequence = b.getLong();
    String pool = DiskLabel.getId(b).toString();
    if (length < 0 || length > room || sequence < 1 || !pool.equals(poolId)) return null;
    return new MetadataSlot(pool, sequence, length, b.getInt());
  }

  /** Whether these are the bytes that were written with this header. */
  boolean matches(byte[] payload) {
    return payload.length >= length && DiskLabel.checksum(payload, length) == payloadChecksum;
  }
}
