package sluice.catalog;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.core.catalog.Catalog;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;

/**
 * The catalog in memory, for tests and the simulator: nothing outlives it but the last {@link #state()}. Commands are
 * applied, and their stages complete, one after the other in the order of {@link #submit}.
 */
public final class MemoryCatalogEngine implements CatalogEngine {
  /** Commands that may wait; more are refused with UNAVAILABLE. */
  static final int WAITING = 10_000;

  private final DeltaFeed feed;
  private final CatalogMachine machine;
  private final Executor executor;
  private final ExecutorService own;
  private volatile boolean closed;

  /** Empty, with daemon threads of its own. */
  public MemoryCatalogEngine() {
    this(CatalogState.getDefaultInstance());
  }

  /** Goes on from a state, as after a restart. */
  public MemoryCatalogEngine(CatalogState state) {
    own = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
      Thread thread = new Thread(task, "catalog");
      thread.setDaemon(true);
      return thread;
    });
    executor = own;
    feed = new DeltaFeed("catalog-deltas");
    machine = new CatalogMachine(feed);
    machine.load(state);
  }

  /** Without threads of its own: applies and delivers on the executor, which runs one task at a time and in order. */
  public MemoryCatalogEngine(CatalogState state, Executor executor) {
    own = null;
    this.executor = executor;
    feed = new DeltaFeed(executor);
    machine = new CatalogMachine(feed);
    machine.load(state);
  }

  @Override
  public CompletionStage<CommandResult> submit(Command command) {
    CompletableFuture<CommandResult> result = new CompletableFuture<>();
    try {
      executor.execute(() -> apply(command, result));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(closed ? closedError() : new SluiceException(ErrorCode.UNAVAILABLE,
          "The catalog takes no more changes at the moment", WAITING + " are waiting already", "try again"));
    }
    return result;
  }

  private void apply(Command command, CompletableFuture<CommandResult> result) {
    if (closed) {
      result.completeExceptionally(closedError());
      return;
    }
    try {
      result.complete(machine.apply(command, machine.revision() + 1));
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  private static SluiceException closedError() {
    return new SluiceException(ErrorCode.UNAVAILABLE, "The catalog is closed", "the server is stopping", "try again");
  }

  @Override
  public <T> T read(Function<CatalogView, T> query) {
    return machine.read(query);
  }

  @Override
  public boolean subscribe(long afterRevision, Consumer<CatalogDelta> listener) {
    return feed.subscribe(afterRevision, listener);
  }

  @Override
  public void unsubscribe(Consumer<CatalogDelta> listener) {
    feed.unsubscribe(listener);
  }

  @Override
  public List<MemberStatus> members() {
    return List.of(new MemberStatus("memory", "", MemberStatus.Role.LEADER, machine.revision()));
  }

  /** There is no log to shorten: checks that the state can be loaded again, which is what a snapshot is for. */
  @Override
  public CompletionStage<Void> snapshot() {
    try {
      Catalog.load(machine.save());
      return CompletableFuture.completedFuture(null);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The whole state; a new engine can start from it. */
  public CatalogState state() {
    return machine.save();
  }

  /** Commands that still wait fail with UNAVAILABLE. */
  @Override
  public void close() {
    closed = true;
    feed.close();
    if (own != null) own.shutdown();
  }
}
