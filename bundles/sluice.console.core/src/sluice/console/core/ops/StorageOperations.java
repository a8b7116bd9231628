package sluice.console.core.ops;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import sluice.console.core.san.SanConnection;
import sluice.console.core.verdict.Action;
import sluice.console.core.verdict.Words;
import sluice.console.core.view.SanView;
import sluice.protocol.v1.AddDisks;
import sluice.protocol.v1.AddPoolDisks;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreatePool;
import sluice.protocol.v1.DeletePool;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.ExportPool;
import sluice.protocol.v1.ImportPoolFrom;
import sluice.protocol.v1.NewDisk;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RecheckDisks;
import sluice.protocol.v1.RecoverySettings;
import sluice.protocol.v1.RemoveDiskAndErase;
import sluice.protocol.v1.RenamePool;
import sluice.protocol.v1.ScanDisks;
import sluice.protocol.v1.ScanResult;
import sluice.protocol.v1.SetDisk;
import sluice.protocol.v1.SetPoolRecovery;

/** What can be done to disks and pools. Fields: pool, name, disks, unit, disk, uris, domain, spare, overwrite, wait, max, min, take-over, confirm. */
public final class StorageOperations {
  private StorageOperations() {}

  /** What the server could add as a disk, and for the rest why not; of the URIs, or of all block devices if there are none. */
  public static java.util.concurrent.CompletableFuture<ScanResult> scan(SanConnection connection, List<String> uris) {
    Call call = Call.newBuilder().setScanDisks(ScanDisks.newBuilder().addAllUris(uris)).build();
    return connection.call(call, Duration.ofSeconds(60), part -> {}).thenApply(r -> r.getScan());
  }

  static Operation addDisks(SanView san) {
    return new SimpleOperation(Action.ADD_DISKS, san)
        .asks(o -> List.of(Field.choices("uris", "Disks", "like file:/srv/d1.img, dev:/dev/sdb or nbd://host/export", List.of()),
            Field.text("name", "Name", false, "of one disk; empty: one is made"), Field.text("domain", "Failure domain", false, "what fails together: a shelf, a room"),
            Field.of("overwrite", "Take it though something is on it, which is lost", Field.Kind.FLAG, false, ""),
            Field.text("confirm", "Name in its old cluster", false, "only to overwrite a disk of another cluster, which may be using it")))
        .checks((o, c) -> {
          if (o.all("uris").isEmpty()) c.prompt("uris", "Choose disks, or type where one is.");
          for (String uri : o.all("uris")) c.uri("uris", uri);
          if (o.get("name").isEmpty()) return;
          if (o.all("uris").size() > 1) c.error("name", "One name was given for " + o.all("uris").size() + " disks; leave it empty, or add the disks one by one.");
          c.newName("name", o.get("name"), "disk", o.san().disks().stream().anyMatch(d -> d.getName().equals(o.get("name"))));
        })
        .says(o -> "Write the cluster's label on " + Words.list(o.all("uris")) + (o.flag("overwrite") ? "; what is there is lost." : "."))
        .types(o -> {
          CommandLine line = new CommandLine("disk", "add");
          o.all("uris").forEach(line::add);
          return line.option("--name", o.get("name")).option("--domain", o.get("domain")).flag("--overwrite", o.flag("overwrite")).option("--confirm", o.get("confirm"));
        })
        .calls(o -> {
          AddDisks.Builder add = AddDisks.newBuilder();
          for (String uri : o.all("uris")) add.addDisks(NewDisk.newBuilder().setUri(uri).setName(o.get("name")).setDomain(o.get("domain")).setOverwrite(o.flag("overwrite")).setConfirm(o.get("confirm")));
          return Call.newBuilder().setAddDisks(add);
        })
        .within(Duration.ofMinutes(5))
        .answers((o, r) -> Operation.done(r, Words.count(r.getDone().getObjectsCount(), "disk was", "disks were") + " added."));
  }

  private static Field disk(Operation o) {
    return Field.choice("disk", "Disk", Choices.disks(o.san(), d -> ""));
  }

  private static String diskName(Operation o) {
    return o.san().name(o.get("disk"));
  }

  private static Optional<Disk> diskPresent(Operation o, Checks c) {
    Optional<Disk> d = o.san().disk(o.get("disk"));
    if (d.isEmpty()) c.prompt("disk", "Choose a disk.");
    return d;
  }

