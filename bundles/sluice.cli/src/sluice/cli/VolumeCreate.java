package sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Table;
import sluice.protocol.Problems;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PlanVolume;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumePlan;

/** Makes a volume, or shows where it would lie. */
@Command(
    name = "create",
    description = "Create a volume in a pool.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice volume create v1 --size 10G --pool gold",
      "  sluice volume create fast --size 1T --pool gold --stripes 4 --stripe-unit 128k",
      "  sluice volume create safe --size 10G --pool gold --legs 2      two copies, on different disks",
      "  sluice volume create v1 --size 10G --pool gold --plan      say where it would lie, change nothing",
      "  sluice volume create scratch --size 1G --pool gold --identity /var/lib/sluice-agent      as a host"
    })
final class VolumeCreate extends RemoteCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The new volume's name: a-z, 0-9, '-', '_', '.'; 64 at most.")
  String name;

  @Option(names = "--size", required = true, paramLabel = "SIZE",
      description = "How large, like 512M, 10G or 1.5T (powers of 1024); rounded up to the pool's unit.")
  ByteSize size;

  @Option(names = "--pool", required = true, paramLabel = "POOL", description = "The pool that gives the space.")
  String pool;

  @Option(names = "--stripes", paramLabel = "N", defaultValue = "1",
      description = "Over how many disks to stripe it. Default: ${DEFAULT-VALUE}, which is linear.")
  int stripes;

  @Option(names = "--stripe-unit", paramLabel = "SIZE", defaultValue = "64k",
      description = "How much lies on one disk before the next one's turn. Default: ${DEFAULT-VALUE}.")
  ByteSize stripeUnit;

  @Option(names = "--legs", paramLabel = "N", defaultValue = "1",
      description = "Copies, 1 to 4, each on disks and in failure domains of its own. Default: ${DEFAULT-VALUE}.")
  int legs;

  @Option(names = "--shared", description = "Several hosts may hold it for writing at the same time.")
  boolean shared;

  @Option(names = "--plan", description = "Only show which disks would be taken, and why others not.")
  boolean plan;

  @Override
  protected int run(ClusterSession session) {
    if (size.bytes() == 0) throw wrong("the size is 0", "give the volume a size like 10G");
    if (stripes < 1 || stripes > 1024) throw wrong("--stripes " + stripes + " is not from 1 to 1024", "give the number of disks to stripe over");
    if (legs < 1 || legs > 4) throw wrong("--legs " + legs + " is not from 1 to 4", "give the number of copies");
    Pool where = new Names(session.picture()).pool(pool);
    CreateVolume.Builder create = CreateVolume.newBuilder().setName(name).setPoolId(where.getId())
        .setSizeBytes(size.bytes()).setStripes(stripes).setShared(shared);
    if (legs > 1) create.setLegs(legs);
    if (stripes > 1) create.setStripeUnitBytes(stripeUnit.bytes());
    if (plan) return showPlan(session, create);
    String layout = (legs == 1 ? "" : legs + " legs, ") + (stripes == 1 ? "linear" : stripes + " stripes");
    Done made = ask(session, "waiting for the change", Call.newBuilder().setChange(Change.newBuilder().setCreateVolume(create))).getDone();
    return done(made, "volume " + name + " created: " + sized(session.picture(), made) + " in pool " + where.getName() + ", " + layout);
  }

  /** The server rounds up to what the pool hands out; a volume that is gone again already has the size that was asked for. */
  private String sized(Picture p, Done made) {
    for (Volume v : p.getVolumesList()) {
      if (!made.getObjectsList().contains(v.getId()) || v.getSizeBytes() == size.bytes()) continue;
      return new ByteSize(v.getSizeBytes()) + " (rounded up from " + size + ")";
    }
    return size.toString();
  }

  private int showPlan(ClusterSession session, CreateVolume.Builder create) {
    VolumePlan found = ask(session, "planning", Call.newBuilder().setPlanVolume(PlanVolume.newBuilder().setVolume(create))).getPlan();
    show(() -> MessageJson.of(found), () -> print(found, new Names(session.picture())));
    if (!found.hasProblem()) return 0;
    SluiceException problem = Problems.exception(found.getProblem().toBuilder().clearCandidates().build());
    if (json()) return problem.code().exitCode();
    throw problem;
  }

  private void print(VolumePlan found, Names names) {
    Table disks = new Table().text("DISK", "TAKEN", "WHY NOT");
    for (Candidate c : found.getCandidatesList()) disks.row(c.getDiskName(), c.getTaken() ? "yes" : "no", c.getReason());
    if (names.ofHost()) {
      if (!found.hasProblem()) say("There is room for it. Which disks it would take is shown to administrators.");
      return;
    }
    disks.print(context().out(), "The pool has no disks.");
    Table extents = LegTable.extents(names, found.getVolume());
    if (extents.size() == 0) return;
    say("");
    extents.print(context().out());
  }

  private static SluiceException wrong(String what, String correction) {
    return new SluiceException(ErrorCode.INVALID_ARGUMENT, what, "", correction);
  }
}
