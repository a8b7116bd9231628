package sluice.server.pools;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.io.IoLoops;
import sluice.io.label.DiskLabel;
import sluice.io.label.LabelIo;
import sluice.io.label.MetadataArea;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ImportPool;
import sluice.protocol.v1.ImportPoolFrom;
import sluice.protocol.v1.PoolMetadata;
import sluice.protocol.v1.Volume;
import sluice.server.ControlThread;
import sluice.server.changes.Changes;
import sluice.server.disks.DiskAccess;

/**
 * Brings a pool back from its disks alone. Labels of another cluster are rewritten before the catalog takes the pool:
 * cut off in between, the disks are ours, in a pool we do not know yet, and the import can be asked for again. A
 * refusal by the catalog puts the labels back. Any thread.
 */
public final class PoolImport {
  private static final int MOST = 1000;
  private static final int NAMED = 10;
  private static final long DEADLINE_MS = 10_000;

  private final ControlThread control;
  private final CatalogEngine engine;
  private final Changes changes;
  private final DiskAccess access;
  private final IoLoops loops;
  private final String clusterId;

  public PoolImport(ControlThread control, CatalogEngine engine, Changes changes, DiskAccess access, IoLoops loops, String clusterId) {
    this.control = control;
    this.engine = engine;
    this.changes = changes;
    this.access = access;
    this.loops = loops;
    this.clusterId = clusterId;
  }

  public CompletionStage<Changes.Outcome> importFrom(Actor actor, String requestId, ImportPoolFrom call) {
    if (call.getUrisCount() == 0 || call.getUrisCount() > MOST) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "no pool can be imported", call.getUrisCount() == 0 ? "no disk is named"
          : "more than " + MOST + " disks are named", "name the pool's disks");
    }
    List<CompletableFuture<DiskAccess.Found>> looks = new ArrayList<>();
    for (String uri : call.getUrisList()) looks.add(access.look(uri, loops.next(), false, DEADLINE_MS).toCompletableFuture());
    List<DiskAccess.Found> open = new ArrayList<>();
    return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
        .handle((x, failure) -> {
          looks.forEach(l -> {
            if (!l.isCompletedExceptionally()) open.add(l.join());
          });
          if (failure != null) throw new java.util.concurrent.CompletionException(failure);
          return null;
        })
        .thenCompose(x -> candidates(open))
        .thenApply(found -> ImportChoice.of(found, call.getPool(), clusterId, call.getTakeOver()))
        .thenApply(this::refuseKnown)
        .thenCompose(choice -> relabelled(choice, open).thenComposeAsync(x -> submit(actor, requestId, choice, open), control))
        .whenComplete((x, failure) -> open.forEach(f -> f.device().close()));
  }

  private CompletionStage<List<ImportChoice.Candidate>> candidates(List<DiskAccess.Found> open) {
    List<CompletableFuture<ImportChoice.Candidate>> all = new ArrayList<>();
    for (DiskAccess.Found f : open) {
      if (!f.label().found()) {
        String what = f.label().note().isEmpty() ? "it is blank" : f.label().note();
        throw new SluiceException(ErrorCode.CORRUPT, f.uri() + " is not a disk of a pool", what, "leave it out, or name the right disk", f.uri());
      }
      long size = f.device().traits().size();
      DiskLabel label = f.label().label();
      all.add((label.poolId().isEmpty() ? CompletableFuture.completedFuture((PoolMetadata) null)
          : MetadataArea.read(f.device(), label).toCompletableFuture().thenApply(c -> c.map(x -> parsed(x.payload())).orElse(null)))
          .orTimeout(DEADLINE_MS, TimeUnit.MILLISECONDS)
          .thenApply(m -> new ImportChoice.Candidate(f.uri(), size, label, m)));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(x -> all.stream().map(CompletableFuture::join).toList());
  }

  /** A copy that passes its checksum and is no metadata is of a version to come: not for this program. */
  private static PoolMetadata parsed(byte[] payload) {
    try {
      return PoolMetadata.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  private ImportChoice refuseKnown(ImportChoice choice) {
    String pool = choice.metadata().getPool().getId();
    if (engine.read(v -> v.pool(pool)).isEmpty()) return choice;
    throw new SluiceException(ErrorCode.ALREADY_EXISTS, "pool " + choice.metadata().getPool().getName() + " is in this cluster already",
        "its disks are in use by it", "see it with: sluice pool show " + choice.metadata().getPool().getName(), pool);
  }

  private CompletionStage<Void> relabelled(ImportChoice choice, List<DiskAccess.Found> open) {
    Map<String, DiskLabel> ours = new HashMap<>();
    choice.labels().forEach((uri, label) -> {
      if (!label.clusterId().equals(clusterId)) ours.put(uri, label.ofCluster(clusterId));
    });
    return write(ours, open);
  }

  private static CompletionStage<Void> write(Map<String, DiskLabel> labels, List<DiskAccess.Found> open) {
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (DiskAccess.Found f : open) {
      DiskLabel label = labels.get(f.uri());
      if (label != null) writes.add(LabelIo.write(f.device(), label).toCompletableFuture().orTimeout(DEADLINE_MS, TimeUnit.MILLISECONDS));
    }
    return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
  }

  private CompletionStage<Changes.Outcome> submit(Actor actor, String requestId, ImportChoice choice, List<DiskAccess.Found> open) {
    Change change = Change.newBuilder().setImportPool(ImportPool.newBuilder().setMetadata(choice.metadata())).build();
    return changes.submit(actor, requestId, change).thenCompose(outcome -> {
      if (outcome.refused()) return write(back(choice), open).handle((x, failure) -> outcome);
      List<String> notes = new ArrayList<>();
      notes.add(words(choice.metadata()));
      notes.addAll(choice.notes());
      notes.addAll(outcome.notes());
      return CompletableFuture.completedFuture(new Changes.Outcome(outcome.result(), notes));
    });
  }

  /** What has come in. */
  private static String words(PoolMetadata metadata) {
    List<String> names = metadata.getVolumesList().stream().map(Volume::getName).sorted().toList();
    String some = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    String volumes = names.isEmpty() ? "no volumes" : (names.size() == 1 ? "volume " : "volumes ") + some
        + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
    return "pool " + metadata.getPool().getName() + " with " + volumes;
  }

  /** As they were, but newer than what was written in between. */
  private Map<String, DiskLabel> back(ImportChoice choice) {
    Map<String, DiskLabel> labels = new HashMap<>();
    choice.labels().forEach((uri, label) -> {
      if (!label.clusterId().equals(clusterId)) labels.put(uri, label.ofCluster(clusterId).ofCluster(label.clusterId()));
    });
    return labels;
  }
}
