package sluice.testkit.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoError;
import sluice.core.care.CareEffects;
import sluice.core.care.CareTimes;
import sluice.core.care.VolumeCare;
import sluice.core.layout.LayoutMapping;
import sluice.io.device.DeviceIo;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;
import sluice.testkit.cluster.Checks;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Ids;
import sluice.testkit.cluster.Rig;
import sluice.testkit.world.SimLoop;

/** What the care of one volume does to the virtual world. */
final class SimCare implements CareEffects {
  private static final long S = 1_000_000_000L;
  private static final long MS = 1_000_000L;
  static final CareTimes TIMES = new CareTimes(200 * MS, 2 * S, 4 * S, 2 * S, S, S, 1 << 20);
  private static final long LOOK_NANOS = 2 * MS;
  private static final String NOT_OPEN = "the volume is not open yet";

  private final Rig rig;
  private final SimServer server;
  private final SimLoop loop;
  private final ServedVolume served;
  private final VolumeCare care;
  private final Map<String, Order> orders = new HashMap<>();
  private final Map<String, Long> done = new HashMap<>();
  private Hold hold;
  private TaskStatus filled = TaskStatus.getDefaultInstance();
  private SimSnapshots snapshots;
  private long wake = Long.MAX_VALUE;
  private int wakes;

  private final class Hold {
    final Set<String> doomed;
    final Outcome answer;
    boolean answered;

    Hold(Set<String> doomed, Outcome answer) {
      this.doomed = doomed;
      this.answer = answer;
    }
  }

  SimCare(SimServer server, Rig rig, SimLoop loop, ServedVolume served, long run) {
    this.server = server;
    this.rig = rig;
    this.loop = loop;
    this.served = served;
    care = new VolumeCare(this, run, TIMES);
  }

  /** How far the leg that replaces another is. */
  TaskStatus filled() {
    int leg = LegExtents.replacing(served.volume().getLayout());
    boolean its = leg >= 0 && served.volume().getLayout().getLegs(leg).getTaskId().equals(filled.getTaskId());
    return its ? filled : TaskStatus.getDefaultInstance();
  }

  void snapshots(SimSnapshots taken) {
    snapshots = taken;
  }

  VolumeCare care() {
    return care;
  }

  Order orderOf(String hostId) {
    return orders.get(hostId);
  }

  private String id() {
    return served.volume().getId();
  }

  @Override
  public long now() {
    return loop.nanoTime();
  }

  @Override
  public long nowMs() {
    return rig.catalog().nowMs();
  }

  @Override
  public String newId() {
    return Ids.made(rig.nextStamp());
  }

  @Override
  public List<AvoidDisk> avoid() {
    return server.avoid();
  }

  @Override
  public boolean leaving(String diskId) {
    return server.leaving(diskId);
  }

  @Override
  public String refusal(Change change) {
    return change.hasMoveLeg() ? rig.catalog().view().refusal(change) : "";
  }

  @Override
  public void order(String hostId, Order order) {
    rig.world().trace(() -> loop + " orders " + rig.hostName(hostId) + " " + words(order));
    orders.put(hostId, order);
    server.order(hostId, order);
  }

  private static String words(Order o) {
    return o.getNumber() + " of epoch " + o.getEpoch() + (o.getStandStill() ? " stand still" : "") + (o.getWithheld() ? " withheld" : "")
        + " window " + o.getWindowStartBytes() + " to " + o.getWindowEndBytes();
  }

  @Override
  public void submit(Change change, Consumer<CommandResult> answer) {
    if (change.hasTakeSnapshot()) snapshots.submit(change, answer);
    else server.submit(change, answer);
  }

  // ---- the server's own I/O

