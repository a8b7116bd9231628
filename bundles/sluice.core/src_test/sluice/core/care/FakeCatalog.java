package sluice.core.care;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;
import java.util.Map;
import sluice.core.layout.LayoutTail;
import sluice.protocol.v1.Applied;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** One volume as the catalog would keep it: applies the changes of the care by the rules of catalog.proto. */
final class FakeCatalog {
  static final String VOLUME = "v";

  Volume volume;
  final Map<String, Task> tasks = new TreeMap<>();
  final Deque<String> spares = new ArrayDeque<>();
  long nowMs = 1;
  long unitBytes = 1;
  int freedTails;

  FakeCatalog(int legs, int blocks, long blockBytes, boolean shared, String... hosts) {
    Volume.Builder v = Volume.newBuilder().setId(VOLUME).setSizeBytes(blocks * blockBytes).setShared(shared).setLegs(legs);
    Layout.Builder layout = Layout.newBuilder().setEpoch(1).setRegionBytes(blockBytes);
    Segment.Builder segment = Segment.newBuilder().setLengthBytes(blocks * blockBytes);
    for (int i = 0; i < legs; i++) {
      String disk = "d" + i;
      segment.addLegs(Leg.newBuilder().addColumns(Extent.newBuilder().setDiskId(disk).setLengthBytes(blocks * blockBytes)));
      layout.addLegs(LegInfo.newBuilder().setId("l" + i).setState(LegInfo.State.IN_SYNC).setIntents(Extent.newBuilder().setDiskId(disk)));
    }
    int slot = 1;
    for (String h : hosts) v.addAttachments(Attachment.newBuilder().setHostId(h).setSinceMs(1).setSlot(slot++));
    volume = v.setLayout(layout.addSegments(segment)).build();
  }

  String disk(int leg) {
    return volume.getLayout().getSegments(0).getLegs(leg).getColumns(0).getDiskId();
  }

  int index(String legId) {
    for (int i = 0; i < volume.getLayout().getLegsCount(); i++) if (volume.getLayout().getLegs(i).getId().equals(legId)) return i;
    return -1;
  }

  LegInfo leg(String id) {
    return volume.getLayout().getLegs(index(id));
  }

  long epoch() {
    return volume.getLayout().getEpoch();
  }

  CommandResult apply(Change c) {
    return switch (c.getBodyCase()) {
      case MARK_LEG_STALE -> leg(c.getMarkLegStale().getEpoch(), c.getMarkLegStale().getLegId(), l -> {
        long good = volume.getLayout().getLegsList().stream().filter(x -> x.getState() == LegInfo.State.IN_SYNC).count();
        if (l.getState() == LegInfo.State.IN_SYNC && good == 1) throw new AssertionError("the last good leg was asked for");
        return l.toBuilder().setState(LegInfo.State.STALE).setReason(c.getMarkLegStale().getReason()).setSinceMs(nowMs).build();
      });
      case FILL_LEG -> leg(c.getFillLeg().getEpoch(), c.getFillLeg().getLegId(), l -> {
        boolean has = tasks.values().stream().anyMatch(t -> t.getLegId().equals(l.getId()) && t.getState() == Task.State.RUNNING);
        if (!has) tasks.put(c.getFillLeg().getTaskId(), Task.newBuilder().setId(c.getFillLeg().getTaskId()).setKind(Task.Kind.RECOVERY)
            .setVolumeId(VOLUME).setLegId(l.getId()).setState(Task.State.RUNNING).setCreatedMs(nowMs).build());
        return l.toBuilder().setState(LegInfo.State.FILLING).setSinceMs(nowMs).build();
      });
      case FINISH_LEG -> leg(c.getFinishLeg().getEpoch(), c.getFinishLeg().getLegId(), l -> {
        end(l.getId(), Task.State.DONE);
        return l.toBuilder().setState(LegInfo.State.IN_SYNC).setWhole(false).setFilledBytes(0).setSinceMs(nowMs).build();
      });
      case REPLACE_LEG -> {
        if (spares.isEmpty()) yield problem(Problem.Code.NO_SPACE, "no space");
        yield leg(c.getReplaceLeg().getEpoch(), c.getReplaceLeg().getLegId(), l -> {
          end(l.getId(), Task.State.CANCELLED);
          return LegInfo.newBuilder().setId(c.getReplaceLeg().getNewLegId()).setState(LegInfo.State.STALE).setWhole(true).setSinceMs(nowMs).build();
        }, spares.peek());
      }
      case NOTE_LEG_FILLED -> {
        int i = index(c.getNoteLegFilled().getLegId());
        if (i < 0) yield problem(Problem.Code.NOT_FOUND, "no such leg");
        Layout.Builder layout = volume.getLayout().toBuilder();
        layout.getLegsBuilder(i).setFilledBytes(c.getNoteLegFilled().getFilledBytes());
        volume = volume.toBuilder().setLayout(layout).build();
        yield applied();
      }
      case ADD_LEG -> {
        if (c.getAddLeg().getEpoch() != epoch()) yield problem(Problem.Code.CONFLICT, "epoch");
        if (spares.isEmpty()) yield problem(Problem.Code.NO_SPACE, "no space");
        String disk = spares.remove();
        Layout.Builder layout = volume.getLayout().toBuilder().setEpoch(epoch() + 1);
        layout.getSegmentsBuilder(0).addLegs(Leg.newBuilder().addColumns(Extent.newBuilder().setDiskId(disk)));
        layout.addLegs(LegInfo.newBuilder().setId(c.getAddLeg().getNewLegId()).setState(LegInfo.State.STALE).setWhole(true)
            .setSinceMs(nowMs).setIntents(Extent.newBuilder().setDiskId(disk)));
        volume = volume.toBuilder().setLayout(layout).setLegs(layout.getLegsCount()).build();
        yield applied();
      }
      case TAKE_SNAPSHOT -> {
        if (c.getTakeSnapshot().getMembers(0).getEpoch() != epoch()) yield problem(Problem.Code.CONFLICT, "epoch");
        Layout layout = volume.getLayout().toBuilder().setEpoch(epoch() + 1).build();
        volume = volume.toBuilder().setLayout(layout).addSnapshots(sluice.protocol.v1.Snapshot.newBuilder()
            .setGroupId(c.getTakeSnapshot().getGroupId()).setNumber(layout.getEpoch())).build();
        yield applied();
      }
      case DROP_LEG -> {
        if (c.getDropLeg().getEpoch() != epoch()) yield problem(Problem.Code.CONFLICT, "epoch");
        int i = index(c.getDropLeg().getLegId());
        end(c.getDropLeg().getLegId(), Task.State.CANCELLED);
        Layout.Builder layout = volume.getLayout().toBuilder().setEpoch(epoch() + 1).removeLegs(i);
        layout.getSegmentsBuilder(0).removeLegs(i);
        volume = volume.toBuilder().setLayout(layout).setLegs(layout.getLegsCount()).build();
        yield applied();
      }
      case RESIZE_VOLUME -> {
        if (c.getResizeVolume().getEpoch() != epoch()) yield problem(Problem.Code.CONFLICT, "epoch");
        long size = c.getResizeVolume().getSizeBytes();
        Layout.Builder layout = volume.getLayout().toBuilder().setEpoch(epoch() + 1);
        // Larger, the space comes with the size; smaller, it goes later.
        if (size > layout.getSegments(0).getLengthBytes()) {
          layout.getSegmentsBuilder(0).setLengthBytes(size).getLegsBuilderList().forEach(l -> l.getColumnsBuilder(0).setLengthBytes(size));
        }
        volume = volume.toBuilder().setSizeBytes(size).setLayout(layout).build();
        yield applied();
      }
      case FREE_TAIL -> {
        if (c.getFreeTail().getEpoch() != epoch()) yield problem(Problem.Code.CONFLICT, "epoch");
        volume = volume.toBuilder().setLayout(volume.getLayout().toBuilder().setSegments(0, LayoutTail.cut(volume, unitBytes).get(0))).build();
        freedTails++;
        yield applied();
      }
      case SLOT_RECONCILED -> {
        Volume.Builder v = volume.toBuilder().clearUnreconciledSlots();
        for (int s : volume.getUnreconciledSlotsList()) if (s != c.getSlotReconciled().getSlot()) v.addUnreconciledSlots(s);
        volume = v.build();
        yield applied();
      }
      default -> throw new AssertionError(c.toString());
    };
  }

