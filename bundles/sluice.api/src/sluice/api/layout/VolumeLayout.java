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
  /** Where each leg lies. */
  private final LegMap[] maps;

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
    long end = LegMap.end(segments);
    maps = new LegMap[legs.size()];
    for (Segment segment : segments) {
      int count = segment.legs().size();
      if (count != legs.size()) throw new IllegalArgumentException(count + " legs in a segment of a volume of " + legs.size());
    }
    for (int l = 0; l < maps.length; l++) {
      LegRole role = legs.get(l);
      if (!role.own().isEmpty() && LegMap.end(role.own()) < size) throw new IllegalArgumentException("a leg ends before the volume");
      maps[l] = role.own().isEmpty() ? new LegMap(segments, l, replaced(role)) : new LegMap(role.own(), 0, -1);
    }
    for (int s = 0; s < segments.size(); s++) for (LegMap map : used(false)) map.index(s, index);
    for (LegMap map : used(true)) for (int s = 0; s < map.segments(); s++) map.index(s, index);
    for (LegRole leg : legs) {
      if (leg.intents() != null && leg.state() != LegRole.State.STALE) index.computeIfAbsent(leg.intents().disk(), d -> index.size());
    }
    if (size < 0 || size > end) throw new IllegalArgumentException("size " + size + " of " + end);
    disks = List.copyOf(new ArrayList<>(index.keySet()));
  }

  /** Of legs that are not stale. @param own those with segments of their own, or those without */
  private List<LegMap> used(boolean own) {
    List<LegMap> used = new ArrayList<>();
    for (int l = 0; l < maps.length; l++) {
      if (legs.get(l).state() != LegRole.State.STALE && legs.get(l).own().isEmpty() != own) used.add(maps[l]);
    }
    return used;
  }

  /** The leg whose extents are this one's too where both name them, as long as it gets every change: -1 if there is none. */
  private int replaced(LegRole role) {
    if (role.replaces().isEmpty()) return -1;
    for (int l = 0; l < legs.size(); l++) {
      if (legs.get(l).id().equals(role.replaces()) && legs.get(l).state() == LegRole.State.IN_SYNC) return l;
    }
    return -1;
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

  /** The segments in which a leg lies: the volume's, or its own. */
  public List<Segment> segments(int leg) {
    return legs.get(leg).own().isEmpty() ? segments : legs.get(leg).own();
  }

  /** Every extent of a leg, without its write intents, in the order of the volume's bytes. */
  public List<Extent> extents(int leg) {
    return maps[leg].extents();
  }

  /**
   * Hands the pieces of a range of one leg, which is not stale, to the sink; the range must lie within the volume. Of a leg that
   * is to replace another, pieces on extents that both have are left out: what is written to the other is on it already.
   */
  public void pieces(int leg, long offset, long length, PieceSink sink) {
    check(offset, length);
    maps[leg].pieces(offset, length, sink);
  }

  /**
   * Hands the range to the sink as one run of adjoining bytes for each column it touches, segment by segment: for operations
   * without payload (TRIM, WRITE_ZEROES, CACHE), where stripe units that follow one another on a disk need not be told apart
   * however long the range is. The volume offset of a run is that of the segment's part of the range. Extents that two legs
   * share are left out as in {@link #pieces}.
   */
  public void runs(int leg, long offset, long length, PieceSink sink) {
    check(offset, length);
    maps[leg].runs(offset, length, sink);
  }

  private void check(long offset, long length) {
    if (offset < 0 || length < 0 || offset + length > size) throw new IllegalArgumentException("range " + offset + "+" + length);
  }
}