  static Operation setDisk(SanView san) {
    return new SimpleOperation(Action.SET_DISK, san)
        .asks(o -> List.of(disk(o), Field.text("name", "Name", false, "empty: as it is"), Field.text("domain", "Failure domain", false, "empty: as it is"),
            Field.choices("uris", "Ways to it", "best first; empty: as they are", List.of()), Field.choice("spare", "Kept for copies that replace lost ones",
                List.of(Operation.choice("", "as it is"), Operation.choice("yes", "yes"), Operation.choice("no", "no")))))
        .checks((o, c) -> {
          diskPresent(o, c);
          String name = o.get("name");
          if (!name.isEmpty()) c.newName("name", name, "disk", o.san().disks().stream().anyMatch(d -> d.getName().equals(name) && !d.getId().equals(o.get("disk"))));
          for (String uri : o.all("uris")) c.uri("uris", uri);
          if (name.isEmpty() && o.get("domain").isEmpty() && o.all("uris").isEmpty() && o.get("spare").isEmpty()) c.prompt("", "Change its name, failure domain, ways or role.");
        })
        .says(o -> "Change disk " + diskName(o) + ".")
        .types(o -> {
          CommandLine line = new CommandLine("disk", "set", diskName(o)).option("--name", o.get("name")).option("--domain", o.get("domain"));
          o.all("uris").forEach(u -> line.option("--uri", u));
          return line.flag("--spare", o.get("spare").equals("yes")).flag("--no-spare", o.get("spare").equals("no"));
        })
        .calls(o -> {
          SetDisk.Builder set = SetDisk.newBuilder().setDiskId(o.get("disk")).addAllUris(o.all("uris"));
          if (!o.get("name").isEmpty()) set.setName(o.get("name"));
          if (!o.get("domain").isEmpty()) set.setDomain(o.get("domain"));
          if (!o.get("spare").isEmpty()) set.setSpare(o.get("spare").equals("yes"));
          return Operation.change(Change.newBuilder().setSetDisk(set));
        });
  }

  static Operation removeDisk(SanView san) {
    return new SimpleOperation(Action.REMOVE_DISK, san)
        .asks(o -> List.of(disk(o), Field.of("confirm", "Its name once more", Field.Kind.CONFIRM, true, diskName(o))))
        .checks((o, c) -> diskPresent(o, c).ifPresent(d -> {
          long volumes = o.san().uses(d.getId()).stream().map(u -> u.volume().getId()).distinct().count();
          if (volumes > 0) c.error("disk", Words.count(volumes, "volume lies", "volumes lie") + " on disk " + d.getName() + "; delete or move " + (volumes == 1 ? "it" : "them") + " first.");
          c.confirmed("confirm", o.get("confirm"), d.getName());
        }))
        .says(o -> "Remove disk " + diskName(o) + " and erase its label.")
        .types(o -> new CommandLine("disk", "remove", diskName(o)))
        .calls(o -> Call.newBuilder().setRemoveDisk(RemoveDiskAndErase.newBuilder().setDiskId(o.get("disk"))))
        .answers((o, r) -> Outcome.of("Disk " + o.get("confirm") + " was removed.", r.getDone().getNotesList(), List.of()));
  }

  static Operation recheck(SanView san) {
    return new SimpleOperation(Action.RECHECK_DISKS, san).says(o -> "Look now whether disks that were not reached are there again.")
        .types(o -> new CommandLine("disk", "recheck")).calls(o -> Call.newBuilder().setRecheckDisks(RecheckDisks.getDefaultInstance()))
        .answers((o, r) -> Operation.done(r, "The disks were looked at."));
  }

  private static Field pool(Operation o) {
    return Field.choice("pool", "Pool", Choices.pools(o.san()));
  }

  private static String poolName(Operation o) {
    return o.san().name(o.get("pool"));
  }

  private static Optional<Pool> poolPresent(Operation o, Checks c) {
    Optional<Pool> p = o.san().pool(o.get("pool"));
    if (p.isEmpty()) c.prompt("pool", "Choose a pool.");
    return p;
  }

  private static List<Field.Choice> freeDisks(SanView san) {
    return Choices.disks(san, d -> d.getPoolId().isEmpty() ? "" : "is in pool " + san.name(d.getPoolId()));
  }

  private static void freeDisks(Operation o, Checks c) {
    if (o.all("disks").isEmpty()) c.prompt("disks", freeDisks(o.san()).stream().noneMatch(Field.Choice::possible) ? "Every disk is in a pool; add disks first." : "Choose disks.");
    for (String id : o.all("disks")) {
      Optional<Disk> d = o.san().disk(id);
      if (d.isPresent() && !d.get().getPoolId().isEmpty()) c.error("disks", "Disk " + d.get().getName() + " is in pool " + o.san().name(d.get().getPoolId()) + "; choose one that is in none.");
    }
  }

