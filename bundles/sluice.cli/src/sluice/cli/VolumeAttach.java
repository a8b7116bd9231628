package sluice.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.output.Table;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.AttachAndWait;
import sluice.protocol.v1.AttachVolume;
import sluice.protocol.v1.Attached;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.Picture;

/** Attaches a volume and prints its NBD URI. */
@Command(
    name = "attach",
    description = "Attach a volume to a host, wait until the host has it, and print its NBD URI there.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice volume attach v1 h1",
      "  sluice volume attach v1 h2 --read-only",
      "  qemu-img info \"$(sluice volume attach v1 --identity /var/lib/sluice-agent)\"      on the host itself"
    })
final class VolumeAttach extends RemoteCommand {
  @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
  String volume;

  @Parameters(index = "1", arity = "0..1", paramLabel = "HOST", description = "Its name or id. Default with --identity: that host.")
  String host;

  @Option(names = "--read-only", description = "The host may read it only.")
  boolean readOnly;

  @Option(names = "--wait", paramLabel = "TIME", defaultValue = "30s",
      description = "How long to wait for the host to have it. Default: ${DEFAULT-VALUE}.")
  Duration wait;

  @Override
  protected int run(ClusterSession session) {
    Picture picture = session.picture();
    Names names = new Names(picture);
    String volumeId = names.volume(volume).getId();
    Host to = hostOr(host, picture, names, identity != null);
    AttachVolume attach = AttachVolume.newBuilder().setVolumeId(volumeId).setHostId(to.getId())
        .setAccess(readOnly ? Access.READ_ONLY : Access.READ_WRITE).build();
    Attached got = ask(session, "waiting for host " + to.getName(), Call.newBuilder()
        .setAttach(AttachAndWait.newBuilder().setAttach(attach).setWaitMs(Math.toIntExact(wait.toMillis())))).getAttached();
    if (!got.getHeld()) {
      throw new SluiceException(ErrorCode.TIMEOUT, "volume " + volume + " is attached, but host " + to.getName() + " does not have it yet",
          got.getNote(), "look with 'sluice volume show " + volume + "'; the host takes it as soon as it can", volume, to.getName());
    }
    show(() -> tree(got, to), () -> {
      say(Table.printable(got.getNbdUri()));
      if (!got.getNote().isEmpty()) context().err().println(Table.printable("note: " + got.getNote()));
    });
    return 0;
  }

  private Map<String, Object> tree(Attached got, Host to) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("revision", got.getRevision());
    tree.put("volume", volume);
    tree.put("host", to.getName());
    tree.put("held", got.getHeld());
    tree.put("uri", got.getNbdUri());
    tree.put("note", got.getNote());
    return tree;
  }

  /** The host that was named; under a host's own identity, that one, which is the only one it sees. */
  static Host hostOr(String typed, Picture picture, Names names, boolean asHost) {
    if (typed != null) return names.host(typed);
    if (asHost && picture.getHostsCount() == 1) return picture.getHosts(0);
    throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "no host is named", "the command acts for any host, so it must be told which",
        "write the host's name after the volume's, or act as a host with --identity");
  }
}
