package sluice.io.label;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Recognises what else may be on a disk, so that nobody's file system is overwritten unknowingly. Pure. */
final class Contents {
  /** Bytes from the disk's start that are looked at: btrfs and md put their marks behind 64 KiB. */
  static final int LOOK_AT = 128 << 10;

  private record Mark(String what, int offset, byte[] bytes) {
    Mark(String what, int offset, String text) {
      this(what, offset, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    boolean on(byte[] start) {
      return start.length >= offset + bytes.length
          && Arrays.equals(start, offset, offset + bytes.length, bytes, 0, bytes.length);
    }
  }

  /** In the order of looking: a partition table is worth less than what says more. */
  private static final List<Mark> MARKS = List.of(
      new Mark("an XFS file system", 0, "XFSB"),
      new Mark("an ext2, ext3 or ext4 file system", 1080, "\u0053\u00ef"),
      new Mark("a btrfs file system", 65600, "_BHRfS_M"),
      new Mark("a LUKS container", 0, "LUKS\u00ba\u00be"),
      new Mark("an LVM physical volume", 536, "LVM2 001"),
      new Mark("a member of a RAID", 4096, "\u00fc\u004e\u002b\u00a9"),
      new Mark("a swap area", 4086, "SWAPSPACE2"),
      new Mark("a qcow2 image", 0, "QFI\u00fb"),
      new Mark("an NTFS file system", 3, "NTFS    "),
      new Mark("a partition table", 512, "EFI PART"),
      new Mark("a partition table or boot sector", 510, "\u0055\u00aa"));

  private Contents() {}

  /** Empty if there is nothing but zeroes. */
  static String of(byte[] start) {
    for (Mark mark : MARKS) if (mark.on(start)) return mark.what();
    for (byte b : start) if (b != 0) return "data of an unknown kind";
    return "";
  }
}