  static Operation createPool(SanView san) {
    return new SimpleOperation(Action.CREATE_POOL, san)
        .asks(o -> List.of(Field.text("name", "Name", true, "a-z, 0-9, '-', '_', '.'"), Field.choices("disks", "Disks", "", freeDisks(o.san())),
            Field.of("unit", "Unit", Field.Kind.SIZE, false, "what space is handed out in multiples of; 1M")))
        .checks((o, c) -> {
          c.newName("name", o.get("name"), "pool", o.san().pools().stream().anyMatch(p -> p.getName().equals(o.get("name"))));
          freeDisks(o, c);
          c.size("unit", o.get("unit"), false, 4096);
          if (o.all("disks").size() == 1) c.warning("disks", "On one disk no volume can have two copies.");
        })
        .says(o -> "Create pool " + o.get("name") + " of " + Words.list(o.all("disks").stream().map(o.san()::name).toList()) + ".")
        .types(o -> {
          CommandLine line = new CommandLine("pool", "create", o.get("name"));
          o.all("disks").forEach(d -> line.add(o.san().name(d)));
          return line.option("--unit", o.get("unit"));
        })
        .calls(o -> Operation.change(Change.newBuilder().setCreatePool(CreatePool.newBuilder().setName(o.get("name")).addAllDiskIds(o.all("disks"))
            .setUnitBytes(new Checks().size("unit", o.get("unit"), false, 1).orElse(0L)))))
        .answers((o, r) -> Operation.done(r, "Pool " + o.get("name") + " was created."));
  }

  static Operation addPoolDisks(SanView san) {
    return new SimpleOperation(Action.ADD_POOL_DISKS, san)
        .asks(o -> List.of(pool(o), Field.choices("disks", "Disks", "", freeDisks(o.san()))))
        .checks((o, c) -> {
          poolPresent(o, c);
          freeDisks(o, c);
        })
        .says(o -> "Add " + Words.list(o.all("disks").stream().map(o.san()::name).toList()) + " to pool " + poolName(o) + ".")
        .types(o -> {
          CommandLine line = new CommandLine("pool", "add", poolName(o));
          o.all("disks").forEach(d -> line.add(o.san().name(d)));
          return line;
        })
        .calls(o -> Operation.change(Change.newBuilder().setAddPoolDisks(AddPoolDisks.newBuilder().setPoolId(o.get("pool")).addAllDiskIds(o.all("disks")))));
  }

  static Operation renamePool(SanView san) {
    return new SimpleOperation(Action.RENAME_POOL, san)
        .asks(o -> List.of(pool(o), Field.text("name", "New name", true, "a-z, 0-9, '-', '_', '.'")))
        .checks((o, c) -> {
          poolPresent(o, c);
          c.newName("name", o.get("name"), "pool", o.san().pools().stream().anyMatch(p -> p.getName().equals(o.get("name"))));
        })
        .says(o -> "Rename pool " + poolName(o) + " to " + o.get("name") + ".")
        .types(o -> new CommandLine("pool", "rename", poolName(o), o.get("name")))
        .calls(o -> Operation.change(Change.newBuilder().setRenamePool(RenamePool.newBuilder().setPoolId(o.get("pool")).setName(o.get("name")))));
  }

  static Operation setPool(SanView san) {
    return new SimpleOperation(Action.SET_POOL, san)
        .asks(o -> List.of(pool(o), Field.of("wait", "Wait for a lost disk", Field.Kind.DURATION, false, "before its copies are put on other disks, like 5m; 60s if never set"),
            Field.of("max", "Copy at most", Field.Kind.RATE, false, "for each volume, like 200MiB/s; 'none': as fast as the disks"),
            Field.of("min", "Copy at least", Field.Kind.RATE, false, "while hosts are busy, like 20MiB/s; 'none': 8MiB/s")))
        .checks((o, c) -> {
          poolPresent(o, c);
          c.duration("wait", o.get("wait"));
          Optional<Long> max = c.rate("max", o.get("max"));
          Optional<Long> min = c.rate("min", o.get("min"));
          if (max.isPresent() && min.isPresent() && max.get() > 0 && min.get() > max.get()) c.error("min", "It is more than the most; give less than " + o.get("max") + ".");
          if (o.get("wait").isEmpty() && o.get("max").isEmpty() && o.get("min").isEmpty()) c.prompt("", "Change the wait or the speed.");
        })
        .says(o -> "Change how volumes of pool " + poolName(o) + " heal.")
        .types(o -> new CommandLine("pool", "set", poolName(o)).option("--recovery-wait", o.get("wait")).option("--recovery-max", o.get("max")).option("--recovery-min", o.get("min")))
        .calls(o -> {
          RecoverySettings.Builder set = o.san().pool(o.get("pool")).map(Pool::getRecovery).orElse(RecoverySettings.getDefaultInstance()).toBuilder();
          Checks c = new Checks();
          c.duration("wait", o.get("wait")).ifPresent(d -> set.setWaitMs(d.toMillis()));
          c.rate("max", o.get("max")).ifPresent(set::setMaxBytesPerSecond);
          c.rate("min", o.get("min")).ifPresent(set::setMinBytesPerSecond);
          return Operation.change(Change.newBuilder().setSetPoolRecovery(SetPoolRecovery.newBuilder().setPoolId(o.get("pool")).setRecovery(set)));
        });
  }

