package sluice.server.disks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockTraits;
import sluice.catalog.CatalogEngine;
import sluice.io.IoLoops;
import sluice.io.disk.InUse;
import sluice.protocol.v1.ScanResult;
import sluice.protocol.v1.ScannedDisk;

/** Looks at what could be added: opened read-only, and closed again. Any thread. */
public final class DiskScan {
  static final int MOST = BlockDeviceListing.MOST;
  private static final long DEADLINE_MS = 5_000;
  /** Looked at together: a scan must not take a machine's descriptors. */
  private static final int AT_ONCE = 16;

  private final DiskAccess access;
  private final CatalogEngine engine;
  private final IoLoops loops;
  private final String clusterId;
  private final Executor blocking;
  private final BlockDeviceListing listing;

  /** @param blocking for reading sysfs */
  public DiskScan(DiskAccess access, CatalogEngine engine, IoLoops loops, String clusterId, Executor blocking) {
    this(access, engine, loops, clusterId, blocking, new BlockDeviceListing(Path.of("/sys/class/block"), Path.of("/dev")));
  }

  DiskScan(DiskAccess access, CatalogEngine engine, IoLoops loops, String clusterId, Executor blocking, BlockDeviceListing listing) {
    this.access = access;
    this.engine = engine;
    this.loops = loops;
    this.clusterId = clusterId;
    this.blocking = blocking;
    this.listing = listing;
  }

  /** @param uris empty: all block devices of this machine */
  public CompletionStage<ScanResult> scan(List<String> uris) {
    if (uris.size() > MOST) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "too many disks at once", uris.size() + " of at most " + MOST, "scan fewer");
    }
    if (!uris.isEmpty()) return batches(new ArrayList<>(uris), ScanResult.newBuilder());
    return CompletableFuture.supplyAsync(listing::list, blocking).thenCompose(devices -> {
      ScanResult.Builder result = ScanResult.newBuilder();
      List<String> free = new ArrayList<>();
      for (BlockDeviceListing.Device d : devices) {
        if (d.whyNot().isEmpty()) free.add(d.uri());
        else result.addDisks(ScannedDisk.newBuilder().setUri(d.uri()).setCapacityBytes(d.capacityBytes()).setWhat("in use").setWhyNot(d.whyNot()));
      }
      return batches(free, result);
    });
  }

  private CompletionStage<ScanResult> batches(List<String> uris, ScanResult.Builder result) {
    if (uris.isEmpty()) return CompletableFuture.completedFuture(result.build());
    List<String> some = List.copyOf(uris.subList(0, Math.min(AT_ONCE, uris.size())));
    List<CompletableFuture<ScannedDisk>> looks = new ArrayList<>();
    for (String uri : some) looks.add(look(uri).toCompletableFuture());
    return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new)).thenCompose(x -> {
      for (CompletableFuture<ScannedDisk> l : looks) result.addDisks(l.join());
      return batches(uris.subList(some.size(), uris.size()), result);
    });
  }

  private CompletionStage<ScannedDisk> look(String uri) {
    return CompletableFuture.supplyAsync(() -> use(uri), blocking).thenCompose(use -> use.isEmpty() ? open(uri)
        : CompletableFuture.completedFuture(ScannedDisk.newBuilder().setUri(uri).setWhat("in use").setWhyNot(use).build()));
  }

  /** Why something else has it; empty if nothing does, or it is no disk at all. */
  private static String use(String text) {
    try {
      DiskUri uri = new DiskUri(text);
      InUse.check(uri);
      new FileUse(Path.of("/sys/block"), Path.of("/proc")).check(uri);
      return "";
    } catch (SluiceException e) {
      return e.code() == ErrorCode.CONFLICT ? e.why() : "";
    }
  }

  private CompletionStage<ScannedDisk> open(String uri) {
    return access.look(uri, loops.next(), true, DEADLINE_MS).handle((found, failure) -> {
      if (failure != null) {
        return ScannedDisk.newBuilder().setUri(uri).setWhat("not usable").setWhyNot(DiskAccess.reason(failure)).build();
      }
      BlockTraits traits = found.device().traits();
      found.device().close();
      // Opened read-only here, so whether it could be written is found out when it is added.
      return engine.read(v -> DiskFinding.of(uri, traits.size(), false, found.label(), v, clusterId)).seen();
    });
  }
}
