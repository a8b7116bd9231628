package sluice.testkit.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import sluice.core.catalog.CatalogView;
import sluice.core.moves.MoverEffects;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.RemoveDisk;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;
import sluice.testkit.cluster.Rig;

/** What tasks that move extents do to the virtual world. */
final class SimMoves implements MoverEffects {
  private final Rig rig;
  private final SimServer server;
  private final Map<String, Long> done = new HashMap<>();

  SimMoves(Rig rig, SimServer server) {
    this.rig = rig;
    this.server = server;
  }

  @Override
  public long now() {
    return server.loop().nanoTime();
  }

  @Override
  public <T> T read(Function<CatalogView, T> query) {
    return query.apply(rig.catalog().view());
  }

  @Override
  public List<AvoidDisk> avoid() {
    return server.avoid();
  }

  @Override
  public String unreachable(String volumeId) {
    Volume v = rig.catalog().view().volume(volumeId).orElseThrow();
    if (v.getLayout().getLegsCount() > 0) return "";
    for (String disk : LegExtents.disks(v.getLayout())) if (!server.online(disk)) return disk + " is offline";
    return "";
  }

  @Override
  public void move(String volumeId, MoveLeg move) {
    server.move(volumeId, move);
  }

  @Override
  public String waitsFor(String volumeId) {
    SimCare care = server.caring(volumeId);
    return care == null ? "" : care.care().waitsFor();
  }

  @Override
  public TaskStatus filled(String volumeId) {
    SimCare care = server.caring(volumeId);
    return care == null ? TaskStatus.getDefaultInstance() : care.filled();
  }

  @Override
  public void submit(Change change, Consumer<CommandResult> answer) {
    server.submit(change, answer);
  }

  @Override
  public void remove(String diskId, Consumer<String> answer) {
    Change change = Change.newBuilder().setRemoveDisk(RemoveDisk.newBuilder().setDiskId(diskId)).build();
    server.submit(change, r -> answer.accept(r.hasProblem() ? r.getProblem().getWhat() : ""));
  }

  /** Never beyond the total, and never back within a run of the server. */
  @Override
  public void status(TaskStatus status) {
    if (status.getDoneBytes() > status.getTotalBytes()) rig.world().broke("a task is never beyond its total", status.toString());
    long before = done.getOrDefault(status.getTaskId(), 0L);
    if (status.getDoneBytes() < before) rig.world().broke("a task never goes back", before + " to " + status);
    done.put(status.getTaskId(), status.getDoneBytes());
  }
}
