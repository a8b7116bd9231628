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
import sluice.protocol.v1.Access;
import sluice.protocol.v1.AddLegTo;
import sluice.protocol.v1.AttachAndWait;
import sluice.protocol.v1.AttachVolume;
import sluice.protocol.v1.Attached;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.DeleteVolume;
import sluice.protocol.v1.DetachAndWait;
import sluice.protocol.v1.DetachVolume;
import sluice.protocol.v1.DropLegOf;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.PlanVolume;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PutGrant;
import sluice.protocol.v1.RecoverVolume;
import sluice.protocol.v1.RemoveGrant;
import sluice.protocol.v1.RenameVolume;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.ResizeVolumeTo;
import sluice.protocol.v1.SetVolumeShared;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumePlan;

/** What can be done to volumes. Fields: volume, name, pool, size, legs, stripes, stripe-unit, shared, host, read-only, leg, confirm. */
final class VolumeOperations {
  private static final int WAIT_MS = 30_000;
  private static final int MOST_LEGS = 4;

  private VolumeOperations() {}

  static Operation create(SanView san) {
    return new SimpleOperation(Action.CREATE_VOLUME, san)
        .asks(o -> List.of(Field.text("name", "Name", true, "a-z, 0-9, '-', '_', '.'"), Field.choice("pool", "Pool", Choices.pools(o.san())),
            Field.of("size", "Size", Field.Kind.SIZE, true, "like 512M, 10G or 1.5T"), Field.of("legs", "Copies", Field.Kind.NUMBER, false, "1 to 4, each on other disks; 2 survive a disk failure"),
            Field.of("stripes", "Stripes", Field.Kind.NUMBER, false, "disks that share the load of a copy; 1 is linear"),
            Field.of("stripe-unit", "Stripe unit", Field.Kind.SIZE, false, "like 64k"), Field.of("shared", "Several hosts may write", Field.Kind.FLAG, false, "")))
        .checks((o, c) -> {
          c.newName("name", o.get("name"), "volume", o.san().volumes().stream().anyMatch(v -> v.getName().equals(o.get("name"))));
          Optional<Pool> pool = o.san().pool(o.get("pool"));
          if (pool.isEmpty()) c.prompt("pool", o.san().pools().isEmpty() ? "There is no pool yet; create one first." : "Choose the pool that gives the space.");
          Optional<Long> size = c.size("size", o.get("size"), true, 1);
          int legs = c.number("legs", o.get("legs"), 1, MOST_LEGS).orElse(1);
          c.number("stripes", o.get("stripes"), 1, 1024);
          c.size("stripe-unit", o.get("stripe-unit"), false, 4096);
          if (pool.isPresent() && size.isPresent()) room(o.san(), pool.get(), size.get(), legs, c);
        })
        .says(o -> "Create volume " + o.get("name") + " of " + size(o.get("size")) + " in pool " + o.san().name(o.get("pool")) + ".")
        .types(o -> new CommandLine("volume", "create", o.get("name")).option("--size", o.get("size")).option("--pool", o.san().name(o.get("pool")))
            .option("--legs", o.get("legs")).option("--stripes", o.get("stripes")).option("--stripe-unit", stripes(o) > 1 ? o.get("stripe-unit") : "").flag("--shared", o.flag("shared")))
        .calls(o -> Operation.change(Change.newBuilder().setCreateVolume(created(o, ""))))
        .answers((o, r) -> Operation.done(r, "Volume " + o.get("name") + " was created."))
        .plans(o -> Call.newBuilder().setPlanVolume(PlanVolume.newBuilder().setVolume(created(o, "new"))), VolumeOperations::placement);
  }

  private static void room(SanView san, Pool pool, long size, int legs, Checks c) {
    long free = san.poolUsage(pool.getId()).getFreeBytes();
    if (size > free / legs) c.error("size", "Pool " + pool.getName() + " has " + new ByteSize(free) + " free, and this takes " + Words.count(legs, "copy", "copies") + " of " + new ByteSize(size) + "; give at most " + new ByteSize(free / legs) + ".");
    if (legs == 1) c.warning("legs", "With one copy the volume does not survive a disk failure.");
  }

  private static int stripes(Operation o) {
    return new Checks().number("stripes", o.get("stripes"), 1, 1024).orElse(1);
  }

