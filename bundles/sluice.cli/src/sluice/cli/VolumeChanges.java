package sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.cli.output.MessageJson;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DeleteVolume;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.LocalAgreeShrink;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.RenameVolume;
import sluice.protocol.v1.ResizeVolumeTo;
import sluice.protocol.v1.SetVolumeShared;
import sluice.protocol.v1.Volume;

/** Verbs that change a volume itself. */
final class VolumeChanges {
  private VolumeChanges() {}

  @Command(name = "resize",
      description = {
        "Make a volume larger or smaller, while hosts use it.",
        "Their I/O waits for some milliseconds. Larger, new connections to its exports see the new size; a program that has it open has to open"
            + " it anew.",
        "Smaller, what lies past the new end is lost: each host that holds it has to agree first ('volume agree-shrink'), and its name is asked for."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  sluice volume resize v1 --size 20G --plan      say where it would lie, change nothing",
        "  sluice volume resize v1 --size 20G",
        "  sluice volume resize v1 --size 5G --confirm v1"
      })
  static final class Resize extends PlannedCommand {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Option(names = "--size", required = true, paramLabel = "SIZE", description = "The new size, like 20G; rounded up to the pool's unit.")
    ByteSize size;

    @Option(names = "--confirm", paramLabel = "NAME", defaultValue = "", description = "The volume's name once more: needed to make it smaller.")
    String confirm;

    @Override
    protected int run(ClusterSession session) {
      Volume v = new Names(session.picture()).volume(volume);
      return planOrDo(session, Call.newBuilder().setResize(
          ResizeVolumeTo.newBuilder().setVolumeId(v.getId()).setSizeBytes(size.bytes()).setConfirmName(confirm)),
          "recalling the volume from its hosts", "volume " + v.getName() + " resized from " + new ByteSize(v.getSizeBytes()) + " to " + size);
    }
  }

  @Command(name = "agree-shrink",
      description = {
        "On a host: say that it needs nothing of a volume past SIZE, so that the volume may be made smaller.",
        "Make the file system or whatever else uses it smaller first. Holds until the volume is resized or given up, or the agent ends; --size 0"
            + " takes it back."
      },
      footerHeading = "%nExamples:%n", footer = {"  sluice volume agree-shrink v1 --size 5G --dir /var/lib/sluice-agent"})
  static final class AgreeShrink extends LocalCommand {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Option(names = "--size", required = true, paramLabel = "SIZE", description = "From there on the host needs nothing; 0: it needs all of it.")
    ByteSize size;

    @Override
    public Integer call() {
      Done answer = ask(LocalCall.newBuilder().setAgreeShrink(LocalAgreeShrink.newBuilder().setVolume(volume).setSizeBytes(size.bytes())).build(),
          "telling the agent").getDone();
      show(() -> MessageJson.of(answer), () -> say(size.bytes() == 0 ? "this host needs all of volume " + volume
          : "this host needs nothing of volume " + volume + " past " + size + "; it may be made that small"));
      return 0;
    }
  }

  @Command(name = "rename", description = "Give a volume another name. Its id, grants and attachments stay.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume rename v1 database"})
  static final class Rename extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Parameters(index = "1", paramLabel = "NAME", description = "The new name.")
    String name;

    @Override
    protected int run(ClusterSession session) {
      Volume v = new Names(session.picture()).volume(volume);
      return change(session, Change.newBuilder().setRenameVolume(RenameVolume.newBuilder().setVolumeId(v.getId()).setName(name)),
          "volume " + v.getName() + " is now " + name);
    }
  }

  @Command(name = "share", description = "Say whether several hosts may hold a volume for writing at the same time; while it is attached nowhere.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume share v1", "  sluice volume share v1 --off"})
  static final class Share extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Option(names = "--off", description = "One writer at a time again.")
    boolean off;

    @Override
    protected int run(ClusterSession session) {
      Volume v = new Names(session.picture()).volume(volume);
      return change(session, Change.newBuilder().setSetVolumeShared(SetVolumeShared.newBuilder().setVolumeId(v.getId()).setShared(!off)),
          "volume " + v.getName() + (off ? " is for one writer at a time" : " may be held by several hosts"));
    }
  }

  @Command(name = "delete", description = "Delete a volume and its data; it must be attached nowhere. Its space is free at once.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume delete v1"})
  static final class Delete extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Override
    protected int run(ClusterSession session) {
      Volume v = new Names(session.picture()).volume(volume);
      return change(session, Change.newBuilder().setDeleteVolume(DeleteVolume.newBuilder().setVolumeId(v.getId())),
          "volume " + v.getName() + " deleted; " + new ByteSize(v.getSizeBytes()) + " are free again");
    }
  }
}
