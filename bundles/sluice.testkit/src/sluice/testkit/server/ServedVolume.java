package sluice.testkit.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sluice.api.block.BlockRequest;
import sluice.api.layout.VolumeLayout;
import sluice.core.layout.LayoutMapping;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Volume;
import sluice.testkit.cluster.Rig;
import sluice.testkit.net.RouteLink;
import sluice.testkit.world.SimLoop;
import sluice.volume.VolumeEngine;

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
    open(LayoutMapping.layout(volume));
  }

  private void open(VolumeLayout layout) {
    VolumeEngine opening = new VolumeEngine(loop, id, layout, disks, 0, run, VolumeEngine.OnLegFailure.HOLD, listener);
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

  void changed(Volume now) {
    volume = now;
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
    for (int n = waiting.size(); n > 0 && !held; n--) engine.submit(waiting.poll());
  }

  int waitingRequests() {
    return waiting.size();
  }

  private void carry(BlockRequest request) {
    if (held || !open) waiting.add(request);
    else engine.submit(request);
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