  /** @param otherwise its name while none has been typed */
  private static CreateVolume created(Operation o, String otherwise) {
    Checks c = new Checks();
    CreateVolume.Builder create = CreateVolume.newBuilder().setName(o.get("name").isEmpty() ? otherwise : o.get("name")).setPoolId(o.get("pool")).setShared(o.flag("shared"))
        .setSizeBytes(c.size("size", o.get("size"), true, 1).orElse(0L)).setStripes(stripes(o));
    int legs = c.number("legs", o.get("legs"), 1, MOST_LEGS).orElse(1);
    if (legs > 1) create.setLegs(legs);
    if (stripes(o) > 1) c.size("stripe-unit", o.get("stripe-unit"), false, 4096).ifPresent(create::setStripeUnitBytes);
    return create.build();
  }

  private static Plan placement(Operation o, Reply reply) {
    VolumePlan p = reply.getPlan();
    String refusal = p.hasProblem() ? Refusal.of(Problems.exception(p.getProblem().toBuilder().clearCandidates().build())).text() : "";
    int after = Math.max(1, p.getVolume().getLegs()) - 1;
    return new Plan(List.of(o.summary()), -1, -1, after, p.getCandidatesList(), p.getVolume(), refusal);
  }

  private static String size(String typed) {
    return new Checks().size("size", typed, true, 0).map(b -> new ByteSize(b).toString()).orElse(typed);
  }

  private static Optional<Volume> volume(Operation o) {
    return o.san().volume(o.get("volume"));
  }

  private static String name(Operation o) {
    return o.san().name(o.get("volume"));
  }

  private static Field which(Operation o) {
    return Field.choice("volume", "Volume", Choices.volumes(o.san()));
  }

  private static Optional<Volume> present(Operation o, Checks c) {
    Optional<Volume> v = volume(o);
    if (v.isEmpty()) c.prompt("volume", "Choose a volume.");
    return v;
  }

  private static void detached(Operation o, Checks c) {
    present(o, c).ifPresent(v -> {
      if (v.getAttachmentsCount() == 0) return;
      c.error("volume", "Volume " + v.getName() + " is attached to " + Words.list(v.getAttachmentsList().stream().map(a -> o.san().name(a.getHostId())).toList()) + "; detach it first.");
    });
  }

  static Operation resize(SanView san) {
    return new SimpleOperation(Action.RESIZE_VOLUME, san)
        .asks(o -> smaller(o) ? List.of(which(o), newSize(), Field.of("confirm", "Its name once more", Field.Kind.CONFIRM, true, name(o))) : List.of(which(o), newSize()))
        .checks((o, c) -> {
          Optional<Volume> v = present(o, c);
          Optional<Long> size = c.size("size", o.get("size"), true, 1);
          if (v.isPresent() && size.isPresent() && size.get() == v.get().getSizeBytes()) c.error("size", "It has this size; give another one.");
          if (v.isEmpty() || !smaller(o)) return;
          c.warning("size", "It becomes smaller: what lies past " + size(o.get("size")) + " is lost, and each host that holds it has to agree to that first.");
          c.confirmed("confirm", o.get("confirm"), name(o));
        })
        .says(o -> "Resize volume " + name(o) + " to " + size(o.get("size")) + ".")
        .types(o -> new CommandLine("volume", "resize", name(o)).option("--size", o.get("size")).option("--confirm", smaller(o) ? o.get("confirm") : ""))
        .calls(o -> Call.newBuilder().setResize(ResizeVolumeTo.newBuilder().setVolumeId(o.get("volume")).setConfirmName(smaller(o) ? o.get("confirm") : "")
            .setSizeBytes(new Checks().size("size", o.get("size"), true, 1).orElse(0L))))
        .plans(ChangePlans::question, ChangePlans::answer)
        .answers((o, r) -> Operation.done(r, "Volume " + name(o) + " was resized."));
  }

  private static Field newSize() {
    return Field.of("size", "New size", Field.Kind.SIZE, true, "like 20G");
  }

  private static boolean smaller(Operation o) {
    Optional<Long> size = new Checks().size("size", o.get("size"), true, 1);
    return size.isPresent() && volume(o).isPresent() && size.get() < volume(o).get().getSizeBytes();
  }

