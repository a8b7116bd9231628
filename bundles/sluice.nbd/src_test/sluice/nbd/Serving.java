package sluice.nbd;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sluice.io.IoLoops;
import sluice.io.LoopKind;
import sluice.io.NettyLoop;

/** A loop, a folder, and servers on it with exports by name. */
final class Serving implements AutoCloseable, ExportDirectory {
  final IoLoops loops;
  final NettyLoop loop;
  final Path folder;
  final Map<String, Export> exports = new LinkedHashMap<>();
  /** Names that a peer of this subject may not see. */
  String stranger = "";
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();

  Serving() {
    this(LoopKind.best());
  }

  Serving(LoopKind kind) {
    this(IoLoops.start("test", 1, kind));
  }

  /** @param budget bytes for the requests of all connections */
  Serving(long budget) {
    this(IoLoops.start("test", 1, LoopKind.best(), budget));
  }

  private Serving(IoLoops started) {
    loops = started;
    loop = loops.next();
    try {
      folder = Files.createTempDirectory("nbd");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  MemoryDevice memory(String name, int size) {
    MemoryDevice device = new MemoryDevice(loop, size);
    export(name, Export.of(device));
    return device;
  }

  void export(String name, Export export) {
    exports.put(name, export.withCallbacks(opened::incrementAndGet, closed::incrementAndGet));
  }

  NbdServer serve(SocketAddress address, ServerOptions options) {
    return NbdServer.bind(loop, address, options, this);
  }

  /** On a Unix socket in the folder. */
  NbdServer serve() {
    return serve(UnixDomainSocketAddress.of(socket()), ServerOptions.plain());
  }

  Path socket() {
    return folder.resolve("nbd.sock");
  }

  String uri(String export) {
    return "nbd+unix:///" + export + "?socket=" + socket();
  }

  @Override
  public void lookup(String name, Peer peer, Consumer<ExportResult> answer) {
    Export export = exports.get(name);
    if (export == null) answer.accept(ExportResult.refused("unknown"));
    else if (isStranger(peer)) answer.accept(ExportResult.refused("no grant"));
    else answer.accept(ExportResult.granted(export));
  }

  private boolean isStranger(Peer peer) {
    return peer.certificates() != null && !stranger.isEmpty() && peer.toString().contains(stranger);
  }

  @Override
  public void list(Peer peer, Consumer<List<Listed>> answer) {
    if (isStranger(peer)) answer.accept(List.of());
    else answer.accept(exports.entrySet().stream().map(e -> new Listed(e.getKey(), e.getValue().description())).toList());
  }

  /** Runs on the loop and waits for it. */
  <T> T onLoop(Supplier<T> task) {
    return await(CompletableFuture.supplyAsync(task, loop));
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException r) throw r;
      throw new AssertionError(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for something that the loop will bring about. */
  void until(Supplier<Boolean> condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!onLoop(condition)) {
      if (System.nanoTime() > deadline) throw new AssertionError("it did not come about");
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    loops.close();
    try (var files = Files.walk(folder)) {
      for (Path p : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(p);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
