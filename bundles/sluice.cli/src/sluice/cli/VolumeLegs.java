package sluice.cli;

import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.protocol.v1.AddLegTo;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.DropLegOf;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.RecoverVolume;
import sluice.protocol.v1.VerifyVolume;
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

  @Command(name = "verify", description = {"Compare the copies of a volume in the background, while hosts go on.",
      "What differs is reported by 'sluice task show'. Without --repair nothing is changed. Repaired is what more than half of the copies agree on,"
          + " or what can be read where a copy cannot; with two copies that differ nobody but you can know which is right."},
      footerHeading = "%nExamples:%n", footer = {
          "  sluice volume verify v1 && sluice task watch v1",
          "  sluice volume verify v1 --repair",
          "  sluice volume verify v1 --repair-from 1     copy 1 is right wherever they differ"})
  static final class Verify extends RemoteCommand {
    @Parameters(paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Option(names = "--repair", description = "Make the copies alike where it is known which is right.")
    boolean repair;

    @Option(names = "--repair-from", paramLabel = "LEG",
        description = "Repair, from this copy wherever they differ: its number as in 'sluice volume show', or its id.")
    String repairFrom;

    @Override
    protected int run(ClusterSession session) {
      Volume v = new Names(session.picture()).volume(volume);
      return verify(this, session, v, repair, repairFrom == null ? "" : LegTable.leg(v, repairFrom).getId());
    }
  }

  private static int verify(RemoteCommand by, ClusterSession session, Volume v, boolean repair, String fromLegId) {
    return by.change(session, Change.newBuilder().setVerifyVolume(VerifyVolume.newBuilder().setVolumeId(v.getId())
        .setTaskId(UUID.randomUUID().toString()).setRepair(repair).setRepairFromLegId(fromLegId)),
        "the copies of volume " + v.getName() + " are compared; 'sluice task watch " + v.getName() + "' shows how far it is");
  }

  @Command(name = "recover", description = "Bring legs that are stale up to date again, also those whose recovery was cancelled.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume recover v1", "  sluice volume recover v1 --verify"})
  static final class Recover extends RemoteCommand {
    @Parameters(paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Option(names = "--verify", description = "Afterwards compare all copies from start to end; 'sluice task show' has the result.")
    boolean verify;

    @Override
    protected int run(ClusterSession session) {
      Volume v = new Names(session.picture()).volume(volume);
      Done done = ask(session, "asking for recovery", Call.newBuilder().setRecover(RecoverVolume.newBuilder().setVolumeId(v.getId()))).getDone();
      if (verify) return verify(this, session, v, false, "");
      return done(done, "volume " + v.getName() + " is recovered as soon as its disks allow; see 'sluice volume show " + v.getName() + "'");
    }
  }
}
