package sluice.core.care;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import sluice.core.care.LegChange.Kind;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Problem;

/** What administrators have asked for and not been answered yet, in order; at most {@link #MOST}, more are refused. */
final class LegRequests {
  private static final int MOST = 16;

  private final Ward ward;
  private final Deque<LegRequest> queue = new ArrayDeque<>();

  LegRequests(Ward ward) {
    this.ward = ward;
  }

  void add(Kind kind, String legId, Consumer<CommandResult> answer) {
    add(new LegRequest(kind, legId, ward.now() + ward.times.recall(), answer));
  }

  /** Another size, rounded up to the pool's unit. */
  void resize(long sizeBytes, String confirmName, Consumer<CommandResult> answer) {
    long unit = Math.max(1, ward.pool.getUnitBytes());
    long rounded = sizeBytes <= 0 || sizeBytes > Long.MAX_VALUE - unit ? sizeBytes : (sizeBytes + unit - 1) / unit * unit;
    add(new LegRequest(Kind.RESIZE, "", rounded, confirmName, ward.now() + ward.times.recall(), answer));
  }

  private void add(LegRequest request) {
    if (ward.volume == null) request.answer(gone());
    else if (queue.size() >= MOST) {
      request.answer(LegRequest.refused(Problem.Code.CONFLICT, request.cannot(),
          MOST + " changes wait already", "try again when they are done", ward.volume.getId()));
    } else queue.add(request);
  }

  /** The next to be carried out; null: none. Answers those that can be no more. */
  LegRequest first() {
    while (true) {
      LegRequest request = queue.peek();
      if (request == null) return null;
      if (request.answered()) {
        queue.remove();
        continue;
      }
      CommandResult refused = refusal(request);
      if (refused == null) return request;
      queue.remove();
      request.answer(refused);
    }
  }

  /** Those that could not be begun in time; the one in progress sees to itself. */
  void expire(LayoutSwitch inProgress, String waitsFor) {
    queue.removeIf(r -> {
      if (r.answered()) return true;
      if (inProgress.serves(r) || !ward.due(r.deadline)) return false;
      r.answer(LegRequest.refused(Problem.Code.UNAVAILABLE, r.cannot(),
          waitsFor.isEmpty() ? "another change is in progress" : waitsFor, "try again when that is over", ward.volume.getId()));
      return true;
    });
  }

  void deleted() {
    while (!queue.isEmpty()) queue.remove().answer(gone());
  }

  private CommandResult refusal(LegRequest request) {
    if (request.kind == Kind.SNAPSHOT) return null;
    if (ward.legs.replacing() != null) {
      return LegRequest.refused(Problem.Code.CONFLICT, "the volume's copies cannot be changed now", "one of them is being moved by task "
          + ward.legs.replacing().info().getTaskId(), "wait until that is over, or cancel it", ward.volume.getId());
    }
    if (request.kind == Kind.ADD) {
      LegChange add = new LegChange(Kind.ADD, request.legId, List.of(), "", true, request);
      String why = ward.effects.refusal(add.build(ward.volume.getId(), ward.epoch(), "", ward.legs, ward.holders, ward.effects));
      if (why.isEmpty()) return null;
      return LegRequest.refused(Problem.Code.NO_SPACE, "a copy cannot be added", why, "add a disk to the pool", ward.volume.getId());
    }
    if (request.kind == Kind.RESIZE) return shrinkRefusal(request);
    Leg leg = ward.legs.leg(request.legId);
    if (leg == null) {
      return LegRequest.refused(Problem.Code.NOT_FOUND, "the volume has no copy " + request.legId, "it may have been dropped or replaced",
          "look at the volume's copies", ward.volume.getId());
    }
    if (leg.inSync() && ward.legs.all().stream().noneMatch(l -> l != leg && ward.legs.well(l))) {
      return LegRequest.refused(Problem.Code.CONFLICT, leg.words() + " cannot be dropped", "it is the last one that is up to date and can be reached",
          "wait until another copy is in sync", ward.volume.getId());
    }
    return null;
  }

  /** Nobody takes blocks away from a host that has not said that it can do without them. What else may be wrong the catalog says. */
  private CommandResult shrinkRefusal(LegRequest request) {
    if (request.sizeBytes >= ward.size() || !request.confirmName.equals(ward.volume.getName())) return null;
    List<String> hosts = ward.holders.disagreeing(request.sizeBytes);
    if (hosts.isEmpty()) return null;
    CommandResult.Builder refused = LegRequest.refused(Problem.Code.CONFLICT, "volume " + ward.volume.getName() + " cannot become smaller yet",
        "what lies past the new end would be lost, and these have not agreed to that: " + String.join(", ", hosts.stream().map(h -> "host " + h).toList()),
        "make what uses it there smaller, then say so on each of them with: sluice volume agree-shrink " + ward.volume.getName() + " --size "
            + request.sizeBytes + "; or detach it there", ward.volume.getId()).toBuilder();
    refused.getProblemBuilder().addAllObjects(hosts);
    return refused.build();
  }

  private static CommandResult gone() {
    return LegRequest.refused(Problem.Code.NOT_FOUND, "the volume is not there", "it has been deleted", "look at the volumes", "");
  }
}
