package sluice.core.care;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.LineToDisk;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** A host of the {@link World}: follows its orders to the letter, writes at random, answers late. */
final class FakeHost {
  private static final int LEASE_MS = 3_000;

  /** What it says of its connections to disks. */
  List<LineToDisk> lines = List.of();

  /** A write of one block, straight to the legs. */
  private final class Write {
    final int block;
    final long version;
    final Set<String> pending = new HashSet<>();
    final Set<String> hung = new HashSet<>();
    final Map<String, String> disks = new HashMap<>();
    boolean failed;
    boolean ended;

    Write(int block, long version) {
      this.block = block;
      this.version = version;
    }
  }

  private final World world;
  final String id;
  final int slot;
  long incarnation = 100;
  boolean alive;
  boolean online;
  boolean writing;
  /** Says that it stands still though it does not yet: what the checks must catch. */
  boolean lies;
  /** From there on it needs nothing, it says. */
  long agreed;
  private long serverRun;
  private Order newest;
  private Order force;
  private Volume layout;
  private Volume next;
  private boolean used;
  private long leaseFrom;
  private final List<Write> direct = new ArrayList<>();
  private final List<long[]> byServer = new ArrayList<>();

  FakeHost(World world, String id, int slot) {
    this.world = world;
    this.id = id;
    this.slot = slot;
  }

  void start() {
    alive = true;
    online = true;
    incarnation++;
    newest = null;
    force = null;
    layout = null;
    next = null;
    used = false;
    serverRun = world.server.run;
    world.server.hello(this);
    long mine = incarnation;
    beat(mine);
    write(mine);
  }

  void crash() {
    if (!alive) return;
    alive = false;
    online = false;
    world.server.bye(this);
    for (Write w : List.copyOf(direct)) {
      for (String leg : w.pending) if (!w.hung.contains(leg) && world.time.chance(50) && world.diskUp(leg)) world.blocks(leg)[w.block] = w.version;
      world.busy.remove(w.block);
    }
    direct.clear();
    for (long[] w : byServer) if (!world.server.has(w[1])) world.busy.remove((int) w[0]);
    byServer.clear();
  }

  /** A session that ends and begins again is a partition from the server, not from the disks. */
  void partition(boolean away) {
    if (!alive || online != away) return;
    online = !away;
    if (away) world.server.bye(this);
    else serverRestarted();
  }

  void serverRestarted() {
    if (!alive || !online) return;
    serverRun = world.server.run;
    world.server.hello(this);
    for (long[] w : byServer) world.server.write(this, incarnation, (int) w[0], w[1]);
  }

  // ---- what it hears

  void assignment(long mine, Volume volume, Order order) {
    if (mine != incarnation || !alive) return;
    if (layout == null || volume.getLayout().getEpoch() > layout.getLayout().getEpoch()) {
      if (next == null || volume.getLayout().getEpoch() > next.getLayout().getEpoch()) next = volume;
    }
    if (order != null) order(mine, order);
    settle();
  }

  void order(long mine, Order order) {
    if (mine != incarnation || !alive || order.getRun() != serverRun) return;
    if (newest == null || newest.getRun() != order.getRun() || order.getNumber() > newest.getNumber()) newest = order;
    settle();
  }

  void renewed(long mine, long asked) {
    if (mine == incarnation) leaseFrom = Math.max(leaseFrom, asked);
  }

  private void settle() {
    if (next != null && underWay(next).isEmpty()) {
      layout = next;
      next = null;
      for (Write w : List.copyOf(direct)) resolve(w);
    }
    if (layout != null && newest != null && newest.getEpoch() == layout.getLayout().getEpoch()) force = newest;
  }

  /** Direct writes but for those that hang on legs that this layout has given up. */
  private List<Write> underWay(Volume under) {
    List<Write> list = new ArrayList<>();
    for (Write w : direct) {
      if (w.ended) continue;
      boolean waits = force == null || !force.getStandStill();
      for (String leg : w.pending) if (!w.hung.contains(leg) || waits && inUse(under, leg)) list.add(w);
    }
    return list;
  }

