package sluice.api.layout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where all of a volume's blocks lie under one epoch. Looking up is a binary search and allocates nothing. */
public final class VolumeLayout {
  private final long epoch;
  private final long size;
  private final List<Segment> segments;
  private final List<LegRole> legs;
  private final long regionBytes;
  private final long snapshot;
  private final long chunkBytes;
  private final List<String> disks;
  private final long[] starts;
  /** Index into {@link #disks} of [segment][leg][column]; -1 of a stale leg. */
  private final int[][][] diskIndex;
  /** Byte offset on the disk of [segment][leg][column]. */
  private final long[][][] diskOffset;

  /** Receives the pieces of a range in ascending order of volume offset. */
  public interface PieceSink {
    /**
     * @param disk index into {@link VolumeLayout#disks()}
     * @param diskOffset bytes from the disk's start
     * @param volumeOffset bytes from the volume's start
     * @param length bytes
     */
    void piece(int disk, long diskOffset, long volumeOffset, long length);
  }

  /**
   * @param epoch which state of the layout this is; grows with each committed change (invariant 2)
   * @param size bytes of the volume as its users see it; at most what the segments hold
   * @param segments adjoining, in order, from 0
   */
  public VolumeLayout(long epoch, long size, List<Segment> segments) {
    this(epoch, size, segments, List.of(new LegRole("", LegRole.State.IN_SYNC, null)), 0);
  }

  /**
   * @param epoch which state of the layout this is; grows with each committed change (invariant 2)
   * @param size bytes of the volume as its users see it; at most what the segments hold
   * @param segments adjoining, in order, from 0, each with as many legs
   * @param legs what each leg is good for; one at least is in sync
   * @param regionBytes of a write intent, a power of two; 0 if there are none
   */
  public VolumeLayout(long epoch, long size, List<Segment> segments, List<LegRole> legs, long regionBytes) {
    this(epoch, size, segments, legs, regionBytes, 0, 0);
  }

  private VolumeLayout(long epoch, long size, List<Segment> segments, List<LegRole> legs, long regionBytes, long snapshot, long chunkBytes) {
    this.snapshot = snapshot;
    this.chunkBytes = chunkBytes;
    this.epoch = epoch;
    this.size = size;
    this.segments = List.copyOf(segments);
    this.legs = List.copyOf(legs);
    this.regionBytes = regionBytes;
    if (legs.stream().noneMatch(l -> l.state() == LegRole.State.IN_SYNC)) throw new IllegalArgumentException("no leg is in sync");
    if (regionBytes != 0 && Long.bitCount(regionBytes) != 1) throw new IllegalArgumentException("regions of " + regionBytes);
    Map<String, Integer> index = new LinkedHashMap<>();
    starts = new long[segments.size()];
    diskIndex = new int[segments.size()][][];
    diskOffset = new long[segments.size()][][];
    long end = 0;
    for (int s = 0; s < segments.size(); s++) {
      Segment segment = segments.get(s);
      if (segment.start() != end) throw new IllegalArgumentException("segments do not adjoin at " + end);
      starts[s] = end;
      end = segment.end();
      int count = segment.legs().size();
      if (count != legs.size()) throw new IllegalArgumentException(count + " legs in a segment of a volume of " + legs.size());
      diskIndex[s] = new int[count][segment.columns()];
      diskOffset[s] = new long[count][segment.columns()];
      for (int l = 0; l < count; l++) {
        boolean stale = legs.get(l).state() == LegRole.State.STALE;
        for (int c = 0; c < segment.columns(); c++) {
          Extent e = segment.legs().get(l).get(c);
          diskIndex[s][l][c] = stale ? -1 : index.computeIfAbsent(e.disk(), d -> index.size());
          diskOffset[s][l][c] = e.offset();
        }
      }
    }
    for (LegRole leg : legs) {
      if (leg.intents() != null && leg.state() != LegRole.State.STALE) index.computeIfAbsent(leg.intents().disk(), d -> index.size());
    }
    if (size < 0 || size > end) throw new IllegalArgumentException("size " + size + " of " + end);
    disks = List.copyOf(new ArrayList<>(index.keySet()));
  }

