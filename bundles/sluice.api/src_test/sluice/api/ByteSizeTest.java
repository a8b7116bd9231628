package sluice.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ByteSizeTest {
  @Test
  void parsesWhatAdministratorsType() {
    assertEquals(512, ByteSize.parse("512").bytes());
    assertEquals(64 << 10, ByteSize.parse("64k").bytes());
    assertEquals(3L << 19, ByteSize.parse("1.5MiB").bytes());
    assertEquals(10L << 30, ByteSize.parse(" 10 G").bytes());
    assertEquals(2L << 40, ByteSize.parse("2TB").bytes());
  }

  @Test
  void refusesWhatIsNoSizeAndSaysHowToWriteOne() {
    for (String bad : new String[] {"", "G", "-1G", "1.2.3", "10 Q", "0.3", "9E", "99999999999999999999", "1e3", "ten"}) {
      SluiceException e = assertThrows(SluiceException.class, () -> ByteSize.parse(bad), bad);
      assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
      assertEquals("write it like 512MiB, 10G or 1.5T", e.correction());
    }
  }

  @Test
  void printsWithTheLargestUnitThatFits() {
    assertEquals("0 B", new ByteSize(0).toString());
    assertEquals("1023 B", new ByteSize(1023).toString());
    assertEquals("1 KiB", new ByteSize(1024).toString());
    assertEquals("10 GiB", new ByteSize(10L << 30).toString());
    assertEquals("100 GiB", new ByteSize(100L << 30).toString());
    assertEquals("1.5 MiB", new ByteSize(3 << 19).toString());
    assertEquals("8 EiB", new ByteSize(Long.MAX_VALUE).toString());
  }
}
