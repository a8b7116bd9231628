package sluice.core.care;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;

/** The server of the {@link World}: the effects of the care under test, and the server route. */
final class FakeServer implements CareEffects {
  private static final int LEASE_MS = 3_000;
  private static final int MARGIN_MS = 1_000;

  /** A write by the server route. */
  private static final class Request {
    FakeHost host;
    long incarnation;
    int block;
    long version;
    Set<String> pending = new HashSet<>();
    Set<String> failed = new HashSet<>();
    int taken;
  }

  private final World world;
  final long run;
  final VolumeCare care;
  boolean alive = true;
  /** Of the catalog: percent of answers that do not say what came of it. */
  int uncertainPercent;
  /** A leg's copies fail though its disk is there. */
  final Set<String> badDisks = new HashSet<>();
  /** The server's own I/O does not come to an end. */
  boolean ownIoHangs;
  /** Copies hang: not even stopping ends them. */
  boolean copiesHang;
  int copiesUnderWay;
  int mostCopiesUnderWay;
  private Volume layout;
  private boolean holding;
  private int holds;
  private long windowStart;
  private long windowEnd;
  private final List<Request> queue = new ArrayList<>();
  private final List<Request> underWay = new ArrayList<>();
  private final List<Request> held = new ArrayList<>();
  private final Set<Integer> locked = new HashSet<>();
  private final Map<String, Long> renewed = new HashMap<>();
  private BitSet fromStart;
  private long wakeAt = Long.MAX_VALUE;
  private int ids;

  FakeServer(World world, long run) {
    this.world = world;
    this.run = run;
    layout = world.catalog.volume;
    fromStart = (BitSet) world.intents.getOrDefault(0, new BitSet()).clone();
    care = new VolumeCare(this, run, CareTimes.STANDARD);
  }

  void begin() {
    changed();
    for (String d : List.of("d0", "d1", "d2", "d3", "s0", "s1")) care.disk(d, !world.down.contains(d), "gone");
    world.hosts.keySet().forEach(h -> renewed.put(h, world.time.now));
    watchLeases();
  }

  void crash() {
    alive = false;
    for (Request r : underWay) {
      for (String leg : r.pending) if (world.time.chance(50) && world.diskUp(leg)) world.blocks(leg)[r.block] = r.version;
    }
    for (List<Request> some : List.of(queue, underWay, held)) for (Request r : some) if (!owned(r)) world.busy.remove(r.block);
  }

  boolean holds() {
    return holding;
  }

  private boolean owned(Request r) {
    return r.host.alive && r.host.incarnation == r.incarnation;
  }

  private void later(int least, int most, Runnable what) {
    world.time.after(world.time.ms(least, most), () -> {
      if (alive) what.run();
    });
  }

  void changed() {
    world.catalog.nowMs = nowMs();
    care.changed(world.catalog.volume, world.pool, new ArrayList<>(world.catalog.tasks.values()));
    for (FakeHost h : world.hosts.values()) assign(h);
  }

  // ---- sessions

  private boolean attached(FakeHost h) {
    return world.catalog.volume.getAttachmentsList().stream().anyMatch(a -> a.getHostId().equals(h.id));
  }

  void hello(FakeHost h) {
    care.hostOnline(h.id, h.incarnation);
    assign(h);
  }

  void bye(FakeHost h) {
    care.hostOffline(h.id);
  }

  private void assign(FakeHost h) {
    if (!h.online || !attached(h)) return;
    long mine = h.incarnation;
    Volume v = world.catalog.volume;
    Order order = care.order(h.id);
    world.send(() -> {
      if (h.online && alive) h.assignment(mine, v, order);
    });
  }

  void heartbeat(FakeHost h, long incarnation, long asked, sluice.protocol.v1.VolumeStatus status) {
    if (!alive || !h.online) return;
    care.heard(h.id, incarnation, status);
    Order order = care.order(h.id);
    if (order != null && (status.getOrderNumber() < order.getNumber() || status.getEpoch() < world.catalog.epoch())) assign(h);
    if (!care.renews(h.id)) return;
    renewed.put(h.id, world.time.now);
    world.send(() -> h.renewed(incarnation, asked));
  }

  private void watchLeases() {
    later(100, 100, this::watchLeases);
    if (!layout.getShared()) return;
    renewed.forEach((id, at) -> {
      if (world.time.now - at > (LEASE_MS + MARGIN_MS) * Time.MS) care.leaseOver(id);
    });
  }

