package sluice.server.session;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import sluice.catalog.CatalogEngine;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;
import sluice.server.care.CareDesk;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.ServerEvents;
import sluice.server.status.RouteEvents;
import sluice.server.status.StatusBook;

/**
 * Takes what hosts say of their volumes and disks into the book, as far as it is theirs to say: a status of a volume
 * that the host does not hold is dropped. On the control thread.
 */
final class HostReports implements CatalogFollower.Follower {
  private static final int MOST_TEXT = 1000;

  private final CatalogEngine engine;
  private final StatusBook book;
  private final ServerEvents events;
  private final Consumer<String> suspect;
  private final CareDesk cares;

  /** @param suspect is told of a disk that a host cannot reach */
  HostReports(CatalogEngine engine, StatusBook book, ServerEvents events, Consumer<String> suspect, CareDesk cares) {
    this.engine = engine;
    this.book = book;
    this.events = events;
    this.suspect = suspect;
    this.cares = cares;
  }

  /** @param incarnation of the host's agent */
  void heard(String hostId, String hostName, long incarnation, Heartbeat heartbeat) {
    for (VolumeStatus s : heartbeat.getVolumesList()) {
      Optional<Volume> volume = engine.read(v -> v.volume(s.getVolumeId()));
      if (volume.isEmpty() || AssignmentsComposer.attachment(volume.get(), hostId) == null) continue;
      VolumeStatus now = s.toBuilder().setHostId(hostId).setReason(clipped(s.getReason())).setNbdUri(clipped(s.getNbdUri())).build();
      VolumeStatus before = book.put(now);
      cares.heard(hostId, incarnation, now);
      RouteEvents.RouteEvent event = RouteEvents.between(before, now, volume.get().getName(), hostName);
      if (event != null) events.note(event.severity(), event.kind(), event.text(), List.of(s.getVolumeId(), hostId));
    }
    for (DiskStatus d : heartbeat.getDisksList()) {
      if (d.getState() != DiskStatus.State.ONLINE) suspect.accept(d.getDiskId());
    }
  }

  private static String clipped(String text) {
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT);
  }

  @Override
  public void reload() {
    for (VolumeStatus s : List.copyOf(book.volumes())) check(s, engine.read(v -> v.volume(s.getVolumeId())).orElse(null));
  }

  @Override
  public void changed(CatalogDelta delta) {
    for (ObjectChange change : delta.getChangesList()) {
      boolean removed = change.getRemoved().getKind() == RemovedObject.Kind.VOLUME;
      if (!change.hasVolume() && !removed) continue;
      String id = removed ? change.getRemoved().getId() : change.getVolume().getId();
      for (VolumeStatus s : List.copyOf(book.volumes())) {
        if (s.getVolumeId().equals(id)) check(s, removed ? null : change.getVolume());
      }
    }
  }

  private void check(VolumeStatus s, Volume volume) {
    if (volume == null || AssignmentsComposer.attachment(volume, s.getHostId()) == null) book.forgetVolume(s.getVolumeId(), s.getHostId());
  }
}
