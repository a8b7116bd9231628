package sluice.catalog.ratis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what a power cut may leave at the end of the open log segment: the beginning of an entry that was being
 * written, with nothing but zeros of the preallocated file after it. Ratis calls that damage and does not start, though
 * such an entry was never forced to the disk, so never acknowledged.
 *
 * <p>Anything else that is wrong is left as it is, for Ratis to refuse: an entry that is there to its last byte may
 * have been acknowledged. A segment is the bytes {@code RaftLog1}, then entries (a varint length, that many bytes, a
 * big-endian CRC-32C of both), then zeros.
 */
final class LogTail {
  private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
  private static final int HEADER = 8;
  private static final int CHECKSUM = 4;
  private static final int MAX_SEGMENT = 256 << 20;

  private LogTail() {}

  /**
   * Only under the storage's lock.
   *
   * @return bytes that were taken away; 0 if nothing was wrong
   */
  static int repair(Path segment) throws IOException {
    try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (file.size() > MAX_SEGMENT) return 0;
      ByteBuffer content = ByteBuffer.allocate((int) file.size());
      while (content.hasRemaining() && file.read(content, content.position()) >= 0) continue;
      byte[] bytes = content.array();
      int from = tornFrom(bytes);
      if (from < 0) return 0;
      int torn = used(bytes) - from;
      ByteBuffer zeros = ByteBuffer.allocate(torn);
      while (zeros.hasRemaining()) file.write(zeros, from + zeros.position());
      file.force(true);
      LOG.warn("catalog log {}: took {} bytes of an entry away that was cut short at byte {}", segment, torn, from);
      return torn;
    }
  }

  /** Where the entry that was cut short begins, or -1 if there is none. Pure. */
  static int tornFrom(byte[] bytes) {
    int used = used(bytes);
    int at = HEADER;
    while (at < used) {
      long length = length(bytes, at);
      // the length itself is cut: its last byte has the top bit clear, and a zero there is not the shortest form
      if (length < 0) return used <= at + 5 ? at : -1;
      long end = at + length + CHECKSUM;
      boolean whole = end <= bytes.length && checksumFits(bytes, at, (int) (end - CHECKSUM));
      if (!whole) return used < end && end <= bytes.length ? at : -1;
      at = (int) end;
    }
    return -1;
  }

  /** Bytes up to the last one that is not zero. */
  private static int used(byte[] bytes) {
    int n = bytes.length;
    while (n > 0 && bytes[n - 1] == 0) n--;
    return n;
  }

  /** Bytes of the length and the entry, or -1 if that is no length. */
  private static long length(byte[] bytes, int at) {
    long value = 0;
    for (int i = 0; i < 5 && at + i < bytes.length; i++) {
      byte b = bytes[at + i];
      value |= (long) (b & 0x7f) << (7 * i);
      if (b >= 0) return value > RaftSettings.MAX_ENTRY_BYTES || (i > 0 && b == 0) ? -1 : value + i + 1;
    }
    return -1;
  }

  private static boolean checksumFits(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return ByteBuffer.wrap(bytes).getInt(to) == (int) crc.getValue();
  }
}
