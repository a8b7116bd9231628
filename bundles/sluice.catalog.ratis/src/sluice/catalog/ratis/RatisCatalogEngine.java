package sluice.catalog.ratis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.catalog.CatalogMachine;
import sluice.catalog.DeltaFeed;
import sluice.catalog.MemberStatus;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;

/**
 * The catalog in a Ratis log of one member, in a directory of its own. A command's stage completes when its log entry
 * has been forced to the disk and applied; see {@link CatalogEngine} for threads and errors.
 *
 * <p>When a write to the log fails, the engine has ended: what was under way fails with IO, as does all that comes, and
 * {@link #failure()} says why until the server is started again. It could not know any more what is on the disk.
 *
 * <p>Bounded: {@link #MAX_PENDING} commands under way, {@link RaftSettings#MAX_COMMAND_BYTES} each, for
 * {@link #LIMIT} at most. Fewer than Ratis's own queue to the disk takes (4096, 64 MiB), so that {@link #submit} does
 * not wait for the disk; it does take Ratis's locks for a moment, so a data path's loop should not call it.
 */
public final class RatisCatalogEngine implements CatalogEngine {
  static final int MAX_PENDING = 2048;
  static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long SNAPSHOT_EVERY = 10_000;
  private static final Duration OPEN_LIMIT = Duration.ofMinutes(2);
  private static final Logger LOG = LoggerFactory.getLogger(RatisCatalogEngine.class);

  private final Path dir;
  private final MemberFile member;
  private final DeltaFeed feed = new DeltaFeed("catalog-deltas");
  private final CatalogMachine machine = new CatalogMachine(feed);
  private final PendingCommands pending = new PendingCommands(MAX_PENDING, LIMIT.toMillis());
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final ClientId self = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private volatile RaftServer server;
  private volatile boolean closing;

  private RatisCatalogEngine(Path dir, MemberFile member) {
    this.dir = dir;
    this.member = member;
  }

  /**
   * Opens the catalog in that directory, or makes an empty one if the directory is empty; returns when it takes
   * commands, with all that was acknowledged before.
   *
   * @param dir of nothing but the catalog; made if it is not there
   * @throws SluiceException IO if the directory cannot be used, CORRUPT if what is in it is damaged or was written by a
   *     newer version, CONFLICT if another engine has it open, TIMEOUT if it is not ready within two minutes
   */
  public static RatisCatalogEngine open(Path dir) {
    return open(dir, SNAPSHOT_EVERY, OPEN_LIMIT);
  }

  /** @param snapshotEvery log entries */
  static RatisCatalogEngine open(Path dir, long snapshotEvery, Duration limit) {
    MemberFile member = null;
    RatisCatalogEngine engine = null;
    boolean done = false;
    try {
      Files.createDirectories(dir);
      member = MemberFile.open(dir);
      StorageFolder folder = new StorageFolder(dir);
      if (member.started() && !folder.hasLog()) throw StorageFolder.damaged(dir, null, "its log is gone");
      folder.checkAndRepair();
      engine = new RatisCatalogEngine(dir, member);
      engine.start(snapshotEvery, limit);
      member.markStarted();
      done = true;
      return engine;
    } catch (SluiceException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw EngineErrors.storage(dir, e);
    } finally {
      if (!done && engine != null) engine.close();
      else if (!done && member != null) closeQuietly(member);
    }
  }

