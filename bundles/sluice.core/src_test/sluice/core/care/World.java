package sluice.core.care;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RecoverySettings;
import sluice.protocol.v1.TaskStatus;

/**
 * A small world around the production care: blocks of a volume on disks, intents, hosts that write straight to them and a
 * server that writes for them, all in virtual time. Checks what must hold wherever it can see it, by what is the case and not
 * by what was said.
 */
final class World {
  static final int BLOCKS = 64;
  static final long BLOCK = 4L << 20;

  final Time time;
  final FakeCatalog catalog;
  /** What a leg's blocks hold, by the leg's id: numbers of writes. */
  final Map<String, long[]> content = new HashMap<>();
  final Set<String> down = new HashSet<>();
  /** Slots: whose, and which blocks. */
  final Map<Integer, BitSet> intents = new TreeMap<>();
  final Map<Integer, Long> writers = new TreeMap<>();
  final Map<String, FakeHost> hosts = new TreeMap<>();
  /** Blocks that are being written by somebody: programs do not overlap their writes. */
  final Set<Integer> busy = new HashSet<>();
  final long[] acknowledged = new long[BLOCKS];
  /** What may be read of a block beside what was acknowledged: writes that nobody was told the end of. */
  final List<Set<Long>> maybe = new ArrayList<>();
  final List<TaskStatus> statuses = new ArrayList<>();
  /** What comparing legs finds. */
  final List<CareEffects.Difference> differences = new ArrayList<>();
  /** Happens once, when legs have been flushed and nobody has been told yet; null: nothing does. */
  Runnable afterFlush;
  Pool pool = Pool.newBuilder().setRecovery(RecoverySettings.newBuilder().setWaitMs(30_000)).build();
  long writes;
  long acks;
  /** How unkind the network is. */
  int latencyMs = 1;
  int lossPercent;
  int duplicatePercent;
  long copiedBytes;
  FakeServer server;

  World(long seed, int legs, boolean shared, String... names) {
    time = new Time(seed);
    catalog = new FakeCatalog(legs, BLOCKS, BLOCK, shared, names);
    for (LegInfo l : catalog.volume.getLayout().getLegsList()) content.put(l.getId(), new long[BLOCKS]);
    for (int i = 0; i < BLOCKS; i++) maybe.add(new HashSet<>());
    int slot = 1;
    for (String name : names) hosts.put(name, new FakeHost(this, name, slot++));
    startServer(1);
    for (FakeHost h : hosts.values()) h.start();
  }

  void startServer(long run) {
    server = new FakeServer(this, run);
    server.begin();
  }

  void restartServer() {
    long run = server.run + 1;
    server.crash();
    startServer(run);
    for (FakeHost h : hosts.values()) h.serverRestarted();
  }

  void disk(String id, boolean up) {
    if (up == !down.contains(id)) return;
    if (up) down.remove(id);
    else down.add(id);
    server.care.disk(id, up, up ? "" : "gone");
  }

  void send(Runnable message) {
    if (time.chance(lossPercent)) return;
    time.after(time.ms(1, latencyMs), message);
    if (time.chance(duplicatePercent)) time.after(time.ms(1, 3 * latencyMs), message);
  }

  boolean diskUp(String legId) {
    int i = catalog.index(legId);
    return i >= 0 && !down.contains(catalog.disk(i));
  }

  long[] blocks(String legId) {
    return content.computeIfAbsent(legId, id -> new long[BLOCKS]);
  }

  void mark(int slot, long incarnation, int block) {
    intents.computeIfAbsent(slot, s -> new BitSet()).set(block);
    writers.put(slot, incarnation);
  }

  /** A write has been acknowledged: it must be on every leg that the catalog says is in sync (invariant 1). */
  void acknowledge(int block, long version) {
    acks++;
    acknowledged[block] = version;
    maybe.get(block).clear();
    for (LegInfo l : catalog.volume.getLayout().getLegsList()) {
      if (l.getState() == LegInfo.State.IN_SYNC && blocks(l.getId())[block] != version) {
        throw new AssertionError("write " + version + " of block " + block + " is acknowledged and not on " + l.getId() + " at " + time.now);
      }
    }
  }

  /** A write was begun: until it is acknowledged a reader may see it or not. */
  long begin(int block) {
    busy.add(block);
    maybe.get(block).add(++writes);
    return writes;
  }

  void checkStanding(Set<String> doomedDisks, boolean hanging, String what) {
    for (FakeHost h : hosts.values()) {
      if (!catalog.volume.getAttachmentsList().stream().anyMatch(a -> a.getHostId().equals(h.id))) continue;
      h.checkStanding(doomedDisks, hanging, what);
    }
  }

  /** A host that is gone, or an earlier run of its agent, has marked the block: legs may differ there until it is reconciled. */
  boolean leftBehind(int block) {
    for (FakeHost h : hosts.values()) {
      BitSet marked = intents.get(h.slot);
      boolean gone = !h.alive || writers.getOrDefault(h.slot, 0L) != h.incarnation;
      if (gone && marked != null && marked.get(block)) return true;
    }
    return false;
  }

  void checkNobodyWrites(int block, String what) {
    for (FakeHost h : hosts.values()) {
      if (h.writesDirectly(block)) throw new AssertionError(what + " while host " + h.id + " writes block " + block + " at " + time.now);
    }
  }

  /** Legs in sync must hold the same wherever nobody writes and nothing is left to be reconciled. */
  void checkEqual() {
    for (int b = 0; b < BLOCKS; b++) {
      Set<Long> seen = new HashSet<>();
      for (LegInfo l : catalog.volume.getLayout().getLegsList()) if (l.getState() == LegInfo.State.IN_SYNC) seen.add(blocks(l.getId())[b]);
      if (busy.contains(b)) continue;
      if (seen.size() != 1) throw new AssertionError("block " + b + " differs: " + seen + " epoch " + catalog.epoch());
      long v = seen.iterator().next();
      if (v != acknowledged[b] && !maybe.get(b).contains(v)) {
        throw new AssertionError("block " + b + " holds " + v + ", acknowledged was " + acknowledged[b]);
      }
    }
  }

  void run(long ms) {
    time.run(ms);
  }

  CareFacts.State state() {
    return server.care.facts().state();
  }

  boolean healthy() {
    return state() == CareFacts.State.HEALTHY && server.care.waitsFor().isEmpty() && catalog.volume.getUnreconciledSlotsCount() == 0
        && hosts.values().stream().allMatch(h -> !h.online || h.usable());
  }

  /** Runs until it is healthy; fails after so many seconds. */
  void runUntilHealthy(int seconds) {
    for (int i = 0; i < seconds * 10 && !healthy(); i++) time.run(100);
    if (!healthy()) {
      throw new AssertionError("not healthy: " + server.care.facts() + " waits: " + server.care.waitsFor() + " hosts: " + hosts.values()
          + catalog.volume.getLayout().getLegsList());
    }
  }
}
