package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Volume;

/** One leg of one volume that is to be changed: what all such changes check, and how they are said. */
final class LegChange {
  private final Transaction t;
  private final Volume volume;
  private final int leg;
  private final String what;

  private LegChange(Transaction t, Volume volume, int leg, String what) {
    this.t = t;
    this.volume = volume;
    this.leg = leg;
    this.what = "Leg " + (leg + 1) + " of volume " + volume.getName() + " " + what;
  }

  /** @param what what cannot be done if it cannot: "cannot be dropped" */
  static LegChange of(Transaction t, String volumeId, String legId, String what) {
    Volume volume = t.volume(volumeId);
    int leg = Legs.index(volume, legId);
    if (leg < 0) {
      throw Refusal.of(Problem.Code.NOT_FOUND, "Volume " + volume.getName() + " has no leg " + Words.cut(legId, CatalogLimits.NAME_CHARS),
          volume.getLayout().getLegsCount() == 0 ? "it is not mirrored" : "legs that were replaced or dropped are gone",
          "see its legs with: sluice volume show " + volume.getName(), volume.getId());
    }
    t.about(volume.getId());
    return new LegChange(t, volume, leg, what);
  }

  /** As it was before. */
  Volume volume() {
    return volume;
  }

  LegInfo info() {
    return volume.getLayout().getLegs(leg);
  }

  int index() {
    return leg;
  }

  /** As people count. */
  int number() {
    return leg + 1;
  }

  /** What was decided under another epoch may be wrong by now (invariants 2 and 3). */
  void checkEpoch(long epoch) {
    checkEpoch(volume, epoch, what);
  }

  static void checkEpoch(Volume volume, long epoch, String what) {
    if (epoch == volume.getLayout().getEpoch()) return;
    throw Refusal.conflict(what, "this was decided for epoch " + Long.toUnsignedString(epoch) + " of its layout, and that is "
        + volume.getLayout().getEpoch() + " now", "look again, and decide anew", volume.getId());
  }

  /** Only somebody who can wait until no leg is needed but another may take this one away. */
  void checkNotLast() {
    if (!Legs.isLastInSync(volume, leg)) return;
    List<String> others = new ArrayList<>();
    for (int l = 0; l < volume.getLayout().getLegsCount(); l++) {
      if (l == leg) continue;
      others.add("leg " + (l + 1) + " is " + (volume.getLayout().getLegs(l).getState() == LegInfo.State.STALE ? "stale" : "still being filled"));
    }
    throw conflict("it is the last good copy, on " + disks() + (others.isEmpty() ? "; there is no other leg" : "; " + Words.list(others)),
        others.isEmpty() ? "add a leg first, and wait until it is in sync" : "wait until another leg is in sync");
  }

  Refusal conflict(String why, String correction) {
    return Refusal.conflict(what, why, correction, objects());
  }

  /** With the names of the volume's disks in the place of their ids, which is what the server's care knows. */
  String named(String text) {
    String named = text;
    for (int l = 0; l < volume.getLayout().getLegsCount(); l++) {
      for (String id : Legs.disks(volume, l)) {
        Disk disk = t.inventory.disks.get(id);
        if (disk != null) named = named.replace(id, disk.getName());
      }
    }
    return named;
  }

  void put(LegInfo now) {
    put(now, volume.getLayout().getEpoch() + 1);
  }

  void putSameEpoch(LegInfo now) {
    put(now, volume.getLayout().getEpoch());
  }

  private void put(LegInfo now, long epoch) {
    Layout layout = volume.getLayout().toBuilder().setEpoch(epoch).setLegs(leg, now).build();
    t.put(volume.toBuilder().setLayout(layout).build());
  }

  /** "leg 2 of volume v1 on disk d2" */
  String words() {
    return "leg " + number() + " of volume " + volume.getName() + " on " + disks();
  }

  private String disks() {
    return disks(t, volume, leg);
  }

  static String disks(Transaction t, Volume volume, int leg) {
    List<String> names = new ArrayList<>();
    for (String id : Legs.disks(volume, leg)) names.add(t.inventory.disks.has(id) ? t.inventory.disks.get(id).getName() : id);
    return (names.size() == 1 ? "disk " : "disks ") + Words.list(names);
  }

  /** The volume and the leg's disks. */
  String[] objects() {
    List<String> ids = new ArrayList<>();
    ids.add(volume.getId());
    ids.addAll(Legs.disks(volume, leg));
    return ids.toArray(String[]::new);
  }
}
