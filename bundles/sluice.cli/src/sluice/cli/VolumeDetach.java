package sluice.cli;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.DetachAndWait;
import sluice.protocol.v1.DetachVolume;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Volume;

/** Takes a volume away from a host. */
@Command(
    name = "detach",
    description = "Detach a volume from a host: its I/O there is drained, its export goes, others may have it.",
    footerHeading = "%nExamples:%n",
    footer = {"  sluice volume detach v1 h1", "  sluice volume detach v1 h1 --wait 2m"})
final class VolumeDetach extends RemoteCommand {
  @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
  String volume;

  @Parameters(index = "1", arity = "0..1", paramLabel = "HOST", description = "Its name or id. Default with --identity: that host.")
  String host;

  @Option(names = "--wait", paramLabel = "TIME", defaultValue = "30s",
      description = "How long to wait for the host to have stopped. Default: ${DEFAULT-VALUE}.")
  Duration wait;

  @Override
  protected int run(ClusterSession session) {
    Picture picture = session.picture();
    Names names = new Names(picture);
    Volume v = names.volume(volume);
    Host from = VolumeAttach.hostOr(host, picture, names, identity != null);
    DetachVolume detach = DetachVolume.newBuilder().setVolumeId(v.getId()).setHostId(from.getId()).build();
    Done done = ask(session, "waiting for host " + from.getName() + " to stop", Call.newBuilder()
        .setDetach(DetachAndWait.newBuilder().setDetach(detach).setWaitMs(Math.toIntExact(wait.toMillis())))).getDone();
    Optional<Volume> now = session.picture().getVolumesList().stream().filter(w -> w.getId().equals(v.getId())).findFirst();
    boolean still = now.isPresent() && now.get().getAttachmentsList().stream().anyMatch(a -> a.getHostId().equals(from.getId()));
    if (still && done.getNotesCount() > 0) {
      throw new SluiceException(ErrorCode.TIMEOUT, "volume " + v.getName() + " is being detached, but host " + from.getName()
          + " has not given it back yet", String.join("; ", done.getNotesList()),
          "look with 'sluice volume show " + v.getName() + "'", v.getId(), from.getId());
    }
    return done(done, "volume " + v.getName() + " detached from host " + from.getName());
  }
}
