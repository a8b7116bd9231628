package sluice.catalog.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class LogTailTest {
  private static final int PADDING = 1000;

  private static byte[] entry(int length, long seed) {
    byte[] body = new byte[length];
    new Random(seed).nextBytes(body);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int n = length; ; n >>>= 7) {
      out.write(n < 0x80 ? n : n & 0x7f | 0x80);
      if (n < 0x80) break;
    }
    out.writeBytes(body);
    CRC32C crc = new CRC32C();
    crc.update(out.toByteArray());
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    return out.toByteArray();
  }

  private static byte[] segment(byte[]... entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("RaftLog1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    for (byte[] e : entries) out.writeBytes(e);
    out.writeBytes(new byte[PADDING]);
    return out.toByteArray();
  }

  @Test
  void aWholeSegmentIsLeftAsItIs() {
    assertEquals(-1, LogTail.tornFrom(segment()));
    assertEquals(-1, LogTail.tornFrom(segment(entry(10, 1), entry(300, 2), entry(20_000, 3))));
    assertEquals(-1, LogTail.tornFrom(new byte[0]));
    assertEquals(-1, LogTail.tornFrom(new byte[5000]));
  }

  @Test
  void theLastEntryCutAtAnyByteIsTakenAway() {
    for (int length : new int[] {10, 127, 128, 300}) {
      byte[] last = entry(length, length);
      byte[] whole = segment(entry(50, 1), last);
      int start = whole.length - PADDING - last.length;
      for (int kept = 1; kept < last.length; kept++) {
        byte[] cut = whole.clone();
        Arrays.fill(cut, start + kept, cut.length, (byte) 0);
        // what ends in zeros anyhow may be whole in spite of the cut
        int expected = Arrays.equals(cut, whole) ? -1 : start;
        assertEquals(expected, LogTail.tornFrom(cut), kept + " of " + last.length);
      }
    }
  }

  @Test
  void anEntryThatIsThereToItsLastByteIsNeverTakenAway() {
    byte[] last = entry(200, 5);
    byte[] whole = segment(entry(50, 1), last);
    int start = whole.length - PADDING - last.length;
    for (int at = start + 2; at < start + last.length - 1; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x40;
      assertEquals(-1, LogTail.tornFrom(damaged), "byte " + (at - start));
    }
  }

  @Test
  void damageBeforeAnotherEntryIsNeverTakenAway() {
    byte[] first = entry(100, 1);
    byte[] whole = segment(first, entry(100, 2));
    for (int at = 8 + 1; at < 8 + first.length; at++) {
      byte[] damaged = whole.clone();
      Arrays.fill(damaged, at, 8 + first.length, (byte) 0);
      if (!Arrays.equals(damaged, whole)) assertEquals(-1, LogTail.tornFrom(damaged), "byte " + at);
    }
  }
}
