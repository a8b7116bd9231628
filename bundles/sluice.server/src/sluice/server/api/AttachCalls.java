package sluice.server.api;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.AttachAndWait;
import sluice.protocol.v1.Attached;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DetachAndWait;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;
import sluice.server.ControlThread;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.Changes;
import sluice.server.status.StatusBook;

/** Attaching and detaching until it is done, or until it is clear what is missing. On the control thread. */
final class AttachCalls implements CatalogFollower.Follower {
  private final Changes changes;
  private final CatalogEngine engine;
  private final StatusBook book;
  private final Waits waits;

  AttachCalls(ControlThread control, Changes changes, CatalogEngine engine, StatusBook book) {
    this.changes = changes;
    this.engine = engine;
    this.book = book;
    waits = new Waits(control);
    book.onChange(waits::poke);
  }

  @Override
  public void reload() {
    waits.poke();
  }

  @Override
  public void changed(CatalogDelta delta) {
    waits.poke();
  }

  CompletionStage<Reply.Builder> attach(Caller caller, String requestId, AttachAndWait call) {
    String volume = call.getAttach().getVolumeId();
    String host = call.getAttach().getHostId();
    return changes.submit(caller.actor(), requestId, Change.newBuilder().setAttachVolume(call.getAttach()).build())
        .thenCompose(outcome -> {
          if (outcome.refused()) return CompletableFuture.completedFuture(ChangeCalls.reply(outcome));
          return waits.until(() -> held(volume, host), call.getWaitMs())
              .thenApply(held -> Reply.newBuilder().setAttached(attached(outcome, volume, host, held)));
        });
  }

  private boolean held(String volume, String host) {
    VolumeStatus s = book.volume(volume, host);
    return s != null && s.getHeld() && !s.getNbdUri().isEmpty();
  }

  private Attached attached(Changes.Outcome outcome, String volume, String host, boolean held) {
    Attached.Builder b = Attached.newBuilder().setRevision(outcome.result().getRevision()).setHeld(held);
    if (held) return b.setNbdUri(book.volume(volume, host).getNbdUri()).setNote(String.join("; ", outcome.notes())).build();
    return b.setNote(missing(volume, host)).build();
  }

  private String missing(String volume, String host) {
    String name = name(host);
    HostStatus status = book.host(host);
    if (status == null || status.getState() != HostStatus.State.ONLINE) {
      return "host " + name + " is offline; it gets the volume as soon as its agent is connected again";
    }
    VolumeStatus s = book.volume(volume, host);
    String why = s == null || s.getReason().isEmpty() ? "" : ": " + s.getReason();
    return "host " + name + " has been told and does not hold the volume yet" + why + "; 'volume show' tells when it does";
  }

  private String name(String host) {
    return engine.read(v -> v.host(host)).map(Host::getName).orElse(host);
  }

  CompletionStage<Reply.Builder> detach(Caller caller, String requestId, DetachAndWait call) {
    String volume = call.getDetach().getVolumeId();
    String host = call.getDetach().getHostId();
    return changes.submit(caller.actor(), requestId, Change.newBuilder().setDetachVolume(call.getDetach()).build())
        .thenCompose(outcome -> {
          if (outcome.refused()) return CompletableFuture.completedFuture(ChangeCalls.reply(outcome));
          return waits.until(() -> !attachedTo(volume, host), call.getWaitMs()).thenApply(gone -> Reply.newBuilder()
              .setDone(gone ? outcome.done() : outcome.done().toBuilder().addNotes(stillHeld(host)).build()));
        });
  }

  private boolean attachedTo(String volume, String host) {
    Optional<Volume> v = engine.read((CatalogView view) -> view.volume(volume));
    return v.isPresent() && v.get().getAttachmentsList().stream().anyMatch(a -> a.getHostId().equals(host));
  }

  private String stillHeld(String host) {
    HostStatus status = book.host(host);
    String name = name(host);
    if (status != null && status.getState() == HostStatus.State.ONLINE) {
      return "host " + name + " has been asked and has not given the volume back yet; it ends its I/O first";
    }
    return "host " + name + " is offline and may still be writing to the disks; the volume is released when its agent is"
        + " connected again, or when an administrator declares the host dead";
  }
}