  public long epoch() {
    return epoch;
  }

  public long size() {
    return size;
  }

  public List<Segment> segments() {
    return segments;
  }

  /** What each leg is good for, in the order of the segments' legs. */
  public List<LegRole> legs() {
    return legs;
  }

  /** Bytes of the volume that one write intent stands for; 0 if there are no intents. */
  public long regionBytes() {
    return regionBytes;
  }

  /** The same while a snapshot is to be kept. @param number of the newest one, 0: there is none; @param bytes of what is preserved at once */
  public VolumeLayout preserving(long number, long bytes) {
    return new VolumeLayout(epoch, size, segments, legs, regionBytes, number, bytes);
  }

  /** The newest snapshot's number: chunks are preserved for it before they change (invariant 6); 0: there is none. */
  public long snapshot() {
    return snapshot;
  }

  /** Bytes of the volume that are preserved at once; 0 without snapshots. */
  public long chunkBytes() {
    return chunkBytes;
  }

  /** Ids of the disks the layout uses, each once, in order of first use; those of stale legs only are not among them. */
  public List<String> disks() {
    return disks;
  }

  /** Hands the pieces of a range of one leg, which is not stale, to the sink; the range must lie within the volume. */
  public void pieces(int leg, long offset, long length, PieceSink sink) {
    if (offset < 0 || length < 0 || offset + length > size) throw new IllegalArgumentException("range " + offset + "+" + length);
    int s = segmentAt(offset);
    long at = offset;
    long end = offset + length;
    while (at < end) {
      Segment segment = segments.get(s);
      long inSegment = Math.min(end, segment.end());
      at = piecesOf(s, segment, leg, at, inSegment, sink);
      s++;
    }
  }

  private long piecesOf(int s, Segment segment, int leg, long from, long to, PieceSink sink) {
    int columns = segment.columns();
    if (columns == 1) {
      sink.piece(diskIndex[s][leg][0], diskOffset[s][leg][0] + (from - segment.start()), from, to - from);
      return to;
    }
    int unit = segment.stripeUnit();
    long at = from;
    while (at < to) {
      long inSegment = at - segment.start();
      long u = inSegment / unit;
      long inUnit = inSegment % unit;
      int column = (int) (u % columns);
      long length = Math.min(unit - inUnit, to - at);
      sink.piece(diskIndex[s][leg][column], diskOffset[s][leg][column] + u / columns * unit + inUnit, at, length);
      at += length;
    }
    return to;
  }

  /**
   * Hands the range to the sink as one run of adjoining bytes for each column it touches, segment by segment: for operations
   * without payload (TRIM, WRITE_ZEROES, CACHE), where stripe units that follow one another on a disk need not be told apart
   * however long the range is. The volume offset of a run is that of the segment's part of the range.
   */
  public void runs(int leg, long offset, long length, PieceSink sink) {
    if (offset < 0 || length < 0 || offset + length > size) throw new IllegalArgumentException("range " + offset + "+" + length);
    long at = offset;
    long end = offset + length;
    for (int s = segmentAt(offset); at < end; s++) {
      Segment segment = segments.get(s);
      long to = Math.min(end, segment.end());
      for (int c = 0; c < segment.columns(); c++) {
        long from = inColumn(segment, c, at - segment.start());
        long run = inColumn(segment, c, to - segment.start()) - from;
        if (run > 0) sink.piece(diskIndex[s][leg][c], diskOffset[s][leg][c] + from, at, run);
      }
      at = to;
    }
  }

  /** How many of the segment's first {@code bytes} bytes lie in a column. */
  private static long inColumn(Segment segment, int column, long bytes) {
    int columns = segment.columns();
    if (columns == 1) return bytes;
    long unit = segment.stripeUnit();
    long row = unit * columns;
    return bytes / row * unit + Math.max(0, Math.min(unit, bytes % row - column * unit));
  }

  private int segmentAt(long offset) {
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
