package sluice.testkit.host;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.testkit.check.History;
import sluice.testkit.cluster.Draw;
import sluice.testkit.cluster.Rig;
import sluice.testkit.disk.Platter;
import sluice.testkit.world.Chance;
import sluice.testkit.world.SimLoop;

/**
 * Reads, writes and flushes of one host on one volume: a few places that collide often, and now and then anywhere. On a shared
 * volume each host writes its own part and reads everything.
 */
public final class Workload {
  private static final long BURST_NANOS = 2_000_000;
  private static final int SPOTS = 6;
  private static final int LONGEST_PAGES = 16;

  private final Rig rig;
  private final String volumeId;
  private final String name;
  private final String who;
  private final BlockDevice device;
  private final SimLoop loop;
  private final Chance chance;
  private final long from;
  private final long to;
  private final long size;
  private final long[] spots = new long[SPOTS];
  private final Set<UserIo> under = new LinkedHashSet<>();
  private boolean started;
  private boolean stopping;
  private long completed;
  private long errors;

  /** @param part of {@code parts}: which pages are this host's to write */
  Workload(Rig rig, int volume, String volumeId, String who, BlockDevice device, SimLoop loop, int part, int parts) {
    this.rig = rig;
    this.volumeId = volumeId;
    this.who = who;
    this.device = device;
    this.loop = loop;
    name = "v" + volume;
    chance = rig.world().chance().fork();
    Draw.Vol vol = rig.draw().volumes().get(volume);
    size = vol.bytes();
    long share = size / parts & -(long) Platter.PAGE;
    from = part * share;
    to = from + share;
    for (int i = 0; i < SPOTS; i++) spots[i] = chance.between(from / Platter.PAGE, to / Platter.PAGE - 1) * Platter.PAGE;
  }

  /** What hosts agree to: past that they write nothing. */
  long needed() {
    return size;
  }

  String volumeId() {
    return volumeId;
  }

  String name() {
    return name;
  }

  void start() {
    started = true;
    for (int i = 0; i < rig.draw().depth(); i++) later();
  }

  boolean started() {
    return started;
  }

  private void later() {
    boolean burst = chance.is(0.7);
    loop.schedule(chance.between(0, burst ? BURST_NANOS : rig.draw().thinkNanos()), this::next);
  }

  private void next() {
    if (stopping) return;
    UserIo io = new UserIo(rig, this, who);
    under.add(io);
    int kind = chance.below(100);
    long pages = 1 + (chance.is(0.6) ? 0 : chance.below(LONGEST_PAGES));
    boolean write = kind < 50;
    boolean zero = kind >= 50 && kind < 54;
    long start = place(write || zero);
    long end = Math.min(write || zero ? to : size, start + pages * Platter.PAGE);
    int flag = chance.is(0.05) ? BlockRequest.FUA : 0;
    if (kind >= 96) io.submit(device, loop, BlockOp.FLUSH, 0, 0, 0);
    else if (write) io.submit(device, loop, BlockOp.WRITE, flag, start, end - start);
    else if (zero) io.submit(device, loop, BlockOp.WRITE_ZEROES, flag, start, end - start);
    else io.submit(device, loop, BlockOp.READ, 0, start, end - start);
  }

  private long place(boolean own) {
    if (chance.is(0.8)) return Math.min(spots[chance.below(SPOTS)] + Platter.PAGE * (long) chance.below(4), to - Platter.PAGE);
    long first = own ? from : 0;
    return chance.between(first / Platter.PAGE, (own ? to : size) / Platter.PAGE - 1) * Platter.PAGE;
  }

  void ended(UserIo io, int error) {
    under.remove(io);
    if (error == IoError.OK) completed++;
    else errors++;
    if (!stopping) later();
  }

  /** Every page that was ever touched, on this host's own device. */
  public void readAll() {
    for (long page : List.copyOf(rig.history(volumeId).pagesTouched())) {
      loop.execute(() -> {
        UserIo io = new UserIo(rig, this, who);
        under.add(io);
        io.submit(device, loop, BlockOp.READ, 0, page, Platter.PAGE);
      });
    }
    loop.execute(() -> {});
  }

  /** No new requests. */
  public void stop() {
    stopping = true;
  }

  /** Requests that have not ended. */
  public int under() {
    return under.size();
  }

  public long completed() {
    return completed;
  }

  public long errors() {
    return errors;
  }

  /** Of what was under way when the host died. */
  List<History.Writing> unfinished() {
    return under.stream().map(UserIo::writing).filter(w -> w != null).toList();
  }

  public String who() {
    return who + " on " + name;
  }

  @Override
  public String toString() {
    return who();
  }
}