  interface Edit {
    LegInfo of(LegInfo leg);
  }

  private CommandResult leg(long epoch, String id, Edit edit) {
    return leg(epoch, id, edit, "");
  }

  private CommandResult leg(long epoch, String id, Edit edit, String newDisk) {
    if (epoch != epoch() || index(id) < 0) return problem(Problem.Code.CONFLICT, "epoch");
    int i = index(id);
    LegInfo leg = edit.of(volume.getLayout().getLegs(i));
    Layout.Builder layout = volume.getLayout().toBuilder().setEpoch(epoch + 1);
    if (!newDisk.isEmpty()) {
      spares.remove();
      spares.add(disk(i));
      layout.getSegmentsBuilder(0).getLegsBuilder(i).getColumnsBuilder(0).setDiskId(newDisk);
      leg = leg.toBuilder().setIntents(Extent.newBuilder().setDiskId(newDisk)).build();
    }
    volume = volume.toBuilder().setLayout(layout.setLegs(i, leg)).build();
    return applied();
  }

  void end(String legId, Task.State state) {
    tasks.replaceAll((id, t) -> t.getLegId().equals(legId) && t.getEndedMs() == 0 ? t.toBuilder().setState(state).setEndedMs(nowMs).build() : t);
  }

  /** The task's state as an administrator sets it. */
  void control(String legId, Task.State state) {
    tasks.replaceAll((id, t) -> t.getLegId().equals(legId) && t.getEndedMs() == 0 ? t.toBuilder().setState(state).build() : t);
  }

  void release(String host) {
    Volume.Builder v = volume.toBuilder().clearAttachments();
    for (Attachment a : volume.getAttachmentsList()) {
      if (!a.getHostId().equals(host)) v.addAttachments(a);
      else if (!volume.getUnreconciledSlotsList().contains(a.getSlot())) v.addUnreconciledSlots(a.getSlot());
    }
    volume = v.build();
  }

  void attach(String host, int slot) {
    volume = volume.toBuilder().addAttachments(Attachment.newBuilder().setHostId(host).setSlot(slot).setSinceMs(++nowMs)).build();
  }

  static CommandResult applied() {
    return CommandResult.newBuilder().setApplied(Applied.getDefaultInstance()).build();
  }

  static CommandResult problem(Problem.Code code, String what) {
    return CommandResult.newBuilder().setProblem(Problem.newBuilder().setCode(code).setWhat(what)).build();
  }
}
