package sluice.local;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.Problems;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalReply;

/**
 * Answers calls on a Unix-domain socket that only its owner can reach: the directory has mode 0700 and the socket
 * 0600, which is the whole of its authentication. One call a connection.
 *
 * <p>Bounded: {@link #MAX_CALLS} calls at once, a further one is told to try again; a message has
 * {@link LocalFrames#LIMIT} bytes at most; a caller that is slow to send or to read is dropped after the deadline.
 */
public final class LocalServer implements AutoCloseable {
  /** The socket's name in the program's directory. */
  public static final String SOCKET = "control.sock";

  static final int MAX_CALLS = 8;
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final long PAUSE_NANOS = 100_000_000;
  private static final Logger LOG = LoggerFactory.getLogger(LocalServer.class);

  private final Path socket;
  private final LocalHandler handler;
  private final long deadlineNanos;
  private final ServerSocketChannel listener;
  private final ThreadPoolExecutor calls;

  private LocalServer(Path socket, LocalHandler handler, Duration deadline, ServerSocketChannel listener) {
    this.socket = socket;
    this.handler = handler;
    this.deadlineNanos = deadline.toNanos();
    this.listener = listener;
    calls = new ThreadPoolExecutor(0, MAX_CALLS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), CallThread::new);
  }

  /**
   * Listens on {@code dir/control.sock}. The caller holds the directory's {@link DirectoryLock}; a socket that a dead
   * program left is replaced, one that a live program answers on is not.
   *
   * @throws SluiceException CONFLICT if a program answers there already; IO if the socket cannot be made
   */
  public static LocalServer open(Path dir, LocalHandler handler) {
    return open(dir, handler, DEADLINE);
  }

  /** For tests, which do not want to wait: a caller has {@code deadline} to send, and as long to read. */
  static LocalServer open(Path dir, LocalHandler handler, Duration deadline) {
    Path socket = dir.resolve(SOCKET);
    try {
      if (Files.exists(socket)) replaceStale(dir, socket);
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      boolean done = false;
      try {
        listener.bind(UnixDomainSocketAddress.of(socket), 16);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        LocalServer server = new LocalServer(socket, handler, deadline, listener);
        daemon(server::accept, "local-accept").start();
        done = true;
        return server;
      } finally {
        if (!done) listener.close();
      }
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "cannot listen on " + socket, String.valueOf(e.getMessage()),
          "use a local file system, and a path of at most 100 bytes", List.of(socket.toString()));
    }
  }

  private static void replaceStale(Path dir, Path socket) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException nobody) {
      Files.delete(socket);
      return;
    }
    throw new SluiceException(ErrorCode.CONFLICT, "already running in " + dir, "a program answers on " + socket,
        "stop it first, or give another directory", dir.toString());
  }

  /** Runs calls; told apart by its type in {@link #close()}. */
  private static final class CallThread extends Thread {
    CallThread(Runnable r) {
      super(r, "local-call");
      setDaemon(true);
    }
  }

  private static Thread daemon(Runnable r, String name) {
    Thread t = new Thread(r, name);
    t.setDaemon(true);
    return t;
  }

  private void accept() {
    while (listener.isOpen()) {
      SocketChannel channel;
      try {
        channel = listener.accept();
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        LOG.warn("local socket {}: a call was not taken: {}", socket, e.toString());
        // most likely there are no more file descriptors: not to burn a core until there are
        LockSupport.parkNanos(PAUSE_NANOS);
        continue;
      }
      dispatch(channel);
    }
  }

  private void dispatch(SocketChannel channel) {
    LocalFrames frames;
    try {
      frames = new LocalFrames(channel);
    } catch (IOException e) {
      LOG.warn("local socket {}: a connection could not be set up: {}", socket, e.toString());
      return;
    }
    try {
      calls.execute(() -> serve(frames));
    } catch (RejectedExecutionException full) {
      // an empty socket buffer takes this at once, so the accepting thread does not wait for the caller
      reply(frames, problem(new SluiceException(ErrorCode.UNAVAILABLE, "the program is busy with other local calls",
          MAX_CALLS + " of them are under way", "try again in a moment")), System.nanoTime());
    }
  }

  private void serve(LocalFrames frames) {
    LocalCall call;
    try {
      call = LocalCall.parseFrom(frames.read(System.nanoTime() + deadlineNanos));
    } catch (IOException e) {
      if (!(e instanceof EOFException)) LOG.debug("local socket {}: a caller was dropped: {}", socket, e.toString());
      close(frames);
      return;
    }
    reply(frames, answer(call), System.nanoTime() + deadlineNanos);
  }

  private LocalReply answer(LocalCall call) {
    try {
      if (call.getBodyCase() == LocalCall.BodyCase.BODY_NOT_SET) {
        return problem(new SluiceException(ErrorCode.INVALID_ARGUMENT, "this program does not know that call",
            "the command line is of another version", "use the command line that came with the program"));
      }
      return handler.handle(call);
    } catch (SluiceException e) {
      return problem(e);
    } catch (Exception | LinkageError e) {
      // LinkageError: a bundle that a call needs was just stopped or exchanged; the next call may find it again
      LOG.error("local call {} failed", call.getBodyCase(), e);
      return LocalReply.newBuilder().setProblem(Problems.of(e)).build();
    }
  }

  private static LocalReply problem(SluiceException e) {
    return LocalReply.newBuilder().setProblem(Problems.of(e)).build();
  }

  private void reply(LocalFrames frames, LocalReply reply, long deadline) {
    try {
      frames.write(reply.toByteArray(), deadline);
    } catch (IOException e) {
      LOG.debug("local socket {}: a reply was not taken: {}", socket, e.toString());
    }
    close(frames);
  }

  private void close(LocalFrames frames) {
    try {
      frames.close();
    } catch (IOException e) {
      LOG.debug("local socket {}: {}", socket, e.toString());
    }
  }

  /** The socket's path. */
  public Path socket() {
    return socket;
  }

  /** Takes no more calls, lets those under way finish for up to two seconds, and removes the socket. */
  @Override
  public void close() {
    try {
      listener.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      LOG.warn("local socket {}: {}", socket, e.toString());
    }
    calls.shutdown();
    try {
      // a handler that closes the server it is called by would wait for itself
      if (!(Thread.currentThread() instanceof CallThread)) calls.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    calls.shutdownNow();
  }
}