  static Operation rename(SanView san) {
    return new SimpleOperation(Action.RENAME_VOLUME, san)
        .asks(o -> List.of(which(o), Field.text("name", "New name", true, "a-z, 0-9, '-', '_', '.'")))
        .checks((o, c) -> {
          present(o, c);
          c.newName("name", o.get("name"), "volume", o.san().volumes().stream().anyMatch(v -> v.getName().equals(o.get("name"))));
        })
        .says(o -> "Rename volume " + name(o) + " to " + o.get("name") + ".")
        .types(o -> new CommandLine("volume", "rename", name(o), o.get("name")))
        .calls(o -> Operation.change(Change.newBuilder().setRenameVolume(RenameVolume.newBuilder().setVolumeId(o.get("volume")).setName(o.get("name")))))
        .answers((o, r) -> Operation.done(r, "The volume is called " + o.get("name") + " now."));
  }

  static Operation share(SanView san) {
    return new SimpleOperation(Action.SHARE_VOLUME, san)
        .asks(o -> List.of(which(o), Field.of("shared", "Several hosts may write at the same time", Field.Kind.FLAG, false, "")))
        .checks(VolumeOperations::detached)
        .says(o -> o.flag("shared") ? "Let several hosts hold volume " + name(o) + " for writing." : "Let one host at a time write to volume " + name(o) + ".")
        .types(o -> new CommandLine("volume", "share", name(o)).flag("--off", !o.flag("shared")))
        .calls(o -> Operation.change(Change.newBuilder().setSetVolumeShared(SetVolumeShared.newBuilder().setVolumeId(o.get("volume")).setShared(o.flag("shared")))));
  }

  static Operation delete(SanView san) {
    return new SimpleOperation(Action.DELETE_VOLUME, san)
        .asks(o -> List.of(which(o), Field.of("confirm", "Its name once more", Field.Kind.CONFIRM, true, name(o))))
        .checks((o, c) -> {
          detached(o, c);
          if (volume(o).isPresent()) c.confirmed("confirm", o.get("confirm"), name(o));
        })
        .says(o -> "Delete volume " + name(o) + " and its data.")
        .types(o -> new CommandLine("volume", "delete", name(o)))
        .calls(o -> Operation.change(Change.newBuilder().setDeleteVolume(DeleteVolume.newBuilder().setVolumeId(o.get("volume")))))
        .answers((o, r) -> Outcome.of("Volume " + o.get("confirm") + " was deleted.", r.getDone().getNotesList(), List.of()));
  }

  private static Access access(Operation o) {
    return o.flag("read-only") ? Access.READ_ONLY : Access.READ_WRITE;
  }

  private static Field readOnly() {
    return Field.of("read-only", "Reading only", Field.Kind.FLAG, false, "");
  }

  private static Field host(Operation o) {
    return Field.choice("host", "Host", Choices.hosts(o.san(), h -> ""));
  }

  private static Optional<Host> hostPresent(Operation o, Checks c) {
    Optional<Host> h = o.san().host(o.get("host"));
    if (h.isEmpty()) c.prompt("host", o.san().hosts().isEmpty() ? "There is no host yet; join one first." : "Choose a host.");
    return h;
  }

  static Operation grant(SanView san) {
    return new SimpleOperation(Action.GRANT, san)
        .asks(o -> List.of(which(o), host(o), readOnly()))
        .checks((o, c) -> {
          present(o, c);
          hostPresent(o, c);
        })
        .says(o -> "Let host " + o.san().name(o.get("host")) + (o.flag("read-only") ? " read volume " : " read and write volume ") + name(o) + ".")
        .types(o -> new CommandLine("volume", "grant", name(o), o.san().name(o.get("host"))).flag("--read-only", o.flag("read-only")))
        .calls(VolumeOperations::putGrant);
  }

  private static Call.Builder putGrant(Operation o) {
    return Operation.change(Change.newBuilder().setPutGrant(PutGrant.newBuilder().setVolumeId(o.get("volume"))
        .setGrant(Grant.newBuilder().setHostId(o.get("host")).setAccess(access(o)))));
  }

  private static boolean granted(Operation o) {
    return volume(o).stream().flatMap(v -> v.getGrantsList().stream())
        .anyMatch(g -> g.getHostId().equals(o.get("host")) && (o.flag("read-only") || g.getAccess() == Access.READ_WRITE));
  }

