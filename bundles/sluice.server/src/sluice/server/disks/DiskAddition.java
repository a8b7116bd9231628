package sluice.server.disks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.io.IoLoops;
import sluice.io.disk.InUse;
import sluice.io.label.DiskLabel;
import sluice.io.label.LabelIo;
import sluice.protocol.Problems;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.AddDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.NewDisk;
import sluice.protocol.v1.Progress;
import sluice.server.ControlThread;
import sluice.server.changes.Changes;

/**
 * Adds disks: looks at all of them first, and only if all may be added writes their labels, one after the other, each
 * before the catalog takes the disk. Cut off in between, a disk is left with a label of ours and may be added again.
 * One disk after the other also finds the same disk under two names: the second time it has the first one's label.
 */
public final class DiskAddition {
  private static final int MOST = 256;
  private static final long DEADLINE_MS = 10_000;

  private final ControlThread control;
  private final CatalogEngine engine;
  private final Changes changes;
  private final DiskAccess access;
  private final IoLoops loops;
  private final String clusterId;
  private final Executor blocking;

  public DiskAddition(ControlThread control, CatalogEngine engine, Changes changes, DiskAccess access, IoLoops loops,
      String clusterId, Executor blocking) {
    this.control = control;
    this.engine = engine;
    this.changes = changes;
    this.access = access;
    this.loops = loops;
    this.clusterId = clusterId;
    this.blocking = blocking;
  }

