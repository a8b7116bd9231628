package sluice.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.demo.Pause;

/** Other NBD servers, each serving the whole of a file over a Unix socket. Started once, idle while others run. */
final class Peers implements AutoCloseable {
  private static final long STOP_SECONDS = 5;

  private final List<ProcessHandle> processes = new CopyOnWriteArrayList<>();
  private final Path dir;

  Peers(Path dir) {
    this.dir = dir;
    // A benchmark that is told to stop must not leave them behind.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> processes.forEach(ProcessHandle::destroy)));
  }

  /** @param offset of the volume's blocks in the export */
  private record Peer(String name, String uri, long offset, List<Long> pids) implements Contestant {}

  /** Those that can go past the page cache. qemu's locks are off: several serve one file, never at the same time. */
  List<Contestant> direct(FileExtent leg) {
    Path file = leg.file();
    long offset = leg.offset();
    return List.of(
        start("qemu-nbd", "q", offset, socket -> List.of("qemu-nbd", "-t", "-e", "16", "--cache=none", "--aio=io_uring", "--discard=unmap", "-k", socket,
            "--image-opts", "driver=raw,file.driver=file,file.locking=off,file.filename=" + file)),
        start("qemu-storage-daemon", "d", offset, socket -> List.of("qemu-storage-daemon", "--blockdev",
            "driver=file,node-name=f0,locking=off,filename=" + file + ",cache.direct=on,aio=io_uring", "--nbd-server", "addr.type=unix,addr.path=" + socket,
            "--export", "type=nbd,id=e0,node-name=f0,name=,writable=on")));
  }

  /** All, in the page cache. */
  List<Contestant> cached(FileExtent leg) {
    Path file = leg.file();
    long offset = leg.offset();
    return List.of(
        start("nbdkit", "ck", offset, socket -> List.of("nbdkit", "-f", "-U", socket, "file", file.toString())),
        start("qemu-nbd", "cq", offset, socket -> List.of("qemu-nbd", "-t", "-e", "16", "--cache=writeback", "--discard=unmap", "-k", socket,
            "--image-opts", "driver=raw,file.driver=file,file.locking=off,file.filename=" + file)),
        start("qemu-storage-daemon", "cd", offset, socket -> List.of("qemu-storage-daemon", "--blockdev",
            "driver=file,node-name=f0,locking=off,filename=" + file, "--nbd-server", "addr.type=unix,addr.path=" + socket,
            "--export", "type=nbd,id=e0,node-name=f0,name=,writable=on")),
        nbdServer(file, offset));
  }

  /**
   * qemu's quorum on the same two extents, past the page cache. One answer is enough, and reads go to one of them only: by default it
   * reads both each time, which would be no rival.
   */
  List<Contestant> mirrored(List<FileExtent> legs) {
    String options = quorum(legs);
    return List.of(start("qemu quorum", "m", 0, socket -> List.of("qemu-nbd", "-t", "-e", "16", "--cache=none", "--aio=io_uring", "--discard=unmap", "-k", socket,
        "--image-opts", options)));
  }

  static String quorum(List<FileExtent> legs) {
    StringBuilder options = new StringBuilder("driver=quorum,vote-threshold=1,read-pattern=fifo");
    for (int i = 0; i < legs.size(); i++) {
      FileExtent leg = legs.get(i);
      String child = ",children." + i + ".";
      options.append(child).append("driver=raw").append(child).append("offset=").append(leg.offset()).append(child).append("size=").append(leg.bytes())
          .append(child).append("file.driver=file").append(child).append("file.locking=off").append(child).append("file.filename=").append(leg.file());
    }
    return options.toString();
  }

  /** nbd-server goes into the background (in the foreground it serves one client only) and forks for each client. */
  private Contestant nbdServer(Path file, long offset) {
    Path socket = dir.resolve("cs.sock");
    Path pidFile = dir.resolve("cs.pid");
    Path config = dir.resolve("cs.conf");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // It always listens on TCP as well; on a port of the loopback that nobody else has.
      Files.writeString(config, "[generic]\nunixsock=" + socket + "\nlistenaddr=127.0.0.1\nport=" + free.getLocalPort() + "\nallowlist=true\n[x]\nexportname=" + file
          + "\nfilesize=" + Files.size(file) + "\n");
    } catch (IOException e) {
      throw failed("nbd-server", e.toString());
    }
    Tool.run(List.of("nbd-server", "-C", config.toString(), "-p", pidFile.toString()), 10);
    Pause.until("nbd-server's start", Duration.ofSeconds(10), () -> Files.exists(socket) && pid(pidFile) > 0);
    processes.add(ProcessHandle.of(pid(pidFile)).orElseThrow(() -> failed("nbd-server", "it has ended")));
    return new Peer("nbd-server", "nbd+unix:///x?socket=" + socket, offset, List.of(pid(pidFile)));
  }

  private static long pid(Path file) {
    try {
      String text = Files.exists(file) ? Files.readString(file).strip() : "";
      return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private interface Command {
    List<String> on(String socket);
  }

  private Contestant start(String name, String shortName, long offset, Command command) {
    Path socket = dir.resolve(shortName + ".sock");
    try {
      Process process = new ProcessBuilder(command.on(socket.toString())).redirectErrorStream(true)
          .redirectOutput(dir.resolve(shortName + ".out").toFile()).start();
      processes.add(process.toHandle());
      Pause.until(name + "'s start", Duration.ofSeconds(10), () -> {
        if (!process.isAlive()) throw failed(name, "it has ended with code " + process.exitValue() + "; its output is in " + dir.resolve(shortName + ".out"));
        return Files.exists(socket);
      });
      return new Peer(name, "nbd+unix:///?socket=" + socket, offset, List.of(process.pid()));
    } catch (IOException e) {
      throw failed(name, e.toString());
    }
  }

  private static SluiceException failed(String name, String why) {
    return new SluiceException(ErrorCode.UNAVAILABLE, name + " did not start", why, "try it by hand");
  }

  @Override
  public void close() {
    processes.forEach(ProcessHandle::destroy);
    for (ProcessHandle p : processes) {
      try {
        p.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException | ExecutionException e) {
        p.destroyForcibly();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        p.destroyForcibly();
      }
    }
  }
}
