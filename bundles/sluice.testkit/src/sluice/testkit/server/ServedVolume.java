package sluice.testkit.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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

/** A volume as the server serves it: the engine, the requests that wait while it stands still, and the hosts' connections. */
final class ServedVolume {
  private record Ticket(long incarnation, long generation, RouteLink link) {
    boolean fences(Ticket other) {
      return incarnation > other.incarnation || incarnation == other.incarnation && generation > other.generation;
    }
  }

  private static final long RETRY_NANOS = 300_000_000L;
  private static final long AREA_BYTES = 4L * 251 << 16;

  private final Rig rig;
  private final SimLoop loop;
  private final String id;
  private final VolumeEngine.Disks disks;
  private final long run;
  private final VolumeEngine.Listener listener;
  private final Preserver preserver;
  private boolean preserving;
  private VolumeEngine engine;
  private final ArrayDeque<BlockRequest> waiting = new ArrayDeque<>();
  private final Map<String, List<Ticket>> tickets = new HashMap<>();
  private boolean held = true;
  private boolean open;
  private boolean standing;
  private long windowStart;
  private long windowEnd;
  private Volume volume;

  ServedVolume(Rig rig, SimLoop loop, Volume volume, VolumeEngine.Disks disks, long run, VolumeEngine.Listener listener) {
    this.rig = rig;
    this.loop = loop;
    this.volume = volume;
    id = volume.getId();
    this.disks = disks;
    this.run = run;
    this.listener = listener;
    preserver = new Preserver(loop, new Below(b -> engine.submit(b)), new Below(this::carry), (slots, free, waiting) -> {});
    snapshots(volume);
    open(LayoutMapping.layout(volume));
  }

  private void open(VolumeLayout layout) {
    int slot = layout.legs().size() > 1 ? 0 : -1;
    VolumeEngine opening = new VolumeEngine(loop, id, layout, disks, slot, run, VolumeEngine.OnLegFailure.HOLD, listener);
    engine = opening;
    opening.open().whenComplete((nothing, failure) -> {
      if (engine != opening) return;
      if (failure == null) {
        open = true;
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

  private void snapshots(Volume now) {
    if (preserving && preserver.isLoaded()) preserver.snapshots(numbers(now));
    if (preserving || now.getSnapshotsCount() == 0) return;
    preserving = true;
    preserver.loading(now.getChunkBytes());
    preserver.addArea(now.getSnapshotAreaIds(0), new SafeArea(loop, rig.area(id, AREA_BYTES))).thenRun(() -> preserver.loaded(numbers(volume)));
  }

  private static long[] numbers(Volume v) {
    return v.getSnapshotsList().stream().mapToLong(Snapshot::getNumber).toArray();
  }

  void changed(Volume now) {
    volume = now;
    snapshots(now);
    if (open && now.getLayout().getLegsCount() == 0 && now.getLayout().getEpoch() != engine.layout().epoch()) {
      engine.relayout(LayoutMapping.layout(now));
    }
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
    if (rig.has(Flaw.DOES_NOT_PRESERVE)) engine.submit(request);
    else preserver.submit(request);
  }

  // ---- connections: of each host and volume the newest route wins, when those before it are drained

  void connect(String host, long incarnation, long generation, RouteLink link, Consumer<String> answer) {
    if (volume.getAttachmentsList().stream().map(Attachment::getHostId).noneMatch(host::equals)) {
      answer.accept("refused");
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
