package sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DeleteVolume;
import sluice.protocol.v1.RenameVolume;
import sluice.protocol.v1.ResizeVolume;
import sluice.protocol.v1.SetVolumeShared;
import sluice.protocol.v1.Volume;

/** Verbs that change a volume itself. */
final class VolumeChanges {
  private VolumeChanges() {}

  @Command(name = "resize", description = "Make a volume larger, while it is attached nowhere. Volumes do not shrink.",
      footerHeading = "%nExamples:%n", footer = {"  sluice volume resize v1 --size 20G"})
  static final class Resize extends PlannedCommand {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Option(names = "--size", required = true, paramLabel = "SIZE", description = "The new size, like 20G; rounded up to the pool's unit.")
    ByteSize size;

    @Override
    protected int run(ClusterSession session) {
      Volume v = new Names(session.picture()).volume(volume);
      return planOrDo(session, Call.newBuilder().setChange(Change.newBuilder()
          .setResizeVolume(ResizeVolume.newBuilder().setVolumeId(v.getId()).setSizeBytes(size.bytes()))), "waiting for the change", "volume " + v.getName() + " resized from " + new ByteSize(v.getSizeBytes()) + " to " + size);
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
