package sluice.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.CliContext;
import sluice.cli.ClusterSession;
import sluice.cli.Main;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** A server and hosts in one folder, each a process. Main thread. */
public final class LocalCluster implements AutoCloseable {
  private final CliContext outer;
  private final Path dir;
  private final List<String> listen;
  private final Map<String, ChildProgram> agents = new LinkedHashMap<>();
  private ChildProgram server;
  private ClusterSession session;

  /** @param addresses on which the server listens, such as 127.0.0.1 and 127.0.0.2; one free port on all of them */
  public LocalCluster(CliContext outer, Path dir, String... addresses) {
    this.outer = outer;
    this.dir = dir;
    int port = freePorts(addresses);
    listen = Arrays.stream(addresses).map(a -> a + ":" + port).toList();
    try {
      Files.createDirectories(dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the folder " + dir + " cannot be made", e.toString(), "name another with --dir", List.of(dir.toString()));
    }
  }

  /** A port that is free together with the next one, which the server route takes. */
  private static int freePorts(String... addresses) {
    for (int attempt = 0; attempt < 100; attempt++) {
      List<ServerSocket> held = new ArrayList<>();
      try {
        held.add(new ServerSocket(0, 1, InetAddress.getByName(addresses[0])));
        int port = held.get(0).getLocalPort();
        for (String a : addresses) {
          if (!a.equals(addresses[0])) held.add(new ServerSocket(port, 1, InetAddress.getByName(a)));
          held.add(new ServerSocket(port + 1, 1, InetAddress.getByName(a)));
        }
        return port;
      } catch (IOException | IllegalArgumentException e) {
        // One of them is taken: another port may do.
      } finally {
        for (ServerSocket s : held) closeQuietly(s);
      }
    }
    throw new SluiceException(ErrorCode.CONFLICT, "no free ports were found on " + String.join(", ", addresses), "", "stop something that listens there");
  }

  private static void closeQuietly(ServerSocket s) {
    try {
      s.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<String> listen() {
    return listen;
  }

  public Map<String, String> environment() {
    Map<String, String> all = new HashMap<>(outer.environment());
    all.put("SLUICE_CONFIG", configFolder().toString());
    return all;
  }

  Path configFolder() {
    return dir.resolve("config");
  }

  public ChildProgram startServer() {
    List<String> arguments = new ArrayList<>(List.of("server", "--dir", dir.resolve("server").toString(), "--name", "demo"));
    for (String address : listen) arguments.addAll(List.of("--listen", address));
    server = ChildProgram.start("server", dir.resolve("output"), environment(), arguments);
    return server;
  }

  public ChildProgram server() {
    return server;
  }

  /** Joins a host and starts its agent. */
  public ChildProgram startAgent(String name, String... more) {
    String token = run("host", "token", name, "-q").strip();
    List<String> arguments = new ArrayList<>(List.of("agent", "--dir", agentDir(name).toString(), "--server", String.join(",", listen), "--token", token));
    arguments.addAll(List.of(more));
    ChildProgram agent = ChildProgram.start(name, dir.resolve("output"), environment(), arguments);
    agents.put(name, agent);
    return agent;
  }

  public Path agentDir(String name) {
    return dir.resolve(name);
  }

  /** A file for a disk; sparse. */
  public Path disk(String name, long bytes) {
    Path file = dir.resolve("disks").resolve(name + ".img");
    try {
      Files.createDirectories(file.getParent());
      try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
        f.setLength(bytes);
      }
      return file;
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the file " + file + " cannot be made", e.toString(), "name a folder with room with --dir", List.of(file.toString()));
    }
  }

  /** Carries out a command of this command line; its output. Fails with what it says on standard error. */
  public String run(String... arguments) {
    StringWriter out = new StringWriter();
    run(out, arguments);
    return out.toString();
  }

  /** The same, with each line of output as it comes. */
  void follow(Consumer<String> line, String... arguments) {
    run(new Lines(line), arguments);
  }

  private void run(Writer out, String... arguments) {
    StringWriter err = new StringWriter();
    CliContext inner = new CliContext(new PrintWriter(out), new PrintWriter(err), false, environment(), outer.connector());
    int code = Main.run(inner, arguments);
    if (code != 0) {
      throw new SluiceException(ErrorCode.CONFLICT, "'sluice " + String.join(" ", arguments) + "' ended with code " + code,
          err.toString().strip().replaceFirst("^sluice: ", ""), "the programs' output is in " + dir.resolve("output"));
    }
  }

  /** Hands over whole lines. */
  private static final class Lines extends Writer {
    private final Consumer<String> to;
    private final StringBuilder begun = new StringBuilder();

    Lines(Consumer<String> to) {
      this.to = to;
    }

    @Override
    public void write(char[] chars, int offset, int length) {
      begun.append(chars, offset, length);
      for (int end = begun.indexOf("\n"); end >= 0; end = begun.indexOf("\n")) {
        to.accept(begun.substring(0, end));
        begun.delete(0, end + 1);
      }
    }

    @Override
    public void flush() {
      // A line is handed over as soon as it is whole.
    }

    @Override
    public void close() {
      if (!begun.isEmpty()) to.accept(begun.toString());
      begun.setLength(0);
    }
  }

  /** The cluster now, over one connection that is kept and renewed. */
  public Picture picture() {
    try {
      if (session == null) session = outer.connector().connect(configFolder(), null, null, Duration.ofSeconds(20));
      return session.picture();
    } catch (SluiceException e) {
      if (session != null) session.close();
      session = null;
      throw e;
    }
  }

  /** What a host says of a volume; an empty status if it says nothing or no server answers. */
  public VolumeStatus status(String volume) {
    Picture p;
    try {
      p = picture();
    } catch (SluiceException e) {
      return VolumeStatus.getDefaultInstance();
    }
    for (Volume v : p.getVolumesList()) {
      for (VolumeStatus s : p.getVolumeStatusList()) {
        if (v.getName().equals(volume) && s.getVolumeId().equals(v.getId()) && s.getHeld()) return s;
      }
    }
    return VolumeStatus.getDefaultInstance();
  }

  /** Stops all, hosts first. */
  @Override
  public void close() {
    if (session != null) session.close();
    agents.values().forEach(ChildProgram::close);
    if (server != null) server.close();
  }
}