  static Operation revoke(SanView san) {
    return new SimpleOperation(Action.REVOKE, san)
        .asks(o -> List.of(which(o), host(o)))
        .checks((o, c) -> {
          Optional<Volume> v = present(o, c);
          Optional<Host> h = hostPresent(o, c);
          if (v.isEmpty() || h.isEmpty()) return;
          if (v.get().getGrantsList().stream().noneMatch(g -> g.getHostId().equals(h.get().getId()))) c.error("host", "Host " + h.get().getName() + " has no grant of this volume; choose one that has.");
          if (attachment(v.get(), h.get().getId()).isPresent()) c.error("host", "Host " + h.get().getName() + " holds the volume; detach it first.");
        })
        .says(o -> "Take host " + o.san().name(o.get("host")) + "'s grant of volume " + name(o) + " away.")
        .types(o -> new CommandLine("volume", "revoke", name(o), o.san().name(o.get("host"))))
        .calls(o -> Operation.change(Change.newBuilder().setRemoveGrant(RemoveGrant.newBuilder().setVolumeId(o.get("volume")).setHostId(o.get("host")))));
  }

  private static Optional<Attachment> attachment(Volume v, String host) {
    return v.getAttachmentsList().stream().filter(a -> a.getHostId().equals(host)).findFirst();
  }

  static Operation attach(SanView san) {
    return new SimpleOperation(Action.ATTACH, san)
        .asks(o -> List.of(which(o), host(o), readOnly()))
        .checks((o, c) -> {
          Optional<Volume> v = present(o, c);
          Optional<Host> h = hostPresent(o, c);
          if (v.isEmpty() || h.isEmpty()) return;
          String name = h.get().getName();
          if (attachment(v.get(), h.get().getId()).isPresent()) c.error("host", "Host " + name + " has the volume already; choose another one.");
          else if (!o.flag("read-only") && !v.get().getShared() && v.get().getAttachmentsCount() > 0) c.error("host", "Volume " + v.get().getName() + " is held by " + o.san().name(v.get().getAttachments(0).getHostId()) + " and not shared; detach it there first.");
          if (!granted(o)) c.warning("read-only", "Host " + name + " may not do that with the volume yet; it is granted first.");
          if (Healths.host(o.san(), h.get()) == sluice.model.Health.OFFLINE) c.warning("host", "Host " + name + " is offline; it takes the volume when it is back.");
        })
        .says(o -> "Attach volume " + name(o) + " to host " + o.san().name(o.get("host")) + (o.flag("read-only") ? " for reading" : "") + (granted(o) ? "." : ", which is granted it first."))
        .types(o -> {
          CommandLine line = granted(o) ? new CommandLine() : new CommandLine("volume", "grant", name(o), o.san().name(o.get("host"))).flag("--read-only", o.flag("read-only")).then();
          return line.add("volume").add("attach").add(name(o)).add(o.san().name(o.get("host"))).flag("--read-only", o.flag("read-only"));
        })
        .first(o -> granted(o) ? Optional.empty() : Optional.of(putGrant(o)))
        .calls(o -> Call.newBuilder().setAttach(AttachAndWait.newBuilder().setWaitMs(WAIT_MS)
            .setAttach(AttachVolume.newBuilder().setVolumeId(o.get("volume")).setHostId(o.get("host")).setAccess(access(o)))))
        .answers((o, r) -> {
          Attached a = r.getAttached();
          String text = a.getHeld() ? "Host " + o.san().name(o.get("host")) + " has volume " + name(o) + "." : "The volume is attached, but the host does not have it yet.";
          return new Outcome(text, a.getNote().isEmpty() ? List.of() : List.of(a.getNote()), List.of(o.get("volume")), "", a.getNbdUri());
        });
  }

  static Operation detach(SanView san) {
    return new SimpleOperation(Action.DETACH, san)
        .asks(o -> List.of(which(o), Field.choice("host", "Host", Choices.hosts(o.san(), h -> volume(o).flatMap(v -> attachment(v, h.getId())).isPresent() ? "" : "does not hold it"))))
        .checks((o, c) -> {
          Optional<Volume> v = present(o, c);
          Optional<Host> h = hostPresent(o, c);
          if (v.isPresent() && h.isPresent() && attachment(v.get(), h.get().getId()).isEmpty()) c.error("host", "Host " + h.get().getName() + " does not hold this volume; choose one that does.");
          if (h.isPresent() && Healths.host(o.san(), h.get()) == sluice.model.Health.OFFLINE) c.warning("host", "Host " + h.get().getName() + " is offline; the volume stays its own until it answers or is declared dead.");
        })
        .says(o -> "Detach volume " + name(o) + " from host " + o.san().name(o.get("host")) + "; programs there lose it.")
        .types(o -> new CommandLine("volume", "detach", name(o), o.san().name(o.get("host"))))
        .calls(o -> Call.newBuilder().setDetach(DetachAndWait.newBuilder().setWaitMs(WAIT_MS)
            .setDetach(DetachVolume.newBuilder().setVolumeId(o.get("volume")).setHostId(o.get("host")))));
  }

