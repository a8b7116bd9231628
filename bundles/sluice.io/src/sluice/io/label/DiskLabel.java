package sluice.io.label;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;
import sluice.api.ByteSize;
import sluice.io.label.LabelResult.State;

/**
 * The identity a disk carries; better to fail early and obviously than to write to the wrong one.
 *
 * <p>Format 1, one block of 4096 bytes, little-endian, UUIDs in the byte order of RFC 9562:
 *
 * <pre>
 *    0   8  magic "SLUICE" 0 1
 *    8   4  format version
 *   12   2  bytes of the name
 *   14   2  0
 *   16   8  sequence: grows with every change of the label
 *   24  16  disk id
 *   40  16  cluster id
 *   56  16  pool id, zeroes for none
 *   72   8  capacity, bytes
 *   80   8  data start, bytes
 *   88   8  data end, bytes
 *   96   8  metadata offset, bytes
 *  104   8  bytes of each of the two metadata slots
 *  112 255  name, UTF-8
 * 4092   4  CRC32C of the 4092 bytes before; stays here in all formats
 * </pre>
 *
 * @param diskId canonical UUID
 * @param clusterId canonical UUID
 * @param poolId canonical UUID, or empty for none
 * @param name of the disk, 1 to 255 bytes of UTF-8
 * @param capacity bytes of the disk when it was labelled
 * @param layout where data and metadata lie
 * @param sequence of this state of the label, from 1
 */
public record DiskLabel(
    String diskId, String clusterId, String poolId, String name, long capacity, LabelLayout layout, long sequence) {
  public static final int BYTES = LabelLayout.BLOCK;
  public static final int VERSION = 1;

  private static final long MAGIC = 0x0100_4543_4955_4c53L;
  private static final UUID NONE = new UUID(0, 0);
  private static final int NAME = 112;
  private static final int MAX_NAME = 255;
  private static final int CHECKSUM = BYTES - 4;

  public DiskLabel {
    canonical(diskId);
    canonical(clusterId);
    if (!poolId.isEmpty()) canonical(poolId);
    int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (nameBytes == 0 || nameBytes > MAX_NAME) throw new IllegalArgumentException("a disk's name has 1 to 255 bytes");
    if (sequence < 1) throw new IllegalArgumentException("sequence " + sequence);
    checkLayout(capacity, layout);
  }

  private static void canonical(String id) {
    UUID uuid = UUID.fromString(id);
    if (!uuid.toString().equals(id) || uuid.equals(NONE)) throw new IllegalArgumentException("not a UUID: " + id);
  }

  private static void checkLayout(long capacity, LabelLayout l) {
    long slots = l.metadataBytes();
    boolean good = capacity >= LabelLayout.MIN_DISK && l.metadataOffset() >= BYTES
        && slots > BYTES && slots <= capacity / 2
        && ((l.metadataOffset() | slots | l.dataStart() | l.dataEnd()) & (BYTES - 1)) == 0
        && l.metadataOffset() <= l.dataStart() - 2 * slots
        && l.dataStart() <= l.dataEnd() && l.dataEnd() <= LabelLayout.secondCopy(capacity);
    if (!good) throw new IllegalArgumentException("areas do not fit: " + l + " in " + capacity);
  }

  /** A first label for a disk of that many bytes, in no pool. */
  public static DiskLabel fresh(String diskId, String clusterId, String name, long capacity) {
    return new DiskLabel(diskId, clusterId, "", name, capacity, LabelLayout.of(capacity), 1);
  }

  /** The disk as a member of a pool; empty: of none. */
  public DiskLabel inPool(String pool) {
    return new DiskLabel(diskId, clusterId, pool, name, capacity, layout, sequence + 1);
  }

  /** The disk with another name. */
  public DiskLabel named(String newName) {
    return new DiskLabel(diskId, clusterId, poolId, newName, capacity, layout, sequence + 1);
  }

  /** The disk taken over by another cluster. */
  public DiskLabel ofCluster(String cluster) {
    return new DiskLabel(diskId, cluster, poolId, name, capacity, layout, sequence + 1);
  }

  /** {@link #BYTES} bytes. */
  public byte[] encode() {
    byte[] block = new byte[BYTES];
    ByteBuffer b = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    b.putLong(MAGIC).putInt(VERSION).putShort((short) utf8.length).putShort((short) 0).putLong(sequence);
    putId(b, UUID.fromString(diskId));
    putId(b, UUID.fromString(clusterId));
    putId(b, poolId.isEmpty() ? NONE : UUID.fromString(poolId));
    b.putLong(capacity).putLong(layout.dataStart()).putLong(layout.dataEnd());
    b.putLong(layout.metadataOffset()).putLong(layout.metadataBytes());
    b.put(utf8).putInt(CHECKSUM, checksum(block));
    return block;
  }

  /** @param deviceBytes what the disk has now, to notice one that has shrunk */
  public static LabelResult decode(byte[] block, long deviceBytes) {
    if (block.length < BYTES) return LabelResult.without(State.NONE, "no label");
    ByteBuffer b = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    if (b.getLong() != MAGIC) return LabelResult.without(State.NONE, "no label");
    if (b.getInt(CHECKSUM) != checksum(block)) {
      return LabelResult.without(State.DAMAGED, "the label is damaged: its checksum is wrong");
    }
    int version = b.getInt();
    if (version != VERSION) {
      return LabelResult.without(State.NEWER, "the label has format " + Integer.toUnsignedString(version)
          + ", this Sluice knows up to " + VERSION);
    }
    try {
      DiskLabel label = decodeFields(b);
      if (label.capacity <= deviceBytes) return LabelResult.found(label, "");
      return new LabelResult(State.SHRUNKEN, label,
          "the disk had " + new ByteSize(label.capacity) + " when it was labelled and has " + new ByteSize(deviceBytes) + " now", false);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return LabelResult.without(State.DAMAGED, "the label is damaged: " + e.getMessage());
    }
  }

  private static DiskLabel decodeFields(ByteBuffer b) throws CharacterCodingException {
    int nameBytes = b.getShort() & 0xffff;
    if (nameBytes > MAX_NAME) throw new IllegalArgumentException("a name of " + nameBytes + " bytes");
    b.getShort();
    long sequence = b.getLong();
    UUID disk = getId(b);
    UUID cluster = getId(b);
    UUID pool = getId(b);
    long capacity = b.getLong();
    LabelLayout layout = new LabelLayout(b.getLong(), b.getLong(), b.getLong(), b.getLong());
    CharBuffer name = StandardCharsets.UTF_8.newDecoder().decode(b.duplicate().position(NAME).limit(NAME + nameBytes));
    String poolId = pool.equals(NONE) ? "" : pool.toString();
    return new DiskLabel(disk.toString(), cluster.toString(), poolId, name.toString(), capacity, layout, sequence);
  }

  static void putId(ByteBuffer b, UUID id) {
    b.putLong(Long.reverseBytes(id.getMostSignificantBits())).putLong(Long.reverseBytes(id.getLeastSignificantBits()));
  }

  static UUID getId(ByteBuffer b) {
    return new UUID(Long.reverseBytes(b.getLong()), Long.reverseBytes(b.getLong()));
  }

  /** Of a block whose last 4 bytes are for it. */
  static int checksum(byte[] block) {
    return checksum(block, BYTES - 4);
  }

  static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