  @Override
  public void hold(List<String> doomed, Outcome answer) {
    served.hold();
    if (!doomed.isEmpty()) served.preserver().pause();
    Set<String> disks = new java.util.HashSet<>();
    Volume v = served.volume();
    for (int i = 0; i < v.getLayout().getLegsCount(); i++) {
      if (doomed.contains(v.getLayout().getLegs(i).getId())) disks.addAll(Checks.disksOf(v, i));
    }
    Hold before = hold;
    Hold mine = new Hold(disks, answer);
    hold = mine;
    if (before != null && !before.answered) answerLater(before.answer, "overtaken");
    loop.schedule(LOOK_NANOS, () -> still(mine));
  }

  private void still(Hold mine) {
    if (hold != mine || mine.answered) return;
    boolean still = !served.isOpen() || served.engine().underWay() == 0 || !served.engine().busyDisks().isEmpty() && mine.doomed.containsAll(served.engine().busyDisks());
    if (still && (!mine.doomed.isEmpty() || served.preserver().isDrained())) {
      served.preserver().pause();
      mine.answered = true;
      mine.answer.accept("");
    } else {
      loop.schedule(LOOK_NANOS, () -> still(mine));
    }
  }

  private void answerLater(Outcome answer, String problem) {
    loop.execute(() -> answer.accept(problem));
  }

  @Override
  public void adopt(Volume volume, Outcome answer) {
    Hold before = hold;
    hold = null;
    if (before != null && !before.answered) answerLater(before.answer, "ended");
    if (!served.isOpen() && volume.getLayout().getEpoch() == served.engine().layout().epoch()
        || served.isOpen() && volume.getLayout().getEpoch() == served.adopted()) {
      loop.execute(() -> {
        if (served.isOpen()) served.engine().retryHeld();
        if (hold == null) served.letGo();
        answer.accept("");
      });
      return;
    }
    if (!served.isOpen()) {
      served.openAnew(LayoutMapping.layout(volume));
      served.letGo();
      answerLater(answer, "");
      return;
    }
    served.hold();
    served.adopted(-1);
    served.engine().relayout(LayoutMapping.layout(volume)).whenComplete((nothing, failure) -> loop.execute(() -> {
      rig.world().trace(() -> loop + " has adopted epoch " + served.engine().layout().epoch() + " of " + volume.getName()
          + (failure == null ? "" : " " + failure));
      // Until it has, nothing goes out: the care asks again.
      if (failure == null) served.adopted(volume.getLayout().getEpoch());
      if (failure == null && hold == null) served.letGo();
      answer.accept(failure == null ? "" : failure.toString());
    }));
  }

  @Override
  public void giveUpHeld() {
    if (served.isOpen()) served.engine().failHeld(IoError.EIO);
  }

  @Override
  public void window(long start, long end) {
    rig.world().trace(() -> loop + " has window " + start + " to " + end + " of " + served.volume().getName());
    served.window(start, end);
  }

  // ---- intents and copying

  @Override
  public void dirty(List<Integer> slots, Consumer<Dirty> answer) {
    if (!served.isOpen()) {
      loop.execute(() -> answer.accept(new Dirty(List.of(), NOT_OPEN)));
      return;
    }
    served.engine().intents().dirty(slots).whenComplete((ranges, failure) -> loop.execute(() -> {
      rig.world().trace(() -> loop + " finds dirty in " + slots + ": " + (failure == null ? ranges : failure));
      if (failure != null) answer.accept(new Dirty(List.of(), failure.toString()));
      else answer.accept(new Dirty(ranges.stream().map(r -> new DirtyRange(r.start(), r.end())).toList(), ""));
    }));
  }

