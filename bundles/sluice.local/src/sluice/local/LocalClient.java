package sluice.local;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.Problems;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalReply;

/** One call to a program on this machine, over its socket. */
public final class LocalClient {
  private LocalClient() {}

  /**
   * Sends the call and waits for the reply, on the calling thread.
   *
   * @param socket the program's {@code control.sock}
   * @param timeout for the whole of it
   * @throws SluiceException what the program answered if it answered with a problem; UNAVAILABLE if nothing runs
   *     there; FORBIDDEN if this user may not; TIMEOUT if it does not answer in time; IO for anything else
   */
  public static LocalReply call(Path socket, LocalCall call, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!isThere(socket)) throw nothingRuns(null, socket);
    LocalReply reply;
    try (LocalFrames frames = connect(socket)) {
      frames.write(call.toByteArray(), deadline);
      reply = LocalReply.parseFrom(frames.read(deadline));
    } catch (SocketTimeoutException e) {
      throw new SluiceException(e, ErrorCode.TIMEOUT, "the program at " + socket + " does not answer",
          "nothing came for " + timeout.toSeconds() + " s", "look at its log; it may be very busy or stuck",
          List.of(socket.toString()));
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the call to " + socket + " failed", String.valueOf(e.getMessage()),
          "try again, and look at the program's log", List.of(socket.toString()));
    }
    if (reply.hasProblem()) throw Problems.exception(reply.getProblem());
    return reply;
  }

  /** Whoever may not look into the folder does not see the socket, which is not to say that there is none. */
  private static boolean isThere(Path socket) {
    try {
      Files.readAttributes(socket, BasicFileAttributes.class);
      return true;
    } catch (AccessDeniedException e) {
      throw forbidden(e, socket);
    } catch (IOException e) {
      return false;
    }
  }

  private static SluiceException forbidden(IOException cause, Path socket) {
    return new SluiceException(cause, ErrorCode.FORBIDDEN, "this user may not talk to " + socket,
        "permission denied: only the user that runs the program may", "run the command as that user", List.of(socket.toString()));
  }

  private static LocalFrames connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean done = false;
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      done = true;
    } catch (IOException e) {
      if (e instanceof AccessDeniedException || String.valueOf(e.getMessage()).contains("ermission denied")) {
        throw forbidden(e, socket);
      }
      throw nothingRuns(e, socket);
    } finally {
      if (!done) channel.close();
    }
    return new LocalFrames(channel);
  }

  private static SluiceException nothingRuns(IOException cause, Path socket) {
    return new SluiceException(cause, ErrorCode.UNAVAILABLE, "no program answers at " + socket,
        cause == null ? "there is no such socket" : "nobody listens on it",
        "start the program, or give the directory of one that runs", List.of(socket.toString()));
  }
}