  private static boolean inUse(Volume v, String leg) {
    return v.getLayout().getLegsList().stream().anyMatch(l -> l.getId().equals(leg) && l.getState() != LegInfo.State.STALE);
  }

  boolean usable() {
    return layout != null && next == null && force != null && force.getEpoch() == layout.getLayout().getEpoch() && !force.getStandStill()
        && (!force.getWithheld() || used) && force == newest && layout.getLayout().getEpoch() == world.catalog.epoch();
  }

  private boolean mayWrite() {
    return alive && layout != null && next == null && force != null && force.getEpoch() == layout.getLayout().getEpoch()
        && !force.getStandStill() && (!force.getWithheld() || used);
  }

  private boolean leased() {
    return !layout.getShared() || world.time.now - leaseFrom < LEASE_MS * Time.MS;
  }

  boolean writesDirectly(int block) {
    return direct.stream().anyMatch(w -> !w.ended && w.block == block);
  }

  /** @param hanging what hangs, since a disk was lost, is allowed: its leg is given up as well */
  void checkStanding(Set<String> doomedDisks, boolean hanging, String what) {
    for (Write w : direct) {
      if (w.ended) continue;
      for (String leg : w.pending) {
        if (!doomedDisks.contains(w.disks.get(leg)) && !(hanging && w.hung.contains(leg))) {
          throw new AssertionError(what + " while host " + id + " writes to disk " + w.disks.get(leg) + " at " + world.time.now);
        }
      }
    }
    if (mayWrite() && leased() && layout.getLayout().getEpoch() == world.catalog.epoch()) {
      throw new AssertionError(what + " while host " + id + " may write at " + world.time.now);
    }
  }

  /** Whatever holds the volume must be under this epoch. */
  void checkUnder(long epoch) {
    boolean holds = world.catalog.volume.getAttachmentsList().stream().anyMatch(a -> a.getHostId().equals(id));
    if (!holds || alive && layout != null && next == null && layout.getLayout().getEpoch() == epoch) return;
    throw new AssertionError("the space past the end is freed while host " + this + " is not under epoch " + epoch + " at " + world.time.now);
  }

  // ---- what it does

  private void beat(long mine) {
    if (mine != incarnation || !alive) return;
    settle();
    if (online) say();
    world.time.after(world.time.ms(100, 300), () -> beat(mine));
  }

  private void say() {
    VolumeStatus.Builder s = VolumeStatus.newBuilder().setVolumeId(FakeCatalog.VOLUME).setHostId(id).setHeld(true)
        .setEpoch(layout == null ? 0 : layout.getLayout().getEpoch());
    if (layout != null && force != null && next == null && force.getEpoch() == layout.getLayout().getEpoch() && inForce()) {
      s.setOrderRun(force.getRun()).setOrderNumber(force.getNumber()).setQuiesced(force.getStandStill());
    }
    Set<String> doubts = new TreeSet<>();
    for (Write w : direct) for (String leg : w.hung) doubts.add(w.disks.get(leg));
    s.addAllDoubtfulDiskIds(doubts).setAgreedSizeBytes(agreed).addAllLines(lines);
    long mine = incarnation;
    long asked = world.time.now;
    VolumeStatus status = s.build();
    world.send(() -> world.server.heartbeat(this, mine, asked, status));
  }

  private boolean inForce() {
    if (lies) return true;
    for (Write w : direct) {
      if (w.ended) continue;
      if (force.getStandStill() && !w.hung.containsAll(w.pending)) return false;
      long at = w.block * World.BLOCK;
      if (at < force.getWindowEndBytes() && at + World.BLOCK > force.getWindowStartBytes()) return force.getStandStill();
    }
    return true;
  }

  private void write(long mine) {
    if (mine != incarnation || !alive) return;
    if (writing && mayWrite() && leased()) {
      int block = world.time.random.nextInt((int) (layout.getSizeBytes() / World.BLOCK));
      if (!world.busy.contains(block)) writeBlock(block);
    }
    world.time.after(world.time.ms(5, 60), () -> write(mine));
  }

