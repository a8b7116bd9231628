package sluice.console.core.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sluice.api.ByteSize;
import sluice.console.core.verdict.Healths;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;

/**
 * A volume: copies as bands, one below the other; in each its stripe columns as rows; in those its extents as cells, along
 * the volume's own bytes. Over the copy that is being filled what is filled, and the moving window. Pure.
 */
public final class VolumeMap {
  static final double ROW = 16;
  static final double BAND_GAP = 8;

  private VolumeMap() {}

  /** Empty picture if there is no such volume. */
  public static Scene of(SanView san, String volumeId, double width) {
    Optional<Volume> found = san.volume(volumeId);
    List<Item> items = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    double y = 0;
    if (found.isPresent()) {
      Volume v = found.get();
      double scale = width / Math.max(1, v.getSizeBytes());
      for (int leg = 0; leg < Healths.legCount(v); leg++) y = band(san, v, leg, y, scale, items, rows) + BAND_GAP;
    }
    return new Scene(width, Math.max(0, y - BAND_GAP), items, List.of(), new Table(List.of("Copy", "State", "Column", "From", "Length", "Disk", "Offset on disk"), rows));
  }

  private static double band(SanView san, Volume v, int leg, double top, double scale, List<Item> items, List<List<String>> rows) {
    int columns = 1;
    for (Segment s : v.getLayout().getSegmentsList()) if (leg < s.getLegsCount()) columns = Math.max(columns, s.getLegs(leg).getColumnsCount());
    ObjectKey self = new ObjectKey(ObjectKey.Kind.VOLUME, v.getId());
    LegInfo.State state = Healths.legState(v, leg);
    Health health = health(san, v, leg, state);
    String word = state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String reason = leg < v.getLayout().getLegsCount() ? v.getLayout().getLegs(leg).getReason() : "";
    items.add(new Item(Item.Kind.BAND, 0, top, v.getSizeBytes() * scale, columns * ROW, self, "copy " + (leg + 1) + ", " + word + (reason.isEmpty() ? "" : ": " + reason), health, -1, -1));
    for (Segment s : v.getLayout().getSegmentsList()) {
      if (leg >= s.getLegsCount()) continue;
      for (int c = 0; c < s.getLegs(leg).getColumnsCount(); c++) {
        Extent e = s.getLegs(leg).getColumns(c);
        Health cell = Healths.bad(san, e.getDiskId()) ? Health.FAILED : health;
        String text = "copy " + (leg + 1) + ", " + word + ", column " + (c + 1) + ": " + new ByteSize(e.getLengthBytes()) + " on disk " + san.name(e.getDiskId());
        items.add(new Item(Item.Kind.EXTENT, s.getStartBytes() * scale, top + c * ROW, s.getLengthBytes() * scale, ROW, new ObjectKey(ObjectKey.Kind.DISK, e.getDiskId()), text, cell, Hues.of(v.getId()), rows.size()));
        rows.add(List.of(String.valueOf(leg + 1), word, String.valueOf(c + 1), String.valueOf(s.getStartBytes()), String.valueOf(e.getLengthBytes()), san.name(e.getDiskId()), String.valueOf(e.getOffsetBytes())));
      }
    }
    if (leg < v.getLayout().getLegsCount()) filling(san, v, v.getLayout().getLegs(leg), top, columns * ROW, scale, items);
    return top + columns * ROW;
  }

  private static Health health(SanView san, Volume v, int leg, LegInfo.State state) {
    if (!Healths.onGoodDisks(san, v, leg)) return Health.FAILED;
    return switch (state) {
      case IN_SYNC -> Health.HEALTHY;
      case FILLING -> Health.SYNCING;
      default -> Health.DEGRADED;
    };
  }

  private static void filling(SanView san, Volume v, LegInfo info, double top, double height, double scale, List<Item> items) {
    Optional<Task> task = san.taskAtWork(v.getId(), info.getId());
    if (task.isEmpty()) return;
    ObjectKey key = new ObjectKey(ObjectKey.Kind.TASK, task.get().getId());
    TaskStatus s = san.taskStatus(task.get().getId());
    // Only a copy that is filled as a whole is good from the start up to the window; otherwise what is good is scattered.
    if (info.getWhole() && s.getWindowStartBytes() > 0) {
      items.add(new Item(Item.Kind.FILLED, 0, top, s.getWindowStartBytes() * scale, height, key, new ByteSize(s.getWindowStartBytes()) + " are up to date", Health.SYNCING, -1, -1));
    }
    if (s.getWindowEndBytes() > s.getWindowStartBytes()) {
      items.add(new Item(Item.Kind.WINDOW, s.getWindowStartBytes() * scale, top, (s.getWindowEndBytes() - s.getWindowStartBytes()) * scale, height, key,
          "being copied: " + new ByteSize(s.getWindowEndBytes() - s.getWindowStartBytes()) + " at " + new ByteSize(s.getWindowStartBytes()), Health.SYNCING, -1, -1));
    }
  }
}