  @Override
  public void order(String hostId, Order order) {
    FakeHost h = world.hosts.get(hostId);
    long mine = h.incarnation;
    if (h.online) world.send(() -> {
      if (h.online && alive) h.order(mine, order);
    });
  }

  // ---- the server route

  void write(FakeHost host, long incarnation, int block, long version) {
    Request r = new Request();
    r.host = host;
    r.incarnation = incarnation;
    r.block = block;
    r.version = version;
    if (has(version)) return;
    queue.add(r);
    later(0, 0, this::pump);
  }

  boolean has(long version) {
    for (List<Request> some : List.of(queue, underWay, held)) for (Request o : some) if (o.version == version) return true;
    return false;
  }

  private void pump() {
    for (Iterator<Request> i = queue.iterator(); i.hasNext() && !holding; ) {
      Request r = i.next();
      if (locked.contains(r.block)) continue;
      i.remove();
      start(r);
    }
  }

  private void start(Request r) {
    underWay.add(r);
    r.pending.clear();
    r.failed.clear();
    r.taken = 0;
    world.mark(0, run, r.block);
    long at = r.block * World.BLOCK;
    for (LegInfo l : layout.getLayout().getLegsList()) {
      boolean filling = l.getState() == LegInfo.State.FILLING && at < windowEnd;
      if (l.getState() == LegInfo.State.IN_SYNC || filling) r.pending.add(l.getId());
    }
    for (String leg : List.copyOf(r.pending)) later(1, 10, () -> piece(r, leg));
  }

  private void piece(Request r, String leg) {
    r.pending.remove(leg);
    if (!world.diskUp(leg)) r.failed.add(leg);
    else {
      world.blocks(leg)[r.block] = r.version;
      if (layout.getLayout().getLegsList().stream().anyMatch(l -> l.getId().equals(leg) && l.getState() == LegInfo.State.IN_SYNC)) r.taken++;
    }
    if (!r.pending.isEmpty()) return;
    underWay.remove(r);
    if (r.failed.isEmpty()) answer(r, true);
    else if (r.taken == 0) answer(r, false);
    else {
      held.add(r);
      for (String f : r.failed) care.legFailed(f, "write error");
    }
  }

  private void answer(Request r, boolean good) {
    if (!owned(r)) world.busy.remove(r.block);
    else if (good) r.host.served(r.incarnation, r.block, r.version, true);
    else r.host.served(r.incarnation, r.block, r.version, false);
    if (good) later(50, 400, () -> clearOwn(r.block));
  }

  private void clearOwn(int block) {
    boolean all = layout.getLayout().getLegsList().stream().allMatch(l -> l.getState() == LegInfo.State.IN_SYNC);
    if (all && !fromStart.get(block) && !world.busy.contains(block) && world.intents.containsKey(0)) world.intents.get(0).clear(block);
  }

  // ---- effects

  @Override
  public long now() {
    return world.time.now;
  }

  @Override
  public long nowMs() {
    return 1_000_000 + world.time.now / Time.MS;
  }

  @Override
  public String newId() {
    return "n" + run + "." + ++ids;
  }

  @Override
  public List<AvoidDisk> avoid() {
    return List.of();
  }

  @Override
  public String refusal(Change change) {
    return world.catalog.spares.isEmpty() ? "no disk has space" : "";
  }

  @Override
  public void submit(Change change, Consumer<CommandResult> answer) {
    later(1, 10, () -> {
      boolean lost = world.time.chance(uncertainPercent);
      CommandResult result = null;
      if (!lost || world.time.chance(50)) {
        check(change);
        result = world.catalog.apply(change);
        changed();
      }
      CommandResult told = lost ? FakeCatalog.problem(Problem.Code.UNAVAILABLE, "no answer") : result;
      later(0, 3, () -> answer.accept(told));
    });
  }

  private void check(Change c) {
    Set<String> gone = new HashSet<>();
    for (int i = 0; i < world.catalog.volume.getLayout().getLegsCount(); i++) {
      LegInfo l = world.catalog.volume.getLayout().getLegs(i);
      boolean own = c.hasMarkLegStale() && c.getMarkLegStale().getLegId().equals(l.getId());
      boolean filled = c.hasFillLeg() && c.getFillLeg().getLegId().equals(l.getId());
      if (own || !filled && l.getState() == LegInfo.State.STALE) gone.add(world.catalog.disk(i));
    }
    if (c.hasNoteLegFilled() || c.hasSlotReconciled() || c.hasNoteVerified()) return;
    if (c.hasFreeTail()) {
      // Not that nobody writes: that nobody can still write by the layout of before.
      for (FakeHost h : world.hosts.values()) h.checkUnder(world.catalog.epoch());
      return;
    }
    world.checkStanding(gone, c.hasMarkLegStale(), c.getBodyCase().toString());
    if (c.hasFinishLeg()) checkFilled(c.getFinishLeg().getLegId());
  }

