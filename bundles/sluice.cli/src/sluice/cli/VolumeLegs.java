package sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sluice.protocol.v1.AddLegTo;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.DropLegOf;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.RecoverVolume;
import sluice.protocol.v1.Volume;

/** Changes of a volume's copies while it is in use. */
final class VolumeLegs {
  private VolumeLegs() {}

  @Command(name = "add-leg", description = "Give a volume one more copy, on other disks. It is filled in the background; hosts go on meanwhile.",
      footerHeading = "%nExamples:%n", footer = {
        "  sluice volume add-leg v1 --plan      say where it would lie and what is copied, change nothing",
        "  sluice volume add-leg v1 && sluice task watch v1"
      })
  static final class Add extends PlannedCommand {
    @Parameters(paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Override
    protected int run(ClusterSession session) {
      Volume v = new Names(session.picture()).volume(volume);
      return planOrDo(session, Call.newBuilder().setAddLeg(AddLegTo.newBuilder().setVolumeId(v.getId())), "recalling the volume from its hosts",
          "volume " + v.getName() + " has one leg more, which is being filled; 'sluice task watch " + v.getName() + "' shows how far it is");
    }
  }

  @Command(name = "drop-leg", description = "Take a copy away from a volume. Refused for the last one that is in sync.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume drop-leg v1 2 --plan", "  sluice volume drop-leg v1 2"})
  static final class Drop extends PlannedCommand {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Parameters(index = "1", paramLabel = "LEG", description = "Its number as in 'sluice volume show', or its id.")
    String leg;

    @Override
    protected int run(ClusterSession session) {
      Volume v = new Names(session.picture()).volume(volume);
      LegInfo gone = LegTable.leg(v, leg);
      return planOrDo(session, Call.newBuilder().setDropLeg(DropLegOf.newBuilder().setVolumeId(v.getId()).setLegId(gone.getId())),
          "recalling the volume from its hosts", "leg " + leg + " of volume " + v.getName() + " dropped; its space is free");
    }
  }

  @Command(name = "recover", description = "Bring legs that are stale up to date again, also those whose recovery was cancelled.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume recover v1"})
  static final class Recover extends RemoteCommand {
    @Parameters(paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Override
    protected int run(ClusterSession session) {
      Volume v = new Names(session.picture()).volume(volume);
      return done(ask(session, "asking for recovery", Call.newBuilder().setRecover(RecoverVolume.newBuilder().setVolumeId(v.getId()))).getDone(),
          "volume " + v.getName() + " is recovered as soon as its disks allow; see 'sluice volume show " + v.getName() + "'");
    }
  }
}
