package sluice.volume.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sluice.volume.testing.FakeDisk;
import sluice.volume.testing.Op;
import sluice.volume.testing.VirtualLoop;

/**
 * Random changes, snapshots, deletions, readers and power cuts, against a copy of the volume made for each snapshot: what a
 * snapshot shows never differs from its copy, and lists never miss a chunk; without power cuts they name none too many.
 */
class SnapshotModelTest {
  private static final int CHUNK = 64 << 10;
  private static final int CHUNKS = 6;
  private static final int PAGE = 4096;
  private static final String AREA = "00000000-0000-4000-8000-00000000a001";

  @Test
  void snapshotsShowWhatWasThereAndListsAreExact() {
    for (int seed = 0; seed < 60; seed++) new History(seed, false).run("seed " + seed);
  }

  @Test
  void snapshotsShowWhatWasThereThroughPowerCuts() {
    for (int seed = 0; seed < 60; seed++) new History(seed, true).run("seed " + seed + " with power cuts");
  }

  private static final class History {
    private final Random random;
    private final boolean cuts;
    private final VirtualLoop loop = new VirtualLoop();
    private final FakeDisk origin = new FakeDisk("origin", loop, CHUNKS * CHUNK);
    private final FakeDisk area = new FakeDisk("area", loop, 251 * CHUNK);
    /** First byte of each page, by snapshot. */
    private final TreeMap<Long, byte[]> copies = new TreeMap<>();
    private final TreeMap<Long, boolean[]> changed = new TreeMap<>();
    private final List<Op> writes = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private long epoch = 1;
    private Preserver p;

    private record Reader(long snapshot, Op read) {}

    private History(long seed, boolean cuts) {
      random = new Random(seed);
      this.cuts = cuts;
    }

    private void open() {
      p = new Preserver(loop, origin, origin, (slots, free, waiting) -> {});
      p.loading(CHUNK);
      area.atOnce = true;
      p.addArea(AREA, area);
      loop.run();
      p.loaded(copies.keySet().stream().mapToLong(Long::longValue).toArray());
      loop.run();
      area.atOnce = false;
      origin.atOnce = false;
    }

    private void run(String where) {
      open();
      for (int step = 0; step < 250; step++) {
        int what = random.nextInt(20);
        if (what < 8) write();
        else if (what < 11 && !copies.isEmpty()) read();
        else if (what < 17) complete();
        else if (what == 17) snapshot();
        else if (what == 18 && random.nextInt(3) == 0) delete();
        else if (what == 19 && cuts && random.nextInt(4) == 0) powerCut();
        check(where + " step " + step);
      }
      settle();
      for (long s : copies.keySet()) for (int page = 0; page < CHUNKS * CHUNK / PAGE; page += 3) reader(s, page * PAGE);
      settle();
      check(where + " at the end");
      lists(where);
      for (Op w : writes) assertTrue(w.good(), where);
    }

    private void write() {
      int page = random.nextInt(CHUNKS * CHUNK / PAGE - 20);
      int pages = random.nextInt(6) == 0 ? 20 : 1;
      Op op = Op.write(loop, (long) page * PAGE, pages * PAGE, 1 + random.nextInt(120));
      writes.add(op);
      op.then = () -> {
        for (boolean[] since : changed.values()) Arrays.fill(since, page * PAGE / CHUNK, ((page + pages) * PAGE - 1) / CHUNK + 1, true);
      };
      p.submit(op);
      loop.run();
    }

    private void read() {
      List<Long> all = new ArrayList<>(copies.keySet());
      reader(all.get(random.nextInt(all.size())), random.nextInt(CHUNKS * CHUNK / PAGE) * PAGE);
    }

    private void reader(long snapshot, int offset) {
      int length = Math.min(CHUNKS * CHUNK - offset, PAGE * (1 + random.nextInt(30)));
      Op read = Op.read(loop, offset, length);
      readers.add(new Reader(snapshot, read));
      p.view(snapshot, CHUNKS * CHUNK).submit(read);
      loop.run();
    }

    private void complete() {
      FakeDisk disk = random.nextBoolean() ? origin : area;
      if (!disk.pending.isEmpty()) disk.complete(random.nextInt(disk.pending.size()));
      loop.run();
    }

    /** Everything that was begun has ended. */
    private void settle() {
      while (!origin.pending.isEmpty() || !area.pending.isEmpty()) {
        origin.completeAll();
        area.completeAll();
        loop.run();
      }
    }

    private void snapshot() {
      settle();
      Op flush = Op.flush(loop);
      origin.submit(flush);
      origin.completeAll();
      epoch++;
      copies.put(epoch, pages());
      changed.put(epoch, new boolean[CHUNKS]);
      p.pause();
      p.snapshots(copies.keySet().stream().mapToLong(Long::longValue).toArray());
      p.resume();
      loop.run();
    }

    private byte[] pages() {
      byte[] pages = new byte[CHUNKS * CHUNK / PAGE];
      for (int i = 0; i < pages.length; i++) pages[i] = origin.bytes[i * PAGE];
      return pages;
    }

    private void delete() {
      if (copies.isEmpty()) return;
      List<Long> all = new ArrayList<>(copies.keySet());
      long gone = all.get(random.nextInt(all.size()));
      copies.remove(gone);
      changed.remove(gone);
      p.snapshots(copies.keySet().stream().mapToLong(Long::longValue).toArray());
      loop.run();
    }

    private void powerCut() {
      writes.clear();
      readers.clear();
      area.powerCut(random);
      origin.powerCut(random);
      open();
    }

    private void check(String where) {
      for (Reader r : List.copyOf(readers)) {
        if (!r.read.done()) continue;
        readers.remove(r);
        byte[] copy = copies.get(r.snapshot);
        if (copy == null) continue;
        assertTrue(r.read.good(), where);
        byte[] data = r.read.data();
        for (int i = 0; i < data.length; i += PAGE) {
          long page = (r.read.offset + i) / PAGE;
          assertEquals(copy[(int) page], data[i], where + ": snapshot " + r.snapshot + " page " + page);
        }
        r.read.release();
      }
    }

    private void lists(String where) {
      for (Map.Entry<Long, boolean[]> since : changed.entrySet()) {
        boolean[] told = new boolean[CHUNKS];
        p.changed(since.getKey(), 0, 0, CHUNKS, 100, (a, b, is) -> Arrays.fill(told, a, b, is));
        for (int c = 0; c < CHUNKS; c++) {
          boolean differs = !Arrays.equals(pages(), c * CHUNK / PAGE, (c + 1) * CHUNK / PAGE, copies.get(since.getKey()), c * CHUNK / PAGE, (c + 1) * CHUNK / PAGE);
          if (differs || since.getValue()[c]) assertTrue(told[c], where + ": chunk " + c + " has changed since " + since.getKey());
          else if (!cuts) assertEquals(false, told[c], where + ": chunk " + c + " has not changed since " + since.getKey());
        }
      }
    }
  }
}
