package sluice.testkit.disk;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import sluice.testkit.world.Chance;

/**
 * What a disk holds, and what it would hold after a power cut: a write is in the cache first, sector by sector it may or may
 * not have come further, until a flush or FUA makes it stable.
 */
public final class Platter {
  public static final int PAGE = 4096;
  public static final int SECTOR = 512;
  private static final byte[] ZERO = new byte[PAGE];

  /** Never changed in place; null is zeroes. */
  private final byte[][] pages;
  /** What was stable of the pages that were written since. */
  private final Map<Integer, byte[]> unstable = new LinkedHashMap<>();

  public Platter(long size) {
    pages = new byte[(int) (size / PAGE)][];
  }

  public long size() {
    return (long) pages.length * PAGE;
  }

  public void read(long offset, byte[] to) {
    for (int at = 0; at < to.length; at += PAGE) {
      byte[] page = pages[(int) ((offset + at) / PAGE)];
      System.arraycopy(page == null ? ZERO : page, 0, to, at, PAGE);
    }
  }

  /** @param data null: zeroes */
  public void write(long offset, long length, byte[] data, boolean stable) {
    for (long at = 0; at < length; at += PAGE) {
      int index = (int) ((offset + at) / PAGE);
      put(index, data == null ? null : page(data, (int) at));
      if (stable) unstable.remove(index);
    }
  }

  private static byte[] page(byte[] data, int at) {
    if (Arrays.equals(data, at, at + PAGE, ZERO, 0, PAGE)) return null;
    return Arrays.copyOfRange(data, at, at + PAGE);
  }

  private void put(int index, byte[] page) {
    if (!unstable.containsKey(index)) unstable.put(index, pages[index]);
    pages[index] = page;
  }

  /** A write that was cut off: some of its sectors came through. */
  public void tear(long offset, long length, byte[] data, Chance chance) {
    for (long at = 0; at < length; at += PAGE) {
      int index = (int) ((offset + at) / PAGE);
      put(index, mixed(pages[index], data == null ? null : page(data, (int) at), chance));
    }
  }

  private static byte[] mixed(byte[] old, byte[] fresh, Chance chance) {
    byte[] page = old == null ? new byte[PAGE] : old.clone();
    byte[] from = fresh == null ? ZERO : fresh;
    int sectors = chance.below(1 << PAGE / SECTOR);
    for (int s = 0; s < PAGE / SECTOR; s++) {
      if ((sectors >> s & 1) != 0) System.arraycopy(from, s * SECTOR, page, s * SECTOR, SECTOR);
    }
    return page;
  }

  /** What was written so far is stable. */
  public void flush() {
    unstable.clear();
  }

  /** Of what was not stable, each sector is there or is not. */
  public void losePower(Chance chance) {
    unstable.forEach((index, old) -> {
      // Most often a page comes through or does not: a tear is the rare case.
      int kind = chance.below(4);
      if (kind == 0) pages[index] = mixed(old, pages[index], chance);
      else if (kind < 3) pages[index] = old;
    });
    unstable.clear();
  }

  /** The first eight bytes of a sector, which name the write it is of. */
  public long stamp(long offset) {
    byte[] page = pages[(int) (offset / PAGE)];
    if (page == null) return 0;
    int at = (int) (offset % PAGE);
    long stamp = 0;
    for (int i = 0; i < 8; i++) stamp = stamp << 8 | page[at + i] & 0xff;
    return stamp;
  }

  /** The page that holds this byte; null for zeroes. Not to be changed. */
  public byte[] page(long offset) {
    return pages[(int) (offset / PAGE)];
  }
}