  private void checkFilled(String leg) {
    for (LegInfo l : world.catalog.volume.getLayout().getLegsList()) {
      for (int b = 0; l.getState() == LegInfo.State.IN_SYNC && b < World.BLOCKS; b++) {
        if (!world.busy.contains(b) && !world.leftBehind(b) && world.blocks(l.getId())[b] != world.blocks(leg)[b]) {
          throw new AssertionError("leg " + leg + " is finished and differs from " + l.getId() + " in block " + b + " at " + world.time.now);
        }
      }
    }
  }

  @Override
  public void hold(List<String> doomed, Outcome done) {
    holding = true;
    waitHeld(++holds, done);
  }

  private void waitHeld(int mine, Outcome done) {
    later(1, 5, () -> {
      if (underWay.isEmpty() && !ownIoHangs || mine != holds) done.accept("");
      else waitHeld(mine, done);
    });
  }

  @Override
  public void adopt(Volume volume, Outcome done) {
    later(1, 5, () -> {
      layout = volume;
      holding = false;
      holds++;
      List<Request> again = new ArrayList<>(held);
      held.clear();
      for (Request r : again) {
        r.failed.removeIf(leg -> layout.getLayout().getLegsList().stream().noneMatch(l -> l.getId().equals(leg) && l.getState() != LegInfo.State.STALE));
        boolean missed = layout.getLayout().getLegsList().stream()
            .anyMatch(l -> l.getState() == LegInfo.State.IN_SYNC && world.blocks(l.getId())[r.block] != r.version);
        if (r.failed.isEmpty() && !missed) answer(r, true);
        else queue.add(r);
      }
      pump();
      done.accept("");
    });
  }

  @Override
  public void giveUpHeld() {
    later(0, 0, () -> {
      List<Request> all = new ArrayList<>(held);
      held.clear();
      for (Request r : all) answer(r, false);
    });
  }

  @Override
  public void window(long start, long end) {
    windowStart = start;
    windowEnd = end;
  }

  @Override
  public void dirty(List<Integer> slots, Consumer<Dirty> answer) {
    later(1, 10, () -> {
      boolean readable = layout.getLayout().getLegsList().stream().anyMatch(l -> l.getState() == LegInfo.State.IN_SYNC && world.diskUp(l.getId()));
      BitSet all = new BitSet();
      world.intents.forEach((slot, set) -> {
        if (slots.isEmpty() || slots.contains(slot)) all.or(set);
      });
      List<DirtyRange> ranges = new ArrayList<>();
      for (int b = all.nextSetBit(0); b >= 0; b = all.nextSetBit(all.nextClearBit(b))) {
        ranges.add(new DirtyRange(b * World.BLOCK, all.nextClearBit(b) * World.BLOCK));
      }
      answer.accept(readable ? new Dirty(ranges, "") : new Dirty(List.of(), "no leg can be read"));
    });
  }

  @Override
  public Copying copy(List<DirtyRange> ranges, String from, List<String> to, long rate, Consumer<Long> copied, CopyDone done) {
    List<Integer> blocks = new ArrayList<>();
    for (DirtyRange r : ranges) for (long at = r.start(); at < r.end(); at += World.BLOCK) blocks.add((int) (at / World.BLOCK));
    mostCopiesUnderWay = Math.max(mostCopiesUnderWay, ++copiesUnderWay);
    CopyDone ended = (leg, problem) -> {
      copiesUnderWay--;
      done.done(leg, problem);
    };
    return new BlockCopy(blocks, from, to, copied, ended).begin(rate);
  }

  /** Copies block by block, each under a lock. */
  private final class BlockCopy implements Copying {
    private final List<Integer> blocks;
    private final String from;
    private final List<String> to;
    private final Consumer<Long> copied;
    private final CopyDone done;
    private long rate;
    private boolean stopped;
    private int i;

