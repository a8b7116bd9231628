package sluice.testkit.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.testkit.disk.Platter;
import sluice.testkit.world.World;

/**
 * Everything that was written to one volume and read from it: a read returns the last acknowledged write of each sector, or one
 * that overlaps the read in time, or that was never acknowledged and not written over since.
 */
public final class History {
  private final World world;
  private final String volume;
  private final Map<Long, PageHistory> pages = new TreeMap<>();
  private long reads;
  private long writes;

  public History(World world, String volume) {
    this.world = world;
    this.volume = volume;
  }

  /** A write under way. */
  public final class Writing {
    final long offset;
    final long length;
    final Write write;

    private Writing(long offset, long length, Write write) {
      this.offset = offset;
      this.length = length;
      this.write = write;
    }

    public long offset() {
      return offset;
    }

    public long length() {
      return length;
    }

    public void acknowledged() {
      if (write.ended) return;
      end();
      write.settled = true;
      for (PageHistory p : pages(offset, length)) p.acknowledged(write);
      writes++;
    }

    /** It can have no further effect; whether it had one nobody knows. */
    public void ended() {
      if (!write.ended) end();
    }

    /** Whatever became of it, it is the same on all legs. */
    public void settled() {
      ended();
      write.settled = true;
    }

    private void end() {
      write.end = world.now();
      write.ended = true;
    }

    @Override
    public String toString() {
      return Long.toHexString(write.stamp) + " at " + offset / Platter.PAGE + "+" + length / Platter.PAGE;
    }
  }

  /** A read under way. */
  public final class Reading {
    private final long offset;
    private final List<PageHistory> of;
    private final List<Write[]> before = new ArrayList<>();
    private final boolean[] quiet;

    private Reading(long offset, long length) {
      this.offset = offset;
      of = pages(offset, length);
      quiet = new boolean[of.size()];
      for (int i = 0; i < quiet.length; i++) {
        quiet[i] = of.get(i).quiet();
        before.add(of.get(i).reading());
      }
    }

    /** @param stamps of its sectors */
    public void returned(long[] stamps, String who) {
      reads++;
      for (int i = 0; i < quiet.length; i++) {
        long[] seen = java.util.Arrays.copyOfRange(stamps, i * Write.SECTORS, (i + 1) * Write.SECTORS);
        String wrong = of.get(i).check(before.get(i), seen);
        if (wrong != null) {
          world.broke("a read returns the last acknowledged write or one that overlaps it",
              who + " read page " + (offset / Platter.PAGE + i) + " of " + volume + ": " + wrong);
        }
        if (quiet[i]) of.get(i).fixed(before.get(i), seen, world.now());
      }
      over();
    }

    public void over() {
      of.forEach(PageHistory::readerGone);
    }
  }

  private List<PageHistory> pages(long offset, long length) {
    List<PageHistory> all = new ArrayList<>();
    for (long at = offset; at < offset + length; at += Platter.PAGE) {
      all.add(pages.computeIfAbsent(at, a -> new PageHistory()));
    }
    return all;
  }

  /** @param stamp unique but for zeroes */
  public Writing write(long offset, long length, long stamp) {
    Write w = new Write(stamp, null, world.now());
    for (PageHistory p : pages(offset, length)) p.started(w);
    return new Writing(offset, length, w);
  }

  public Reading read(long offset, long length) {
    return new Reading(offset, length);
  }

  /** Whether what a leg holds of the page may be the last that was written. */
  public boolean holds(long page, long[] stamps) {
    PageHistory p = pages.get(page);
    return p == null || p.holds(stamps);
  }

  /** Whether anybody has ever read or written it: what nobody has is whatever was left on the space of each leg. */
  public boolean touched(long page) {
    return pages.containsKey(page);
  }

  /** Whether all legs must hold the same of it. */
  public boolean determined(long page) {
    PageHistory p = pages.get(page);
    return p == null || p.determined();
  }

  /** For people. */
  public String of(long page) {
    return String.valueOf(pages.get(page));
  }

  /** Pages that were ever touched, by their offset. */
  public java.util.Collection<Long> pagesTouched() {
    return List.copyOf(pages.keySet());
  }

  public long reads() {
    return reads;
  }

  public long writes() {
    return writes;
  }
}
