package sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.PutGrant;
import sluice.protocol.v1.RemoveGrant;
import sluice.protocol.v1.Volume;

/** Verbs that say which host may use a volume. */
final class VolumeGrants {
  private VolumeGrants() {}

  @Command(name = "grant", description = "Let a host use a volume; without a grant it does not even learn of it.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume grant v1 h1", "  sluice volume grant v1 h2 --read-only"})
  static final class GrantVerb extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Parameters(index = "1", paramLabel = "HOST", description = "Its name or id.")
    String host;

    @Option(names = "--read-only", description = "The host may read it only.")
    boolean readOnly;

    @Override
    protected int run(ClusterSession session) {
      Names names = new Names(session.picture());
      Volume v = names.volume(volume);
      Host h = names.host(host);
      Access access = readOnly ? Access.READ_ONLY : Access.READ_WRITE;
      Grant grant = Grant.newBuilder().setHostId(h.getId()).setAccess(access).build();
      return change(session, Change.newBuilder().setPutGrant(PutGrant.newBuilder().setVolumeId(v.getId()).setGrant(grant)),
          "host " + h.getName() + " may use volume " + v.getName() + " " + VolumeView.access(access));
    }
  }

  @Command(name = "revoke", description = "Take a host's grant away; it must have detached the volume before.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume revoke v1 h1"})
  static final class Revoke extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Parameters(index = "1", paramLabel = "HOST", description = "Its name or id.")
    String host;

    @Override
    protected int run(ClusterSession session) {
      Names names = new Names(session.picture());
      Volume v = names.volume(volume);
      Host h = names.host(host);
      return change(session, Change.newBuilder().setRemoveGrant(RemoveGrant.newBuilder().setVolumeId(v.getId()).setHostId(h.getId())),
          "host " + h.getName() + " may not use volume " + v.getName() + " any more");
    }
  }
}