    BlockCopy(List<Integer> blocks, String from, List<String> to, Consumer<Long> copied, CopyDone done) {
      this.blocks = blocks;
      this.from = from;
      this.to = to;
      this.copied = copied;
      this.done = done;
    }

    Copying begin(long bytesPerSecond) {
      rate = bytesPerSecond;
      later(1, 2, this::next);
      return this;
    }

    private void next() {
      if (copiesHang) {
        later(5, 5, this::next);
        return;
      }
      if (stopped || i == blocks.size()) {
        done.done("", "");
        return;
      }
      int b = blocks.get(i);
      if (underWay.stream().anyMatch(r -> r.block == b)) {
        later(1, 3, this::next);
        return;
      }
      locked.add(b);
      world.checkNobodyWrites(b, "copying");
      long read = world.blocks(from)[b];
      int least = rate == 0 ? 2 : (int) Math.max(2, World.BLOCK * 1000 / rate);
      later(least, least + 8, () -> write(b, read));
    }

    private void write(int b, long read) {
      world.checkNobodyWrites(b, "copying");
      locked.remove(b);
      String failed = world.diskUp(from) ? "" : from;
      for (String leg : to) {
        if (!world.diskUp(leg) || badDisks.contains(world.catalog.disk(world.catalog.index(leg)))) failed = failed.isEmpty() ? leg : failed;
        else if (failed.isEmpty()) world.blocks(leg)[b] = read;
      }
      pump();
      if (!failed.isEmpty()) {
        done.done(failed, "I/O error");
        return;
      }
      world.copiedBytes += World.BLOCK;
      copied.accept(World.BLOCK);
      i++;
      next();
    }

    @Override
    public void rate(long bytesPerSecond) {
      rate = bytesPerSecond;
    }

    @Override
    public void stop() {
      stopped = true;
    }
  }

  @Override
  public void flush(String legId, Outcome done) {
    later(1, 5, () -> {
      Runnable first = world.afterFlush;
      world.afterFlush = null;
      if (first != null) first.run();
      done.accept(world.diskUp(legId) ? "" : "I/O error");
    });
  }

  @Override
  public void inherit(int slot, Outcome done) {
    later(1, 5, () -> {
      BitSet set = world.intents.getOrDefault(slot, new BitSet());
      for (int b = set.nextSetBit(0); b >= 0; b = set.nextSetBit(b + 1)) world.mark(0, run, b);
      world.intents.remove(slot);
      world.writers.remove(slot);
      done.accept("");
    });
  }

  @Override
  public void clear(int slot, Outcome done) {
    later(1, 5, () -> {
      if (slot == 0) fromStart = new BitSet();
      else {
        world.intents.remove(slot);
        world.writers.remove(slot);
      }
      done.accept("");
    });
  }

  @Override
  public void slotIncarnation(int slot, Consumer<Long> answer) {
    later(1, 5, () -> {
      BitSet set = world.intents.get(slot);
      answer.accept(set == null || set.isEmpty() ? 0L : world.writers.getOrDefault(slot, 0L));
    });
  }

  @Override
  public Copying compare(List<DirtyRange> ranges, List<String> legs, boolean repair, String repairFrom, long rate, Consumer<Long> compared,
      Consumer<Difference> different, CopyDone done) {
    boolean[] stopped = {false};
    later(1, 5, () -> {
      String bad = legs.stream().filter(l -> !world.diskUp(l)).findFirst().orElse("");
      for (DirtyRange r : ranges) if (bad.isEmpty() && !stopped[0]) for (Difference d : world.differences) if (d.start() >= r.start() && d.start() < r.end()) different.accept(d);
      done.done(bad, bad.isEmpty() ? "" : "I/O error");
    });
    return new Copying() {
      @Override
      public void rate(long bytesPerSecond) {}

      @Override
      public void stop() {
        stopped[0] = true;
      }
    };
  }

  @Override
  public void look(String diskId, Outcome done) {
    later(1, 5, () -> done.accept(world.down.contains(diskId) ? "gone" : ""));
  }

  @Override
  public void status(TaskStatus status) {
    world.statuses.add(status);
  }

  @Override
  public void wakeAt(long nanos) {
    if (nanos >= wakeAt && wakeAt > world.time.now) return;
    wakeAt = nanos;
    world.time.after(Math.max(0, nanos - world.time.now), () -> {
      if (!alive || wakeAt != nanos) return;
      wakeAt = Long.MAX_VALUE;
      care.tick();
    });
  }
}
