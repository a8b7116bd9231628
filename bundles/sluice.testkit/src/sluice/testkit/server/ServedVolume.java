package sluice.testkit.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoLoop;
import sluice.api.layout.VolumeLayout;
import sluice.core.layout.LayoutMapping;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.Volume;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Rig;
import sluice.testkit.net.RouteLink;
import sluice.testkit.world.SimLoop;
import sluice.volume.VolumeEngine;
import sluice.volume.snapshot.Preserver;
import sluice.volume.snapshot.SnapshotFollower;
import sluice.volume.snapshot.SnapshotPlan;

/** A volume as the server serves it: the engine, the requests that wait while it stands still, and the hosts' connections. */
final class ServedVolume {
  private record Ticket(long incarnation, long generation, RouteLink link) {
    boolean fences(Ticket other) {
      return incarnation > other.incarnation || incarnation == other.incarnation && generation > other.generation;
    }
  }

  private static final long RETRY_NANOS = 300_000_000L;

  private final Rig rig;
  private final SimLoop loop;
  private final String id;
  private final VolumeEngine.Disks disks;
  private final long run;
  private final VolumeEngine.Listener listener;
  private final Preserver preserver;
  private final SnapshotFollower snapshots;
  private final Function<String, ServedVolume> areas;
  private VolumeEngine engine;
  private final ArrayDeque<BlockRequest> waiting = new ArrayDeque<>();
  private final Map<String, List<Ticket>> tickets = new HashMap<>();
  private boolean held = true;
  private boolean open;
  /** Under which the engine runs; -1: it has failed to take one up. */
  private long adopted;
  private boolean standing;
  private long windowStart;
  private long windowEnd;
  private Volume volume;

  /** @param areas volumes in which its preserved chunks lie, when the server has them; @param rooms who finds room for more */
  ServedVolume(Rig rig, SimLoop loop, Volume volume, VolumeEngine.Disks disks, long run, VolumeEngine.Listener listener,
      Function<String, ServedVolume> areas, Preserver.Events rooms) {
    this.areas = areas;
    this.rig = rig;
    this.loop = loop;
    this.volume = volume;
    id = volume.getId();
    this.disks = disks;
    this.run = run;
    this.listener = listener;
    preserver = new Preserver(loop, new Below(b -> engine.submit(b)), new Below(this::carry), rooms);
    snapshots = new SnapshotFollower(loop, id, preserver);
    open(LayoutMapping.layout(volume));
  }

  private void open(VolumeLayout layout) {
    VolumeEngine opening = new VolumeEngine(loop, id, layout, disks, 0, run, VolumeEngine.OnLegFailure.HOLD, listener);
    engine = opening;
    opening.open().whenComplete((nothing, failure) -> {
      if (engine != opening) return;
      if (failure == null) {
        open = true;
        adopted = opening.layout().epoch();
        engine.window(windowStart, windowEnd);
        if (!standing) letGo();
        return;
      }
      rig.world().trace(() -> loop + " cannot open v" + id.substring(24) + ": " + failure);
      loop.schedule(RETRY_NANOS, () -> {
        if (engine == opening) open(engine.layout());
      });
    });
  }

  /** It is under that layout that it is being opened from now on. */
  void openAnew(VolumeLayout layout) {
    open(layout);
  }

  long adopted() {
    return adopted;
  }

  void adopted(long epoch) {
    adopted = epoch;
  }

  void window(long start, long end) {
    windowStart = start;
    windowEnd = end;
    if (open) engine.window(start, end);
  }

  VolumeEngine engine() {
    return engine;
  }

  boolean isOpen() {
    return open;
  }

  Volume volume() {
    return volume;
  }

  Preserver preserver() {
    return preserver;
  }

  /** The volume, past the preserver or before it. */
  private final class Below implements BlockDevice {
    private final Consumer<BlockRequest> to;

    Below(Consumer<BlockRequest> to) {
      this.to = to;
    }

    @Override
    public IoLoop loop() {
      return loop;
    }

    @Override
    public BlockTraits traits() {
      return new BlockTraits(volume.getSizeBytes(), 4096, 4096, false, true, true, false);
    }

    @Override
    public void submit(BlockRequest request) {
      to.accept(request);
    }

    @Override
    public CompletionStage<Void> close() {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** As the catalog says now; before anybody goes on under a snapshot that has come. */
  void preserve() {
    List<SnapshotPlan.AreaDevice> devices = new ArrayList<>();
    for (String area : volume.getSnapshotAreaIdsList()) {
      ServedVolume there = areas.apply(area);
      if (there != null) devices.add(new SnapshotPlan.AreaDevice(area, there.new Below(there::carry)));
    }
    long[] numbers = volume.getSnapshotsList().stream().mapToLong(Snapshot::getNumber).toArray();
    snapshots.plan(new SnapshotPlan(numbers, volume.getChunkBytes(), devices, devices.size() == volume.getSnapshotAreaIdsCount()));
  }

  void changed(Volume now) {
    volume = now;
    preserve();
  }

  // ---- standing still

  void hold() {
    held = true;
    standing = true;
  }

  void letGo() {
    standing = false;
    if (!open) return;
    held = false;
    preserver.resume();
    for (int n = waiting.size(); n > 0 && !held; n--) pass(waiting.poll());
  }

  int waitingRequests() {
    return waiting.size() + preserver.waiting();
  }

  private void carry(BlockRequest request) {
    if (held || !open) waiting.add(request);
    else pass(request);
  }

  private void pass(BlockRequest request) {
    boolean past = rig.has(Flaw.DOES_NOT_PRESERVE) || rig.has(Flaw.DOES_NOT_ARBITRATE) && preserver.waiting() > 0;
    if (past) engine.submit(request);
    else preserver.submit(request);
  }

  // ---- connections: of each host and volume the newest route wins, when those before it are drained

  void connect(String host, long incarnation, long generation, RouteLink link, Consumer<String> answer) {
    if (volume.getAttachmentsList().stream().map(Attachment::getHostId).noneMatch(host::equals)) {
      answer.accept("refused");
      return;
    }
    if (engine.layout().size() != volume.getSizeBytes()) {
      answer.accept("the volume's size is being changed");
      return;
    }
    Ticket mine = new Ticket(incarnation, generation, link);
    List<Ticket> all = tickets.computeIfAbsent(host, h -> new ArrayList<>());
    for (Ticket t : all) {
      if (t.fences(mine)) {
        answer.accept("a newer connection has taken over");
        return;
      }
    }
    List<Ticket> older = List.copyOf(all);
    all.add(mine);
    int[] left = {older.size()};
    Runnable admitted = () -> {
      all.removeAll(older);
      link.opened(loop, this::carry);
      answer.accept("");
    };
    if (older.isEmpty()) admitted.run();
    for (Ticket t : older) {
      t.link.shut();
      t.link.drained(() -> {
        if (--left[0] == 0) admitted.run();
      });
    }
  }

  /** The server has died. */
  void abandon() {
    tickets.values().forEach(all -> all.forEach(t -> t.link.serverDied()));
  }

  @Override
  public String toString() {
    return volume.getName() + " epoch " + engine.layout().epoch() + (held ? " held" : "") + ", " + waiting.size() + " waiting, "
        + engine.underWay() + " under way";
  }
}