  static Operation addLeg(SanView san) {
    return new SimpleOperation(Action.ADD_LEG, san)
        .asks(o -> List.of(which(o)))
        .checks((o, c) -> present(o, c).ifPresent(v -> {
          if (Healths.legCount(v) >= MOST_LEGS) c.error("volume", "Volume " + v.getName() + " has " + MOST_LEGS + " copies, which is the most there can be.");
        }))
        .says(o -> "Add a copy to volume " + name(o) + ", on other disks; it is filled in the background.")
        .types(o -> new CommandLine("volume", "add-leg", name(o)))
        .calls(o -> Call.newBuilder().setAddLeg(AddLegTo.newBuilder().setVolumeId(o.get("volume"))))
        .plans(ChangePlans::question, ChangePlans::answer);
  }

  static Operation dropLeg(SanView san) {
    return new SimpleOperation(Action.DROP_LEG, san)
        .asks(o -> List.of(which(o), Field.choice("leg", "Copy", legs(o)), Field.of("confirm", "The volume's name", Field.Kind.CONFIRM, true, name(o))))
        .checks((o, c) -> {
          Optional<Volume> v = present(o, c);
          if (v.isEmpty()) return;
          Optional<Field.Choice> leg = legs(o).stream().filter(l -> l.value().equals(o.get("leg"))).findFirst();
          if (leg.isEmpty()) c.prompt("leg", "Choose the copy to drop.");
          else if (!leg.get().possible()) c.error("leg", "This copy cannot go: " + leg.get().why() + ".");
          c.confirmed("confirm", o.get("confirm"), name(o));
        })
        .says(o -> "Drop copy " + legNumber(o) + " of volume " + name(o) + "; its space is free afterwards.")
        .types(o -> new CommandLine("volume", "drop-leg", name(o), legNumber(o)))
        .calls(o -> Call.newBuilder().setDropLeg(DropLegOf.newBuilder().setVolumeId(o.get("volume")).setLegId(o.get("leg"))))
        .plans(ChangePlans::question, ChangePlans::answer);
  }

  private static List<Field.Choice> legs(Operation o) {
    List<Field.Choice> all = new ArrayList<>();
    volume(o).ifPresent(v -> {
      long inSync = v.getLayout().getLegsList().stream().filter(l -> l.getState() == LegInfo.State.IN_SYNC).count();
      for (int i = 0; i < v.getLayout().getLegsCount(); i++) {
        LegInfo l = v.getLayout().getLegs(i);
        boolean last = l.getState() == LegInfo.State.IN_SYNC && inSync == 1;
        all.add(new Field.Choice(l.getId(), "copy " + (i + 1) + ", " + l.getState().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '), last ? "it is the last one in sync" : ""));
      }
    });
    return all;
  }

  private static String legNumber(Operation o) {
    return volume(o).map(v -> {
      for (int i = 0; i < v.getLayout().getLegsCount(); i++) if (v.getLayout().getLegs(i).getId().equals(o.get("leg"))) return String.valueOf(i + 1);
      return "";
    }).orElse("");
  }

  static Operation recover(SanView san) {
    return new SimpleOperation(Action.RECOVER, san)
        .asks(o -> List.of(which(o)))
        .checks((o, c) -> present(o, c).ifPresent(v -> {
          boolean stale = v.getLayout().getLegsList().stream().anyMatch(l -> l.getState() != LegInfo.State.IN_SYNC);
          if (!stale) c.error("volume", "Every copy of volume " + v.getName() + " is in sync; there is nothing to recover.");
        }))
        .says(o -> "Bring the stale copies of volume " + name(o) + " up to date.")
        .types(o -> new CommandLine("volume", "recover", name(o)))
        .calls(o -> Call.newBuilder().setRecover(RecoverVolume.newBuilder().setVolumeId(o.get("volume"))));
  }
}