  private void start(long snapshotEvery, Duration limit) throws IOException {
    RaftPeer me = RaftPeer.newBuilder().setId(member.id()).build();
    // the default start-up option formats, which cannot start again on its own storage; RECOVER also makes a new one
    server = RaftServer.newBuilder()
        .setServerId(me.getId())
        .setStateMachine(new CatalogStateMachine(machine, new Watch()))
        .setProperties(RaftSettings.of(dir, snapshotEvery))
        .setGroup(RaftGroup.valueOf(RaftSettings.GROUP, me))
        .setOption(RaftStorage.StartupOption.RECOVER)
        .build();
    server.start();
    try {
      ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new SluiceException(e, ErrorCode.TIMEOUT, "the catalog in " + dir + " is not ready",
          "its log was not read in " + limit.toSeconds() + " s", "look at the disk, then start the server again",
          List.of(dir.toString()));
    } catch (ExecutionException e) {
      throw EngineErrors.storage(dir, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the catalog was being opened", e);
    }
  }

  /** Hears of the state machine's fate, on threads of Ratis's. */
  private final class Watch implements CatalogStateMachine.Events {
    @Override
    public void ready() {
      ready.complete(null);
    }

    @Override
    public void failed(Throwable cause) {
      if (closing || pending.end() != null) return;
      SluiceException e = EngineErrors.storage(dir, cause);
      LOG.error("catalog {}: no more changes are taken: {}", dir, e.getMessage(), cause);
      pending.end(e);
      ready.completeExceptionally(e);
    }

    @Override
    public void shutDown() {
      if (!closing) failed(new IOException("the log has stopped"));
    }
  }

  @Override
  public CompletionStage<CommandResult> submit(Command command) {
    SluiceException refusal = refusal(command);
    if (refusal != null) return CompletableFuture.failedFuture(refusal);
    CompletableFuture<CommandResult> one = pending.add();
    CompletableFuture<CommandResult> answer = new CompletableFuture<>();
    one.whenComplete((result, failure) -> {
      if (failure == null) answer.complete(result);
      else answer.completeExceptionally(EngineErrors.command(failure));
    });
    if (one.isDone()) return answer;
    try {
      server.submitClientRequestAsync(request(command)).whenComplete((reply, failure) -> settle(one, reply, failure));
    } catch (IOException | RuntimeException e) {
      one.completeExceptionally(e);
    }
    return answer;
  }

  /** What would stop the state machine must not get into the log. */
  private static SluiceException refusal(Command command) {
    if (command.getChange().getBodyCase() == Change.BodyCase.BODY_NOT_SET) {
      return new SluiceException(ErrorCode.INVALID_ARGUMENT, "that kind of change is not known",
          "the program that asked for it is newer than this server", "use programs of one version");
    }
    if (command.getSerializedSize() > RaftSettings.MAX_COMMAND_BYTES) {
      return new SluiceException(ErrorCode.INVALID_ARGUMENT, "the change is too large",
          "it has " + command.getSerializedSize() + " of at most " + RaftSettings.MAX_COMMAND_BYTES + " bytes", "");
    }
    return null;
  }

  private RaftClientRequest request(Command command) {
    return RaftClientRequest.newBuilder()
        .setClientId(self)
        .setServerId(server.getId())
        .setGroupId(RaftSettings.GROUP)
        .setCallId(calls.incrementAndGet())
        .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(command.toByteArray())))
        .setType(RaftClientRequest.writeRequestType())
        .build();
  }

  private static void settle(CompletableFuture<CommandResult> one, RaftClientReply reply, Throwable failure) {
    if (failure != null) {
      one.completeExceptionally(failure);
    } else if (!reply.isSuccess()) {
      one.completeExceptionally(reply.getException());
    } else {
      try {
        one.complete(CommandResult.parseFrom(reply.getMessage().getContent().asReadOnlyByteBuffer()));
      } catch (IOException e) {
        one.completeExceptionally(e);
      }
    }
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
    MemberStatus.Role role = pending.end() == null ? MemberStatus.Role.LEADER : MemberStatus.Role.UNREACHABLE;
    return List.of(new MemberStatus(member.id(), "", role, machine.revision()));
  }

  /** Why the engine has ended by itself, for the server's health; empty while all is well. */
  public Optional<SluiceException> failure() {
    return closing ? Optional.empty() : Optional.ofNullable(pending.end());
  }

  @Override
  public CompletionStage<Void> snapshot() {
    SluiceException end = pending.end();
    if (end != null) return CompletableFuture.failedFuture(end);
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      // the last argument: entries since the last one that make a new one worth while; 1 is always
      server.snapshotManagementAsync(SnapshotManagementRequest.newCreate(
          self, server.getId(), RaftSettings.GROUP, calls.incrementAndGet(), LIMIT.toMillis(), 1))
          .whenComplete((reply, failure) -> {
            if (failure != null) done.completeExceptionally(EngineErrors.storage(dir, failure));
            else if (reply.isSuccess()) done.complete(null);
            else done.completeExceptionally(EngineErrors.storage(dir, reply.getException()));
          });
    } catch (RuntimeException e) {
      done.completeExceptionally(EngineErrors.storage(dir, e));
    }
    return done.orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closing) return;
      closing = true;
    }
    pending.end(EngineErrors.closed());
    feed.close();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Thread closer = new Thread(() -> {
      try {
        if (server != null) server.close();
      } catch (IOException | RuntimeException e) {
        LOG.warn("catalog {}: {}", dir, e.toString());
      }
      // after the log's last write: another engine may open the directory as soon as the lock is gone
      closeQuietly(member);
      closed.complete(null);
    }, "catalog-close");
    closer.setDaemon(true);
    closer.start();
    try {
      closed.get(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.warn("catalog {}: a write does not come to an end; it is left behind", dir);
    } catch (ExecutionException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(MemberFile member) {
    try {
      member.close();
    } catch (IOException e) {
      LOG.warn("catalog: {}", e.toString());
    }
  }
}
