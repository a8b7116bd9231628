package sluice.server.status;

import java.util.List;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Severity;
import sluice.server.changes.ServerEvents;
import sluice.server.disks.DiskListener;

/** Brings what becomes of disks into the book, and changes of their state into the events. On the control thread. */
public final class DiskEvents implements DiskListener {
  private final StatusBook book;
  private final ServerEvents events;

  public DiskEvents(StatusBook book, ServerEvents events) {
    this.book = book;
    this.events = events;
  }

  @Override
  public void diskChanged(Disk disk, DiskStatus status, boolean stateChanged) {
    book.put(status);
    if (!stateChanged) return;
    switch (status.getState()) {
      case ONLINE -> events.note(Severity.INFO, "disk-online", "disk " + disk.getName() + " is online", List.of(disk.getId()));
      case OFFLINE -> events.note(Severity.ERROR, "disk-offline", "disk " + disk.getName() + " is offline: " + status.getReason(), List.of(disk.getId()));
      case WRONG -> events.note(Severity.ERROR, "disk-wrong", "disk " + disk.getName() + " is not what answers: " + status.getReason(), List.of(disk.getId()));
      default -> {}
    }
  }

  @Override
  public void labelMended(Disk disk, String note) {
    events.note(Severity.WARNING, "disk-label-mended", "on disk " + disk.getName() + " " + note + " by something that is not this cluster; it was written again. "
        + "What else is on the disk may have been overwritten too", List.of(disk.getId()));
  }

  @Override
  public void diskGone(String diskId) {
    book.forgetDisk(diskId);
  }
}
