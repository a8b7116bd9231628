package sluice.core.care;

import sluice.core.layout.LayoutTail;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.FreeTail;

/**
 * What a volume that became smaller has past its end is given to nobody before every holder is under the new epoch, and nothing
 * that was sent before can take effect there (invariants 2 and 8). Holders whose lease has run out are waited for as well: it is
 * only space.
 */
final class Tail {
  private final Ward ward;
  private boolean asked;
  private long retryAt;

  Tail(Ward ward) {
    this.ward = ward;
    retryAt = ward.now();
  }

  boolean there() {
    return ward.volume != null && ward.pool.getUnitBytes() > 0 && LayoutTail.has(ward.volume, ward.pool.getUnitBytes());
  }

  /** Does the one next thing; the layout stands. */
  void advance() {
    if (asked || !there() || !ward.holders.allUnderEpoch() || !ward.due(retryAt)) return;
    asked = true;
    FreeTail free = FreeTail.newBuilder().setVolumeId(ward.volume.getId()).setEpoch(ward.epoch()).build();
    ward.effects.submit(Change.newBuilder().setFreeTail(free).build(), result -> {
      asked = false;
      retryAt = ward.now() + ward.times.retry();
      ward.look();
    });
  }

  String waitsFor() {
    if (!there()) return "";
    String owing = ward.holders.owing(null);
    return "the space past the volume's new end is not free yet" + (owing.isEmpty() ? "" : ": " + owing);
  }
}
