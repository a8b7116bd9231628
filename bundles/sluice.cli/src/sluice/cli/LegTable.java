package sluice.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.output.Moments;
import sluice.cli.output.Table;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** A volume's legs, numbered from 1, and its extents. Pure. */
final class LegTable {
  private LegTable() {}

  static Table legs(Picture p, Volume v) {
    Names names = new Names(p);
    Table table = new Table().number("LEG").text("STATE").number("FILLED").text("DISKS", "SINCE", "WHY");
    for (int i = 0; i < v.getLayout().getLegsCount(); i++) {
      LegInfo leg = v.getLayout().getLegs(i);
      Set<String> disks = new LinkedHashSet<>();
      for (Extent e : LegExtents.of(v.getLayout(), i)) disks.add(names.of(e.getDiskId()));
      String why = leg.getReplacesLegId().isEmpty() ? leg.getReason() : "takes the place of leg " + (LegExtents.replaced(v.getLayout(), i) + 1);
      table.row(i + 1, state(leg), filled(p, leg), String.join(", ", disks), Moments.at(leg.getSinceMs()), why);
    }
    return table;
  }

  static String state(LegInfo leg) {
    return leg.getState().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String filled(Picture p, LegInfo leg) {
    if (leg.getState() != LegInfo.State.FILLING) return "";
    for (Task t : p.getTasksList()) if (!Tasks.ended(t) && !t.hasMove() && t.getLegId().equals(leg.getId())) return Tasks.percent(t, Tasks.status(p, t));
    return "";
  }

  static Table extents(Names names, Volume v) {
    boolean mirrored = v.getLayout().getLegsCount() > 0;
    Table table = new Table().number("SEGMENT");
    if (mirrored) table.number("LEG");
    table.number("COLUMN").text("DISK").number("OFFSET", "LENGTH");
    int most = 0;
    int legs = Math.max(1, v.getLayout().getLegsCount());
    for (int l = 0; l < legs; l++) most = Math.max(most, LegExtents.segments(v.getLayout(), l).size());
    for (int s = 0; s < most; s++) {
      for (int l = 0; l < legs; l++) {
        if (s >= LegExtents.segments(v.getLayout(), l).size()) continue;
        int c = 0;
        for (Extent e : LegExtents.columns(v.getLayout(), l, LegExtents.segments(v.getLayout(), l).get(s))) {
          ByteSize length = new ByteSize(e.getLengthBytes());
          if (mirrored) table.row(s, l + 1, c++, names.of(e.getDiskId()), e.getOffsetBytes(), length);
          else table.row(s, c++, names.of(e.getDiskId()), e.getOffsetBytes(), length);
        }
      }
    }
    return table;
  }

  /** "2"; empty if the volume has no such leg (any more). */
  static String number(Picture p, String volumeId, String legId) {
    for (Volume v : p.getVolumesList()) {
      if (!v.getId().equals(volumeId)) continue;
      List<LegInfo> legs = v.getLayout().getLegsList();
      for (int i = 0; i < legs.size(); i++) if (legs.get(i).getId().equals(legId)) return Integer.toString(i + 1);
    }
    return "";
  }

  /** The leg that was typed: its number, or its id. */
  static LegInfo leg(Volume v, String typed) {
    List<LegInfo> legs = v.getLayout().getLegsList();
    for (int i = 0; i < legs.size(); i++) {
      if (typed.equals(Integer.toString(i + 1)) || legs.get(i).getId().equals(typed)) return legs.get(i);
    }
    throw new SluiceException(ErrorCode.NOT_FOUND, "volume " + v.getName() + " has no leg " + typed,
        legs.isEmpty() ? "it has one copy only" : "its legs are 1 to " + legs.size(),
        "see them with 'sluice volume show " + v.getName() + "'", v.getId());
  }

  /** What is wrong with the copies: "1 of 2 legs in sync"; empty if nothing is. */
  static String degraded(Volume v) {
    int all = LegExtents.copies(v);
    int good = LegExtents.good(v);
    return good == all ? "" : good + " of " + all + " legs in sync";
  }
}
