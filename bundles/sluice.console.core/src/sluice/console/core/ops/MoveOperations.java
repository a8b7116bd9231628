package sluice.console.core.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sluice.api.ByteSize;
import sluice.console.core.verdict.Action;
import sluice.console.core.verdict.Healths;
import sluice.console.core.verdict.Words;
import sluice.console.core.view.SanView;
import sluice.protocol.Problems;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.EvacuateDisk;
import sluice.protocol.v1.MovePlan;
import sluice.protocol.v1.MovedLeg;
import sluice.protocol.v1.PlanMoves;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RebalancePool;
import sluice.protocol.v1.RelayoutVolume;
import sluice.protocol.v1.ReplaceDisk;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Volume;

/** What moves extents while volumes are in use, each as a task. Fields: disk, to, pool, volume, stripes, stripe-unit. Pure. */
final class MoveOperations {
  private static final int MOST_STRIPES = 1024;
  /** What is told of each leg is short, and a disk may hold thousands. */
  private static final int MOST_LINES = 40;

  private MoveOperations() {}

  static Operation evacuate(SanView san) {
    return moves(Action.EVACUATE_DISK, san, o -> Change.newBuilder().setEvacuateDisk(EvacuateDisk.newBuilder().setDiskId(o.get("disk"))))
        .asks(o -> List.of(disk(o)))
        .checks((o, c) -> disk(o, c))
        .says(o -> "Move everything off disk " + o.san().name(o.get("disk")) + ", while it is used.")
        .types(o -> new CommandLine("disk", "evacuate", o.san().name(o.get("disk"))))
        .answers((o, r) -> Operation.done(r, "Disk " + o.san().name(o.get("disk")) + " is being evacuated."));
  }

  static Operation replace(SanView san) {
    return moves(Action.REPLACE_DISK, san, o -> Change.newBuilder().setReplaceDisk(ReplaceDisk.newBuilder().setDiskId(o.get("disk")).setToDiskId(o.get("to"))))
        .asks(o -> List.of(disk(o), Field.choice("to", "By disk", Choices.disks(o.san(), d -> notInstead(o, d)))))
        .checks((o, c) -> {
          disk(o, c);
          Optional<Disk> to = o.san().disk(o.get("to"));
          if (to.isEmpty()) c.prompt("to", o.san().disks().stream().anyMatch(d -> notInstead(o, d).isEmpty()) ? "Choose the disk that takes its place." : "No other disk is free to take its place; add one first.");
          else if (!notInstead(o, to.get()).isEmpty()) c.error("to", "Disk " + to.get().getName() + " " + notInstead(o, to.get()) + "; choose another one.");
        })
        .says(o -> "Move everything from disk " + o.san().name(o.get("disk")) + " to disk " + o.san().name(o.get("to")) + ", while it is used; then disk " + o.san().name(o.get("disk")) + " leaves the cluster.")
        .types(o -> new CommandLine("disk", "replace", o.san().name(o.get("disk")), o.san().name(o.get("to"))))
        .answers((o, r) -> Operation.done(r, "Disk " + o.san().name(o.get("disk")) + " is being replaced by disk " + o.san().name(o.get("to")) + "."));
  }

  static Operation rebalance(SanView san) {
    return moves(Action.REBALANCE_POOL, san, o -> Change.newBuilder().setRebalancePool(RebalancePool.newBuilder().setPoolId(o.get("pool"))))
        .asks(o -> List.of(Field.choice("pool", "Pool", Choices.pools(o.san()))))
        .checks((o, c) -> {
          Optional<Pool> p = o.san().pool(o.get("pool"));
          if (p.isEmpty()) c.prompt("pool", "Choose a pool.");
          else if (o.san().disksOfPool(p.get().getId()).size() < 2) c.error("pool", "Pool " + p.get().getName() + " has one disk only; add another one to spread over.");
        })
        .says(o -> "Spread what lies in pool " + o.san().name(o.get("pool")) + " over its disks, so that each is filled alike.")
        .types(o -> new CommandLine("pool", "rebalance", o.san().name(o.get("pool"))))
        .answers((o, r) -> Operation.done(r, "Pool " + o.san().name(o.get("pool")) + " is being rebalanced."));
  }

