package sluice.volume.intent;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * One of the two blocks of a slot of write intents. Pure.
 *
 * <p>Format 1, 4096 bytes, little-endian:
 *
 * <pre>
 *    0    8  magic "SLUICEWI"
 *    8    4  format version
 *   12    4  slot
 *   16   16  volume id
 *   32    8  incarnation of the writer
 *   40    8  sequence, grows with every write of the slot
 *   48    8  bytes of a region, a power of two
 *   56    4  regions
 *   60    4  zero
 *   64 4000  bitmap: bit r of word r / 64 is region r
 * 4064   28  zero
 * 4092    4  CRC32C of the 4092 bytes before
 * </pre>
 */
record IntentBlock(long incarnation, long sequence, long regionBytes, RegionBits bits) {
  static final int BYTES = 4096;
  private static final long MAGIC = 0x4957_4543_4955_4c53L;
  private static final int VERSION = 1;
  private static final int BITMAP = 64;
  private static final int CHECKSUM = BYTES - 4;

  /** What lies where a block should be. */
  enum Found {
    /** Never written for this volume. */
    NOTHING,
    /** Ours, but not as it was written: torn, or of a format that is not known. */
    DAMAGED,
    GOOD
  }

  /** A volume's id as 16 bytes: itself if it is a UUID. */
  static UUID key(String volumeId) {
    try {
      return UUID.fromString(volumeId);
    } catch (IllegalArgumentException e) {
      return UUID.nameUUIDFromBytes(volumeId.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Allocates nothing but a view and a checksum. @param at where in {@code to} the block begins */
  void encode(ByteBuffer to, int at, UUID volume, int slot) {
    ByteBuffer b = to.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
    b.putLong(at, MAGIC).putInt(at + 8, VERSION).putInt(at + 12, slot);
    b.putLong(at + 16, volume.getMostSignificantBits()).putLong(at + 24, volume.getLeastSignificantBits());
    b.putLong(at + 32, incarnation).putLong(at + 40, sequence).putLong(at + 48, regionBytes);
    b.putInt(at + 56, bits.count()).putInt(at + 60, 0);
    for (int i = 0; i < bits.words(); i++) b.putLong(at + BITMAP + 8 * i, bits.word(i));
    for (int i = at + BITMAP + 8 * bits.words(); i < at + CHECKSUM; i++) b.put(i, (byte) 0);
    b.putInt(at + CHECKSUM, checksum(b, at));
  }

  private static int checksum(ByteBuffer bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(at).limit(at + CHECKSUM));
    return (int) crc.getValue();
  }

  /** What the bytes are, for a volume's slot. */
  static Found look(byte[] bytes, int at, UUID volume, int slot) {
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (b.getLong(at) != MAGIC) return Found.NOTHING;
    if (b.getInt(at + CHECKSUM) != checksum(b, at)) return Found.DAMAGED;
    if (b.getLong(at + 16) != volume.getMostSignificantBits() || b.getLong(at + 24) != volume.getLeastSignificantBits()) {
      return Found.NOTHING;
    }
    long region = b.getLong(at + 48);
    int count = b.getInt(at + 56);
    boolean sound = b.getInt(at + 8) == VERSION && b.getInt(at + 12) == slot && region > 0 && Long.bitCount(region) == 1
        && count >= 0 && count <= RegionBits.MAX && b.getLong(at + 40) > 0;
    return sound ? Found.GOOD : Found.DAMAGED;
  }

  /** Of bytes that {@link #look} calls good. */
  static IntentBlock decode(byte[] bytes, int at) {
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    RegionBits bits = new RegionBits(b.getInt(at + 56));
    for (int i = 0; i < bits.words(); i++) bits.word(i, b.getLong(at + BITMAP + 8 * i));
    return new IntentBlock(b.getLong(at + 32), b.getLong(at + 40), b.getLong(at + 48), bits);
  }
}