  /** Any thread; fails with what is wrong with the first disk that may not be added. */
  public CompletionStage<Done> add(Actor actor, String requestId, List<NewDisk> disks, Consumer<Progress> progress) {
    if (disks.isEmpty() || disks.size() > MOST) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "no disks can be added", disks.isEmpty() ? "none is named"
          : disks.size() + " of at most " + MOST + " at once", "name the disks to add");
    }
    checkNames(disks);
    CompletionStage<Void> checked = CompletableFuture.runAsync(() -> checkUse(disks.stream().map(d -> new DiskUri(d.getUri())).toList()), blocking);
    for (NewDisk disk : disks) {
      checked = checked.thenCompose(x -> open(disk)).thenCompose(found -> found.device().close());
    }
    CompletionStage<Done.Builder> done = checked.thenApply(x -> Done.newBuilder());
    for (int i = 0; i < disks.size(); i++) {
      int n = i;
      done = done.thenComposeAsync(before -> {
        progress.accept(Progress.newBuilder().setText("adding " + disks.get(n).getUri()).setDone(n).setTotal(disks.size()).build());
        return addOne(actor, requestId + "/" + n, disks.get(n), before).exceptionallyCompose(failure -> CompletableFuture.failedFuture(withAdded(failure, before)));
      }, control);
    }
    return done.thenApply(Done.Builder::build);
  }

  /** The failure of one disk does not take back those before it, so it has to name them. */
  private Throwable withAdded(Throwable failure, Done.Builder before) {
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    if (before.getObjectsCount() == 0 || !(cause instanceof SluiceException e)) return failure;
    List<String> names = engine.read(v -> before.getObjectsList().stream().map(id -> v.disk(id).map(Disk::getName).orElse(id)).toList());
    return new SluiceException(e.code(), e.what() + "; before it " + String.join(", ", names) + (names.size() == 1 ? " was added" : " were added"), e.why(), e.correction(), e.objects().toArray(String[]::new));
  }

  private static FileUse files() {
    return new FileUse(Path.of("/sys/block"), Path.of("/proc"));
  }

  private static void checkUse(List<DiskUri> uris) {
    FileUse files = files();
    files.checkDistinct(uris);
    for (DiskUri uri : uris) {
      InUse.check(uri);
      files.check(uri);
    }
  }

  private void checkNames(List<NewDisk> disks) {
    Set<String> names = new HashSet<>();
    Set<String> uris = new HashSet<>();
    for (NewDisk d : disks) {
      if (!uris.add(d.getUri())) throw twice("disk " + d.getUri() + " is named twice", d.getUri());
      if (d.getName().isEmpty()) continue;
      if (!names.add(d.getName())) throw twice("two disks would be named " + d.getName(), d.getName());
      if (engine.read(v -> v.diskByName(d.getName())).isPresent()) {
        throw new SluiceException(ErrorCode.ALREADY_EXISTS, "the disk cannot be named " + d.getName(), "there is one of that name",
            "choose another name", d.getName());
      }
    }
  }

  private static SluiceException twice(String what, String object) {
    return new SluiceException(ErrorCode.INVALID_ARGUMENT, what, "", "name each disk once", object);
  }

  /** Opened for writing, and found fit; the caller closes it. */
  private CompletionStage<DiskAccess.Found> open(NewDisk disk) {
    return access.look(disk.getUri(), loops.next(), false, DEADLINE_MS).thenApplyAsync(found -> {
      DiskFinding finding = finding(found);
      if (finding.seen().getAddable()) return found;
      if (finding.overwritable() && disk.getOverwrite()) {
        try {
          checkOwner(disk, finding);
          return found;
        } catch (RuntimeException e) {
          found.device().close();
          throw e;
        }
      }
      found.device().close();
      boolean ours = !finding.seen().getDiskId().isEmpty() && finding.seen().getClusterId().equals(clusterId);
      String what = disk.getUri() + " is not added: " + finding.seen().getWhat();
      throw new SluiceException(ErrorCode.CONFLICT, what, finding.seen().getWhyNot(),
          finding.overwritable() ? "ask with overwrite (--overwrite) if all that is on it may be lost" : ours ? "use the disk that is there already" : "use another disk",
          disk.getUri());
    }, blocking);
  }

  /** Another cluster may be using its disk now, on this machine or on one that nothing here knows of: taking it has to be meant. */
  private static void checkOwner(NewDisk disk, DiskFinding finding) {
    if (finding.owner().isEmpty()) return;
    files().checkNotOpen(new DiskUri(disk.getUri()));
    if (disk.getConfirm().equals(finding.owner())) return;
    throw new SluiceException(ErrorCode.INVALID_ARGUMENT, disk.getUri() + " is not overwritten: " + finding.seen().getWhat(),
        disk.getConfirm().isEmpty() ? "that cluster may be using it, and what it holds is lost" : "'" + disk.getConfirm() + "' is not what that cluster calls it",
        "if that cluster is gone, confirm with the disk's name there: --overwrite --confirm " + finding.owner(), disk.getUri());
  }

  private DiskFinding finding(DiskAccess.Found found) {
    return engine.read(v -> DiskFinding.of(found.uri(), found.device().traits().size(), found.device().traits().readOnly(),
        found.label(), v, clusterId));
  }

  private CompletionStage<Done.Builder> addOne(Actor actor, String requestId, NewDisk asked, Done.Builder done) {
    return open(asked).thenCompose(found -> {
      boolean leftover = finding(found).leftover();
      long capacity = found.device().traits().size();
      String name = asked.getName().isEmpty() ? freeName(asked.getUri()) : asked.getName();
      DiskLabel label = leftover ? found.label().label().named(name)
          : DiskLabel.fresh(UUID.randomUUID().toString(), clusterId, name, capacity);
      return within(LabelIo.write(found.device(), label), asked.getUri())
          .whenComplete((x, failure) -> {
            if (failure != null) found.device().close();
          })
          .thenComposeAsync(x -> changes.submit(actor, requestId, change(asked, label)), control)
          .thenCompose(outcome -> concluded(outcome, found, done, label.diskId()));
    });
  }

  private CompletionStage<Done.Builder> concluded(Changes.Outcome outcome, DiskAccess.Found found, Done.Builder done, String id) {
    CompletionStage<Void> undone = outcome.refused() ? LabelIo.erase(found.device()) : CompletableFuture.completedFuture(null);
    return undone.handle((x, failure) -> null).thenCompose(x -> found.device().close()).thenApply(x -> {
      if (outcome.refused()) throw Problems.exception(outcome.result().getProblem());
      return done.setRevision(outcome.result().getRevision()).addObjects(id).addAllNotes(outcome.notes());
    });
  }

  private static Change change(NewDisk asked, DiskLabel label) {
    return Change.newBuilder().setAddDisk(AddDisk.newBuilder().setDisk(Disk.newBuilder().setId(label.diskId())
        .setName(label.name()).addUris(asked.getUri()).setCapacityBytes(label.capacity())
        .setDataStartBytes(label.layout().dataStart()).setDataEndBytes(label.layout().dataEnd())
        .setDomain(asked.getDomain()))).build();
  }

  /** After the last part of its URI if that makes a name nobody has, otherwise d1, d2, … */
  private String freeName(String uri) {
    String last = uri.replaceAll("[?#].*$", "").replaceAll(".*[/:]", "").replaceAll("\\.(img|raw|disk)$", "").toLowerCase(java.util.Locale.ROOT);
    List<String> tries = new ArrayList<>();
    if (last.matches("[a-z0-9][a-z0-9._-]{0,31}")) tries.add(last);
    return engine.read(v -> {
      for (String t : tries) if (v.diskByName(t).isEmpty()) return t;
      int n = 1;
      while (v.diskByName("d" + n).isPresent()) n++;
      return "d" + n;
    });
  }

  /** A disk that hangs must not hold the caller; what it still does to its own label harms nobody. */
  private static <T> CompletionStage<T> within(CompletionStage<T> stage, String uri) {
    return stage.toCompletableFuture().thenApply(x -> x).orTimeout(DEADLINE_MS, TimeUnit.MILLISECONDS)
        .exceptionallyCompose(f -> CompletableFuture.failedFuture(f instanceof TimeoutException
            ? new SluiceException(ErrorCode.TIMEOUT, "the disk " + uri + " does not answer", "its label was not written within "
                + DEADLINE_MS / 1000 + " s", "see to the disk, then add it again", uri) : f));
  }
}
