package sluice.server.disks;

import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;

/** Is told what becomes of the disks. On the control thread. */
public interface DiskListener {
  /** @param stateChanged false: only its reason, way or metadata revision did */
  void diskChanged(Disk disk, DiskStatus status, boolean stateChanged);

  /** Something overwrote a part of the disk that is Sluice's, and what was there has been written again. */
  default void labelMended(Disk disk, String note) {}

  /** It is no disk of the cluster any more: removed, or exported with its pool. */
  default void diskGone(String diskId) {}
}
