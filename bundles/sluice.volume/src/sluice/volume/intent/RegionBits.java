package sluice.volume.intent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One bit for each region of a volume. Pure; one owner. */
final class RegionBits {
  /** What fits a block. */
  static final int MAX = 32_000;

  private final int count;
  private final long[] words;

  RegionBits(int count) {
    if (count < 0 || count > MAX) throw new IllegalArgumentException(count + " regions");
    this.count = count;
    words = new long[(count + 63) >> 6];
  }

  /** Regions that cover a volume. */
  static int regions(long size, long regionBytes) {
    return (int) Math.min(Integer.MAX_VALUE, (size + regionBytes - 1) / regionBytes);
  }

  int count() {
    return count;
  }

  boolean get(int region) {
    return (words[region >> 6] >>> region & 1) != 0;
  }

  void set(int region) {
    words[region >> 6] |= 1L << region;
  }

  void clear(int region) {
    words[region >> 6] &= ~(1L << region);
  }

  /** @param last inclusive, as everywhere here */
  void set(int first, int last) {
    for (int r = first; r <= last; r++) set(r);
  }

  boolean covers(int first, int last) {
    for (int r = first; r <= last; r++) if (!get(r)) return false;
    return true;
  }

  boolean isEmpty() {
    for (long w : words) if (w != 0) return false;
    return true;
  }

  void clear() {
    Arrays.fill(words, 0);
  }

  void or(RegionBits other) {
    for (int i = 0; i < words.length; i++) words[i] |= other.words[i];
  }

  void copy(RegionBits other) {
    System.arraycopy(other.words, 0, words, 0, words.length);
  }

  /** The first set bit from there on; -1 if there is none. */
  int next(int from) {
    for (int i = from >> 6; i < words.length; i++) {
      long w = i == from >> 6 ? words[i] & -1L << from : words[i];
      if (w != 0) return (i << 6) + Long.numberOfTrailingZeros(w);
    }
    return -1;
  }

  long word(int index) {
    return words[index];
  }

  /** Ignores bits past the end. */
  void word(int index, long bits) {
    int last = words.length - 1;
    words[index] = index == last && (count & 63) != 0 ? bits & (1L << count) - 1 : bits;
  }

  int words() {
    return words.length;
  }

  /** Sets every bit whose region has a byte of the range; what lies past the last region is ignored. */
  void set(DirtyRange range, long regionBytes) {
    long first = range.start() / regionBytes;
    long last = Math.min(count - 1L, (range.end() - 1) / regionBytes);
    if (first <= last) set((int) first, (int) last);
  }

  /** What is set, ascending and joined, cut off at the volume's end. */
  List<DirtyRange> ranges(long regionBytes, long size) {
    List<DirtyRange> ranges = new ArrayList<>();
    for (int r = next(0); r >= 0; ) {
      int end = r + 1;
      while (end < count && get(end)) end++;
      long from = r * regionBytes;
      if (from < size) ranges.add(new DirtyRange(from, Math.min(size, end * regionBytes)));
      r = end < count ? next(end) : -1;
    }
    return ranges;
  }
}
