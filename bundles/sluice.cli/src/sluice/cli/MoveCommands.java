package sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.EvacuateDisk;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RebalancePool;
import sluice.protocol.v1.RelayoutVolume;
import sluice.protocol.v1.ReplaceDisk;
import sluice.protocol.v1.Volume;

/** Verbs that move what lies on disks to other places while it is in use. */
final class MoveCommands {
  private MoveCommands() {}

  @Command(name = "evacuate", description = {
      "Move everything off a disk, as one task; hosts go on meanwhile. The disk takes no new extents from then on, until",
      "'sluice disk set --no-closed'; when it is empty it can be removed. To cancel the task opens the disk again."},
      footerHeading = "%nExamples:%n",
      footer = {"  sluice disk evacuate d1 --plan      what would be moved, and where to", "  sluice disk evacuate d1 && sluice task watch d1"})
  static final class Evacuate extends MoveChange {
    @Parameters(paramLabel = "DISK", description = "Its name or id.")
    String disk;

    @Override
    protected int run(ClusterSession session) {
      Disk d = new Names(session.picture()).disk(disk);
      return move(session, Change.newBuilder().setEvacuateDisk(EvacuateDisk.newBuilder().setDiskId(d.getId())), "disk " + d.getName() + " is being evacuated");
    }
  }

  @Command(name = "replace", description = {
      "Move everything from one disk to another, which comes into the pool if it is in none; then take the first out of its pool",
      "and erase its label. If the first cannot be reached, what lies on it is rebuilt from the other copies."},
      footerHeading = "%nExamples:%n", footer = {"  sluice disk add file:/srv/d9.img --name d9 && sluice disk replace d1 d9"})
  static final class Replace extends MoveChange {
    @Parameters(index = "0", paramLabel = "OLD", description = "Name or id of the disk that goes.")
    String old;

    @Parameters(index = "1", paramLabel = "NEW", description = "Name or id of the disk that takes its place.")
    String now;

    @Override
    protected int run(ClusterSession session) {
      Names names = new Names(session.picture());
      Disk from = names.disk(old);
      Disk to = names.disk(now);
      return move(session, Change.newBuilder().setReplaceDisk(ReplaceDisk.newBuilder().setDiskId(from.getId()).setToDiskId(to.getId())),
          "disk " + from.getName() + " is being replaced by disk " + to.getName());
    }
  }

  @Command(name = "rebalance", description = {
      "Spread what lies on a pool's disks so that each is filled alike, as one task and with few moves. Legs stay on different disks",
      "and in different failure domains."},
      footerHeading = "%nExamples:%n", footer = {"  sluice pool add gold d7 && sluice pool rebalance gold"})
  static final class Rebalance extends MoveChange {
    @Parameters(paramLabel = "POOL", description = "Its name or id.")
    String pool;

    @Override
    protected int run(ClusterSession session) {
      Pool p = new Names(session.picture()).pool(pool);
      return move(session, Change.newBuilder().setRebalancePool(RebalancePool.newBuilder().setPoolId(p.getId())), "pool " + p.getName() + " is being rebalanced");
    }
  }

  @Command(name = "relayout", description = {
      "Give a volume another number of stripes while it is in use, leg by leg, as one task. Each leg needs room for a whole copy",
      "while it is moved."},
      footerHeading = "%nExamples:%n",
      footer = {"  sluice volume relayout v1 --stripes 3 --plan", "  sluice volume relayout v1 --stripes 1      linear again"})
  static final class Relayout extends MoveChange {
    @Parameters(paramLabel = "VOLUME", description = "Its name or id.")
    String volume;

    @Option(names = "--stripes", paramLabel = "N", required = true, description = "Disks to stripe each leg over; 1 for linear.")
    int stripes;

    @Option(names = "--stripe-unit", paramLabel = "SIZE", description = "How much goes to a disk before the next one's turn. Default: as it is.")
    ByteSize stripeUnit;

    @Override
    protected int run(ClusterSession session) {
      if (stripes < 1 || stripes > 1024) {
        throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "--stripes " + stripes + " is not from 1 to 1024", "", "give the number of disks to stripe over");
      }
      Volume v = new Names(session.picture()).volume(volume);
      RelayoutVolume.Builder relayout = RelayoutVolume.newBuilder().setVolumeId(v.getId()).setStripes(stripes);
      if (stripeUnit != null) relayout.setStripeUnitBytes(stripeUnit.bytes());
      return move(session, Change.newBuilder().setRelayoutVolume(relayout), "volume " + v.getName() + " gets "
          + (stripes == 1 ? "a linear layout" : stripes + " stripes"));
    }
  }
}
