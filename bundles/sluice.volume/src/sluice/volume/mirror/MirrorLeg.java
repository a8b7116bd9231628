package sluice.volume.mirror;

import sluice.api.block.IoError;
import sluice.api.layout.LegRole;
import sluice.io.device.LayoutDevice;

/** One leg while it is in use, and what it has shown. */
public final class MirrorLeg {
  final LegRole role;
  final LayoutDevice device;
  /** Parts under way. */
  int queue;
  /** Where the last read ended. */
  long readTo = -1;
  /** Changes that ended well, and how many of them a flush has made stable. */
  private long changed;
  private long stable;
  /** Reads go elsewhere until then if they can; 0: it is as good as any. */
  long avoidUntil;
  /** A disk of it was away while changes were not stable: they may be gone though it is back. */
  int lost;
  String lostDisk;
  /** For a while after that nobody reads it who may read another leg: somebody else is to find out. 0: no. */
  long doubtUntil;
  /** A failure the listener is about to be told. */
  int noticeError;
  String noticeDisk;

  public MirrorLeg(LegRole role, LayoutDevice device) {
    this.role = role;
    this.device = device;
  }

  public String id() {
    return role.id();
  }

  public LayoutDevice device() {
    return device;
  }

  /** Whether a request has a part here that has not ended. */
  public boolean busy() {
    return queue > 0;
  }

  /** Whether it may have forgotten something. */
  public boolean doubtful() {
    return lost != IoError.OK;
  }

  boolean inSync() {
    return role.state() == LegRole.State.IN_SYNC;
  }

  /** The same leg under another layout. */
  public void take(MirrorLeg before) {
    readTo = before.readTo;
    changed = before.changed;
    stable = before.stable;
    avoidUntil = before.avoidUntil;
    lost = before.lost;
    lostDisk = before.lostDisk;
    doubtUntil = before.doubtUntil;
  }

  /** What a flush that is sent now will make stable. */
  long mark() {
    return changed;
  }

  void worked(LegPart part) {
    avoidUntil = 0;
    switch (part.op) {
      case WRITE, WRITE_ZEROES, TRIM -> {
        if (!part.fua()) changed++;
      }
      case FLUSH -> stable = Math.max(stable, part.mark);
      default -> {}
    }
  }

  void failed(int error) {
    boolean away = error == IoError.ENXIO || error == IoError.ESHUTDOWN;
    if (!away || changed == stable || lost != IoError.OK) return;
    lost = error;
    lostDisk = device.failedDisk();
  }
}