  static Operation relayout(SanView san) {
    return moves(Action.RELAYOUT_VOLUME, san, o -> Change.newBuilder().setRelayoutVolume(RelayoutVolume.newBuilder().setVolumeId(o.get("volume"))
            .setStripes(new Checks().number("stripes", o.get("stripes"), 1, MOST_STRIPES).orElse(0))
            .setStripeUnitBytes(new Checks().size("stripe-unit", o.get("stripe-unit"), false, 1).orElse(0L))))
        .asks(o -> List.of(Field.choice("volume", "Volume", Choices.volumes(o.san())),
            Field.of("stripes", "Disks to stripe over", Field.Kind.NUMBER, true, "1 is linear"), Field.of("stripe-unit", "Stripe unit", Field.Kind.SIZE, false, "like 64k; empty: as it is")))
        .checks((o, c) -> {
          Optional<Volume> v = o.san().volume(o.get("volume"));
          if (v.isEmpty()) c.prompt("volume", "Choose a volume.");
          if (o.get("stripes").isBlank()) c.prompt("stripes", "Type over how many disks each copy shall lie.");
          Optional<Integer> stripes = c.number("stripes", o.get("stripes"), 1, MOST_STRIPES);
          c.size("stripe-unit", o.get("stripe-unit"), false, 4096);
          if (v.isPresent() && stripes.isPresent() && Math.max(1, v.get().getStripes()) == stripes.get() && o.get("stripe-unit").isBlank()) c.error("stripes", "It has so many stripes already; give another number.");
        })
        .says(o -> "Give volume " + o.san().name(o.get("volume")) + (o.get("stripes").equals("1") ? " a linear layout" : " " + o.get("stripes") + " stripes") + ", while it is used.")
        .types(o -> new CommandLine("volume", "relayout", o.san().name(o.get("volume"))).option("--stripes", o.get("stripes")).option("--stripe-unit", o.get("stripe-unit")))
        .answers((o, r) -> Operation.done(r, "Volume " + o.san().name(o.get("volume")) + " is being given other stripes."));
  }

  private interface Wanted {
    Change.Builder of(Operation o);
  }

  private static SimpleOperation moves(Action action, SanView san, Wanted change) {
    return new SimpleOperation(action, san).calls(o -> Operation.change(change.of(o)))
        .plans(o -> Call.newBuilder().setPlanMoves(PlanMoves.newBuilder().setChange(change.of(o))), MoveOperations::plan);
  }

  private static Field disk(Operation o) {
    return Field.choice("disk", "Disk", Choices.disks(o.san(), d -> d.getPoolId().isEmpty() ? "is in no pool" : ""));
  }

  private static void disk(Operation o, Checks c) {
    Optional<Disk> d = o.san().disk(o.get("disk"));
    if (d.isEmpty()) c.prompt("disk", "Choose a disk.");
    else if (d.get().getPoolId().isEmpty()) c.error("disk", "Disk " + d.get().getName() + " is in no pool, so nothing lies on it; remove it instead.");
  }

  /** Why a disk cannot take the place of the one that is chosen; empty: it can. */
  private static String notInstead(Operation o, Disk d) {
    if (d.getId().equals(o.get("disk"))) return "is the one that goes";
    if (Healths.bad(o.san(), d.getId())) return "cannot be reached";
    String pool = o.san().disk(o.get("disk")).map(Disk::getPoolId).orElse("");
    return d.getPoolId().isEmpty() || d.getPoolId().equals(pool) ? "" : "is in pool " + o.san().name(d.getPoolId());
  }

  private static Plan plan(Operation o, Reply reply) {
    MovePlan p = reply.getMovePlan();
    List<String> steps = new ArrayList<>();
    steps.add(o.summary());
    int before = -1;
    int during = -1;
    int after = -1;
    for (MovedLeg m : p.getMovesList()) {
      if (steps.size() <= MOST_LINES) steps.add(leg(o.san(), m));
      before = least(before, m.getCopiesBefore());
      during = least(during, m.getCopiesDuring());
      after = least(after, m.getCopiesAfter());
    }
    int more = p.getMovesCount() - MOST_LINES;
    if (more > 0) steps.add("And " + Words.count(more, "copy", "copies") + " more.");
    if (p.getMovesCount() == 0) steps.add("Nothing has to be moved.");
    else steps.add(new ByteSize(p.getBytes()) + " are copied in the background. Each copy stays good in its old place until it is good in the new one.");
    String refusal = p.hasProblem() ? Refusal.of(Problems.exception(p.getProblem())).text() : "";
    return new Plan(steps, before, during, after, List.of(), Volume.getDefaultInstance(), refusal);
  }

  private static int least(int known, int copies) {
    int mayFail = Math.max(0, copies - 1);
    return known < 0 ? mayFail : Math.min(known, mayFail);
  }

  private static String leg(SanView san, MovedLeg m) {
    String from = Words.list(m.getFromDiskIdsList().stream().map(san::name).toList());
    String to = Words.list(m.getToDiskIdsList().stream().map(san::name).toList());
    String layout = m.getLayoutBefore().equals(m.getLayoutAfter()) ? "" : ", from " + m.getLayoutBefore() + " to " + m.getLayoutAfter();
    return "Copy " + m.getLeg() + " of volume " + san.name(m.getVolumeId()) + ": " + new ByteSize(m.getBytes()) + " from " + from + " to " + to + layout + ".";
  }
}
