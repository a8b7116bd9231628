package sluice.catalog.ratis;

import com.google.protobuf.CodedInputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogMachine;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Command;

/**
 * Carries commands from Ratis's log to the {@link CatalogMachine} and its state to snapshot files and back. Applying
 * and taking snapshots happen on one thread of Ratis's. A command's revision is its index in the log.
 */
final class CatalogStateMachine extends BaseStateMachine {
  /** What the engine wants to know; any thread of Ratis's. */
  interface Events {
    void ready();

    void failed(Throwable cause);

    void shutDown();
  }

  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private final CatalogMachine machine;
  private final Events events;

  CatalogStateMachine(CatalogMachine machine, Events events) {
    this.machine = machine;
    this.events = events;
  }

  // BaseStateMachine has a life cycle but never moves it, while installing a snapshot insists on PAUSED

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage) throws IOException {
    super.initialize(server, group, raftStorage);
    getLifeCycle().startAndTransition(() -> {
      storage.init(raftStorage);
      load();
    });
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    load();
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  @Override
  public void notifyLeaderReady() {
    events.ready();
  }

  /** Ratis's log takes nothing more after this, until the next start. */
  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
    events.failed(cause);
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
    events.shutDown();
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    TermIndex at = TermIndex.valueOf(entry);
    try {
      Command command = Command.parseFrom(entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
      if (command.getChange().getBodyCase() == Change.BodyCase.BODY_NOT_SET) throw newer(at.getIndex());
      Message reply = Message.valueOf(
          UnsafeByteOperations.unsafeWrap(machine.apply(command, at.getIndex()).toByteArray()));
      updateLastAppliedTermIndex(at);
      return CompletableFuture.completedFuture(reply);
    } catch (IOException | RuntimeException e) {
      // to go on with the next command would make a state that no other start arrives at
      events.failed(e);
      throw new IllegalStateException("the catalog stopped at log entry " + at, e);
    }
  }

  /** The engine lets no such command into the log, so a newer Sluice wrote it: half understanding it is no choice. */
  private static SluiceException newer(long index) {
    return new SluiceException(ErrorCode.CORRUPT, "the catalog's log cannot be read on",
        "entry " + index + " holds a kind of change that this version does not know", "start the newer version again");
  }

  @Override
  public SimpleStateMachineStorage getStateMachineStorage() {
    return storage;
  }

  /**
   * Ratis shortens the log when this returns, so the file and its name are on the disk by then. The digest goes first: a
   * crash in between leaves a digest without a snapshot, which is nothing, and never a snapshot without its digest.
   */
  @Override
  public long takeSnapshot() throws IOException {
    TermIndex at = getLastAppliedTermIndex();
    if (at.getIndex() < 0) return RaftLog.INVALID_LOG_INDEX;
    CatalogState state = machine.save();
    Path file = storage.getSnapshotFile(at.getTerm(), at.getIndex()).toPath();
    Path tmp = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel ch = FileChannel.open(tmp,
            StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(ch), 1 << 16)) {
      state.writeTo(out);
      out.flush();
      ch.force(true);
    }
    MD5Hash digest = MD5FileUtil.computeMd5ForFile(tmp.toFile());
    MD5FileUtil.saveMD5File(file.toFile(), digest);
    Files.move(tmp, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
    storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, digest), at));
    return at.getIndex();
  }

  private void load() throws IOException {
    SingleFileSnapshotInfo latest = storage.loadLatestSnapshot();
    if (latest == null) return;
    Path file = latest.getFile().getPath();
    // Ratis's own verifySavedMD5 compares two stored digests and never looks at the file
    if (!MD5FileUtil.computeMd5ForFile(file.toFile()).equals(MD5FileUtil.readStoredMd5ForFile(file.toFile()))) {
      throw new IOException("corrupt: the snapshot " + file.getFileName() + " does not match its digest");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      machine.load(CatalogState.parseFrom(coded));
    }
    setLastAppliedTermIndex(SimpleStateMachineStorage.getTermIndexFromSnapshotFile(file.toFile()));
  }
}
