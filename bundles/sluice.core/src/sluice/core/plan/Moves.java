package sluice.core.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import sluice.protocol.v1.DiskBytes;
import sluice.protocol.v1.PlannedMove;
import sluice.protocol.v1.Volume;

/** What becomes of a volume's legs between two layouts. A leg is known by its id; space that it keeps is not mentioned. */
public final class Moves {
  private Moves() {}

  /** Legs that go are paired, in order, with legs that come: that is what moving looks like. @param diskName by its id */
  public static List<PlannedMove> between(Volume before, Volume after, UnaryOperator<String> diskName) {
    List<LayoutLegs.Leg> had = new ArrayList<>(LayoutLegs.of(before.getLayout()));
    List<LayoutLegs.Leg> come = new ArrayList<>();
    List<PlannedMove> moves = new ArrayList<>();
    for (LayoutLegs.Leg leg : LayoutLegs.of(after.getLayout())) {
      LayoutLegs.Leg same = same(had, leg);
      if (same == null) come.add(leg);
      else {
        had.remove(same);
        PlannedMove.Builder stays = move(leg, more(same.bytes(), leg.bytes()), more(leg.bytes(), same.bytes()), diskName);
        if (stays.getFromCount() + stays.getToCount() > 0) moves.add(stays.build());
      }
    }
    for (LayoutLegs.Leg leg : come) {
      LayoutLegs.Leg gone = had.isEmpty() ? null : had.remove(0);
      moves.add(move(leg, gone == null ? new TreeMap<>() : gone.bytes(), leg.bytes(), diskName).setCopiedBytes(after.getSizeBytes()).build());
    }
    for (LayoutLegs.Leg gone : had) moves.add(move(gone, gone.bytes(), new TreeMap<>(), diskName).build());
    return moves;
  }

  /** A volume's only leg gets an id when it gets write intents. */
  private static LayoutLegs.Leg same(List<LayoutLegs.Leg> had, LayoutLegs.Leg leg) {
    for (LayoutLegs.Leg h : had) if (h.id().equals(leg.id()) || h.id().isEmpty() && leg.index() == 0 && leg.inSync()) return h;
    return null;
  }

  private static PlannedMove.Builder move(LayoutLegs.Leg leg, Map<String, Long> from, Map<String, Long> to, UnaryOperator<String> diskName) {
    return PlannedMove.newBuilder().setLeg(leg.index() + 1).setLegId(leg.id()).addAllFrom(bytes(from, diskName)).addAllTo(bytes(to, diskName));
  }

  /** What the one has of each disk more than the other. */
  private static Map<String, Long> more(Map<String, Long> of, Map<String, Long> than) {
    Map<String, Long> more = new TreeMap<>();
    of.forEach((disk, bytes) -> {
      long by = bytes - than.getOrDefault(disk, 0L);
      if (by > 0) more.put(disk, by);
    });
    return more;
  }

  private static List<DiskBytes> bytes(Map<String, Long> of, UnaryOperator<String> diskName) {
    List<DiskBytes> list = new ArrayList<>();
    of.forEach((disk, bytes) -> list.add(DiskBytes.newBuilder().setDiskId(disk).setDiskName(diskName.apply(disk)).setBytes(bytes).build()));
    return list;
  }
}
