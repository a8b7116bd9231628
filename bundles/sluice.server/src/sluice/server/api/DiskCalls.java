package sluice.server.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.AddDisks;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.ImportPoolFrom;
import sluice.protocol.v1.Progress;
import sluice.protocol.v1.RemoveDiskAndErase;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.ScanDisks;
import sluice.server.disks.DiskAddition;
import sluice.server.disks.DiskRemoval;
import sluice.server.disks.DiskScan;
import sluice.server.disks.ServerDisks;
import sluice.server.pools.PoolImport;

/**
 * Calls that go to disks. Asked again with the same request id, because an answer got lost, they give the answer of
 * the first time, for as long as this server runs. On the control thread.
 */
final class DiskCalls {
  private static final int REMEMBERED = 256;

  private final CatalogEngine engine;
  private final ServerDisks disks;
  private final DiskScan scan;
  private final DiskAddition addition;
  private final DiskRemoval removal;
  private final PoolImport imports;
  private final Map<String, CompletionStage<Reply>> answers = new LinkedHashMap<>();

  DiskCalls(CatalogEngine engine, ServerDisks disks, DiskScan scan, DiskAddition addition, DiskRemoval removal, PoolImport imports) {
    this.engine = engine;
    this.disks = disks;
    this.scan = scan;
    this.addition = addition;
    this.removal = removal;
    this.imports = imports;
  }

  CompletionStage<Reply.Builder> scan(ScanDisks call) {
    return scan.scan(call.getUrisList()).thenApply(result -> Reply.newBuilder().setScan(result));
  }

  CompletionStage<Reply.Builder> add(Caller caller, String requestId, AddDisks call, Consumer<Progress> progress) {
    return once(caller, requestId, () -> addition.add(caller.actor(), requestId, call.getDisksList(), progress)
        .thenApply(done -> Reply.newBuilder().setDone(done)));
  }

  CompletionStage<Reply.Builder> remove(Caller caller, String requestId, RemoveDiskAndErase call) {
    return once(caller, requestId, () -> removal.remove(caller.actor(), requestId, call.getDiskId()).thenApply(ChangeCalls::reply));
  }

  CompletionStage<Reply.Builder> importPool(Caller caller, String requestId, ImportPoolFrom call) {
    return once(caller, requestId, () -> imports.importFrom(caller.actor(), requestId, call).thenApply(ChangeCalls::reply));
  }

  CompletionStage<Reply.Builder> recheck() {
    return disks.recheck().thenApply(x -> Reply.newBuilder().setDone(Done.newBuilder().setRevision(engine.read(CatalogView::revision))));
  }

  private CompletionStage<Reply.Builder> once(Caller caller, String requestId, Supplier<CompletionStage<Reply.Builder>> action) {
    if (requestId.isEmpty()) return action.get();
    // Somebody else's request of the same id is not this one.
    String key = caller.actor().getKind() + " " + caller.actor().getName() + " " + requestId;
    CompletionStage<Reply> answer = answers.get(key);
    if (answer == null) {
      answer = action.get().thenApply(Reply.Builder::build);
      answers.put(key, answer);
      if (answers.size() > REMEMBERED) answers.remove(answers.keySet().iterator().next());
    }
    return answer.thenApply(Reply::toBuilder);
  }
}