  @Override
  public Copying copy(List<DirtyRange> ranges, String from, List<String> to, long rate, Consumer<Long> copied, CopyDone answer) {
    rig.world().trace(() -> loop + " copies " + ranges + " of " + served.volume().getName() + " from " + from.substring(30) + " to " + to);
    boolean skip = rig.has(Flaw.SKIPS_RECONCILING)
        && served.volume().getLayout().getLegsList().stream().noneMatch(l -> l.getState() == sluice.protocol.v1.LegInfo.State.FILLING);
    if (!served.isOpen()) {
      loop.execute(() -> answer.done("", NOT_OPEN));
      return new Copying() {
        @Override
        public void rate(long bytesPerSecond) {}

        @Override
        public void stop() {}
      };
    }
    Copy copy = new Copy(rig, loop, id(), served.engine(), skip ? List.of() : ranges, from, to, copied, answer);
    copy.start();
    return copy;
  }

  @Override
  public void flush(String legId, Outcome answer) {
    BlockDevice leg = Copy.leg(served.engine(), legId);
    if (leg == null || !served.isOpen()) answerLater(answer, "no such leg");
    else if (rig.has(Flaw.FINISHES_UNFLUSHED)) answerLater(answer, "");
    else DeviceIo.flush(leg).whenComplete((nothing, failure) -> {
      if (failure != null) rig.checks().failed(id(), legId);
      answerLater(answer, failure == null ? "" : failure.toString());
    });
  }

  @Override
  public void inherit(int slot, Outcome answer) {
    if (!served.isOpen()) answerLater(answer, NOT_OPEN);
    else served.engine().intents().inherit(slot).whenComplete((n, failure) -> answerLater(answer, failure == null ? "" : failure.toString()));
  }

  @Override
  public void clear(int slot, Outcome answer) {
    if (!served.isOpen()) answerLater(answer, NOT_OPEN);
    else served.engine().intents().clear(slot).whenComplete((n, failure) -> answerLater(answer, failure == null ? "" : failure.toString()));
  }

  @Override
  public void slotIncarnation(int slot, Consumer<Long> answer) {
    if (!served.isOpen()) {
      loop.execute(() -> answer.accept(-1L));
      return;
    }
    served.engine().intents().incarnation(slot).whenComplete((writer, failure) -> loop.execute(() -> {
      rig.world().trace(() -> loop + " finds slot " + slot + " of " + served.volume().getName() + " written by "
          + (failure == null ? writer : failure.toString()));
      answer.accept(failure == null ? writer : -1L);
    }));
  }

  // ---- status and time

  /** Never beyond the total, and never back unless the leg has been given up meanwhile. */
  @Override
  public void status(TaskStatus status) {
    if (status.getDoneBytes() > status.getTotalBytes()) {
      rig.world().broke("a task is never beyond its total", status.toString());
    }
    filled = status;
    String filling = status.getTaskId() + " " + served.engine().layout().epoch();
    long before = done.getOrDefault(filling, 0L);
    if (status.getDoneBytes() < before) rig.world().broke("a task never goes back", before + " to " + status);
    done.put(filling, status.getDoneBytes());
  }

  @Override
  public void wakeAt(long nanos) {
    if (nanos >= wake) return;
    wake = nanos;
    int mine = ++wakes;
    loop.schedule(nanos - loop.nanoTime(), () -> {
      if (mine != wakes) return;
      wake = Long.MAX_VALUE;
      care.tick();
    });
  }

  // ---- the catalog

  void changed(Volume v) {
    List<Task> tasks = rig.catalog().view().tasks().stream().filter(t -> t.getVolumeId().equals(v.getId()) || belongs(t, v)).toList();
    care.changed(v, rig.catalog().view().pool(Ids.POOL).orElseThrow(), tasks);
  }

  private static boolean belongs(Task task, Volume v) {
    int leg = LegExtents.replacing(v.getLayout());
    return leg >= 0 && v.getLayout().getLegs(leg).getTaskId().equals(task.getId());
  }

  static boolean concerns(CatalogDelta delta, String volumeId) {
    return delta.getChangesList().stream().anyMatch(c -> c.hasVolume() && c.getVolume().getId().equals(volumeId)
        || c.hasTask() && (c.getTask().getVolumeId().equals(volumeId) || c.getTask().hasMove()) || c.hasPool());
  }
}