  static Operation deletePool(SanView san) {
    return new SimpleOperation(Action.DELETE_POOL, san)
        .asks(o -> List.of(pool(o), Field.of("confirm", "Its name once more", Field.Kind.CONFIRM, true, poolName(o))))
        .checks((o, c) -> poolPresent(o, c).ifPresent(p -> {
          int volumes = o.san().volumesOfPool(p.getId()).size();
          if (volumes > 0) c.error("pool", "Pool " + p.getName() + " has " + Words.count(volumes, "volume", "volumes") + "; delete " + (volumes == 1 ? "it" : "them") + " first.");
          c.confirmed("confirm", o.get("confirm"), p.getName());
        }))
        .says(o -> "Delete pool " + poolName(o) + "; its disks stay, in no pool.")
        .types(o -> new CommandLine("pool", "delete", poolName(o)))
        .calls(o -> Operation.change(Change.newBuilder().setDeletePool(DeletePool.newBuilder().setPoolId(o.get("pool")))))
        .answers((o, r) -> Outcome.of("Pool " + o.get("confirm") + " was deleted.", r.getDone().getNotesList(), List.of()));
  }

  static Operation exportPool(SanView san) {
    return new SimpleOperation(Action.EXPORT_POOL, san)
        .asks(o -> List.of(pool(o), Field.of("confirm", "Its name once more", Field.Kind.CONFIRM, true, poolName(o))))
        .checks((o, c) -> poolPresent(o, c).ifPresent(p -> {
          List<String> held = o.san().volumesOfPool(p.getId()).stream().filter(v -> v.getAttachmentsCount() > 0).map(v -> v.getName()).toList();
          if (!held.isEmpty()) c.error("pool", Words.list(held) + (held.size() == 1 ? " is" : " are") + " attached; detach first.");
          c.confirmed("confirm", o.get("confirm"), p.getName());
        }))
        .says(o -> "Let pool " + poolName(o) + " go from this cluster; its disks keep everything.")
        .types(o -> new CommandLine("pool", "export", poolName(o)))
        .calls(o -> Operation.change(Change.newBuilder().setExportPool(ExportPool.newBuilder().setPoolId(o.get("pool")))))
        .answers((o, r) -> Outcome.of("Pool " + o.get("confirm") + " was let go.", r.getDone().getNotesList(), List.of()));
  }

  static Operation importPool(SanView san) {
    return new SimpleOperation(Action.IMPORT_POOL, san)
        .asks(o -> List.of(Field.choices("uris", "Disks", "all disks of the pool, like dev:/dev/sdb", List.of()), Field.text("pool", "Pool", false, "name or id, if the disks hold several"),
            Field.of("take-over", "The disks are another cluster's, which must not use them any more", Field.Kind.FLAG, false, "")))
        .checks((o, c) -> {
          if (o.all("uris").isEmpty()) c.prompt("uris", "Type where the pool's disks are.");
          for (String uri : o.all("uris")) c.uri("uris", uri);
        })
        .says(o -> "Bring in the pool on " + Words.list(o.all("uris")) + ".")
        .types(o -> {
          CommandLine line = new CommandLine("pool", "import").option("--pool", o.get("pool")).flag("--take-over", o.flag("take-over"));
          o.all("uris").forEach(line::add);
          return line;
        })
        .calls(o -> Call.newBuilder().setImportPool(ImportPoolFrom.newBuilder().addAllUris(o.all("uris")).setPool(o.get("pool")).setTakeOver(o.flag("take-over"))))
        .within(Duration.ofMinutes(5));
  }
}