  void writeBlock(int block) {
    used = true;
    long version = world.begin(block);
    long at = block * World.BLOCK;
    if (at < force.getWindowEndBytes() && at + World.BLOCK > force.getWindowStartBytes()) {
      throughServer(block, version);
      return;
    }
    world.mark(slot, incarnation, block);
    Write w = new Write(block, version);
    List<String> legs = new ArrayList<>();
    for (int i = 0; i < layout.getLayout().getLegsCount(); i++) {
      LegInfo l = layout.getLayout().getLegs(i);
      boolean below = at + World.BLOCK <= force.getWindowStartBytes();
      if (l.getState() == LegInfo.State.IN_SYNC || l.getState() == LegInfo.State.FILLING && below) {
        w.pending.add(l.getId());
        legs.add(l.getId());
        w.disks.put(l.getId(), layout.getLayout().getSegments(0).getLegs(i).getColumns(0).getDiskId());
      }
    }
    direct.add(w);
    long mine = incarnation;
    for (String leg : legs) world.time.after(world.time.ms(1, 20), () -> piece(mine, w, leg));
  }

  private void piece(long mine, Write w, String leg) {
    if (mine != incarnation || !alive || !w.pending.contains(leg)) return;
    if (w.hung.contains(leg) && !leased()) {
      // Whoever stops when the lease ends cuts off what still hangs (invariant 2).
      w.failed = true;
    } else if (!world.diskUp(leg)) {
      if (w.hung.contains(leg) || world.time.chance(50)) {
        // It hangs until the disk is back or the transport gives up, and nobody knows until then.
        w.hung.add(leg);
        if (!world.time.chance(2)) {
          world.time.after(world.time.ms(50, 200), () -> piece(mine, w, leg));
          return;
        }
      }
      w.failed = true;
    } else if (!w.hung.contains(leg) || world.time.chance(50)) world.blocks(leg)[w.block] = w.version;
    else w.failed = true;
    w.pending.remove(leg);
    w.hung.remove(leg);
    resolve(w);
    settle();
  }

  /** What hangs on legs only that have been given up does not matter to the write any more (but to the disk it does). */
  private void resolve(Write w) {
    if (!w.ended && w.pending.stream().noneMatch(leg -> inUse(layout, leg))) {
      w.ended = true;
      boolean lost = w.failed || !w.pending.isEmpty();
      if (lost) throughServer(w.block, w.version);
      else acknowledged(w.block, w.version);
    }
    if (w.pending.isEmpty()) direct.remove(w);
  }

  private void throughServer(int block, long version) {
    byServer.add(new long[] {block, version});
    if (online) world.server.write(this, incarnation, block, version);
  }

  void served(long mine, int block, long version, boolean good) {
    if (mine != incarnation || !alive || byServer.stream().noneMatch(x -> x[0] == block && x[1] == version)) return;
    if (good) {
      byServer.removeIf(x -> x[0] == block && x[1] == version);
      acknowledged(block, version);
    } else {
      world.time.after(world.time.ms(100, 300), () -> {
        if (mine == incarnation && alive && online && byServer.stream().anyMatch(x -> x[1] == version)) world.server.write(this, mine, block, version);
      });
    }
  }

  private void acknowledged(int block, long version) {
    world.acknowledge(block, version);
    world.busy.remove(block);
    long mine = incarnation;
    world.time.after(world.time.ms(50, 400), () -> clear(mine, block));
  }

  /** Marks go lazily, and only while every leg is in sync. */
  private void clear(long mine, int block) {
    if (mine != incarnation || !alive || layout == null || world.busy.contains(block) || next != null) return;
    if (layout.getLayout().getLegsList().stream().allMatch(l -> l.getState() == LegInfo.State.IN_SYNC)
        && layout.getLayout().getEpoch() == world.catalog.epoch() && world.intents.containsKey(slot)) {
      world.intents.get(slot).clear(block);
    }
  }

  @Override
  public String toString() {
    return id + (alive ? online ? "" : " away" : " dead") + " epoch " + (layout == null ? "-" : layout.getLayout().getEpoch()) + " force "
        + (force == null ? "-" : force.toString().replace('\n', ' ')) + " newest " + (newest == null ? "-" : newest.getNumber()) + " direct " + direct.size();
  }
}
