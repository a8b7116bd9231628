package sluice.agent.volume;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.nbd.Export;
import sluice.nbd.ExportDirectory;
import sluice.nbd.ExportResult;
import sluice.nbd.NbdServer;
import sluice.nbd.Peer;
import sluice.nbd.ServerOptions;

/**
 * A volume's NBD export for programs of this host: on a Unix socket, and on loopback TCP if asked.
 *
 * <p>The socket is named by the volume's id; by the volume's name there is a symbolic link to it, so that a rename does not
 * touch the connections there are. Names that it had before stay good for those who come back by them, until the volume is given
 * up or another one has the name: the links in the folder are the list of them. The folders are their owner's alone (0700), the
 * socket is 0600.
 */
final class VolumeExport implements ExportDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeExport.class);
  /** With {@link #REQUESTS} each it makes the router's bound on waiting requests. */
  private static final int CONNECTIONS = 64;
  private static final int REQUESTS = 64;
  private static final long PAYLOAD = 32L << 20;
  /** sockaddr_un. */
  private static final int MAX_PATH = 107;
  /** Characters of an id that tell a host's volumes apart: 48 random bits, and the path stays short. */
  private static final int SHORT_ID = 13;
  private static final String SUFFIX = ".sock";

  private final Path folder;
  private final String id;
  private final BlockDevice device;
  private final boolean readOnly;
  private final Set<String> formerNames = ConcurrentHashMap.newKeySet();
  private volatile String name;
  private volatile NbdServer unix;
  private volatile NbdServer tcp;

  /** @param folder DIR/volumes */
  VolumeExport(Path folder, String id, String name, BlockDevice device, boolean readOnly) {
    this.folder = folder;
    this.id = id;
    this.name = name;
    this.device = device;
    this.readOnly = readOnly;
  }

  /** Any thread that may block on the folder. @param tcpPort -1: no TCP; 0: any port */
  CompletionStage<Void> open(int tcpPort) {
    Path socket = socket();
    if (link(name).toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH
        || socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
      return CompletableFuture.failedFuture(new SluiceException(ErrorCode.INVALID_ARGUMENT,
          "volume " + name + " cannot be exported", "the path " + socket + " is longer than the " + MAX_PATH + " bytes of a socket's",
          "start the agent with a shorter --dir", id));
    }
    ServerOptions options = ServerOptions.plain().withMaxConnections(CONNECTIONS).withInFlight(REQUESTS, PAYLOAD);
    try {
      Files.createDirectories(socket.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(failure(e));
    }
    return NbdServer.bindAsync(device.loop(), new DomainSocketAddress(socket.toString()), options, this).thenCompose(server -> {
      unix = server;
      try {
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        makeLink();
        formerNames.addAll(linked());
      } catch (IOException e) {
        throw failure(e);
      }
      return tcpPort < 0 ? CompletableFuture.completedFuture(null) : openTcp(tcpPort, options);
    });
  }

  private CompletionStage<Void> openTcp(int port, ServerOptions options) {
    return NbdServer.bindAsync(device.loop(), new InetSocketAddress("127.0.0.1", port), options, this).thenAccept(s -> tcp = s);
  }

  private SluiceException failure(IOException e) {
    return new SluiceException(e, ErrorCode.IO, "volume " + name + " cannot be exported", String.valueOf(e.getMessage()),
        "check the rights of " + folder, List.of(id));
  }

  private Path socket() {
    return folder.resolve(".id").resolve(id.substring(0, Math.min(id.length(), SHORT_ID)));
  }

  private Path link(String of) {
    return folder.resolve(of + SUFFIX);
  }

  private void makeLink() throws IOException {
    Path fresh = folder.resolve("." + id + ".new");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, folder.relativize(socket()));
    Files.move(fresh, link(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** On a thread that may block. Connections stay, and whoever comes back by the name before is let in. */
  void rename(String newName) {
    formerNames.add(name);
    name = newName;
    try {
      makeLink();
    } catch (IOException e) {
      LOG.warn("volume {} ({}): its socket cannot be renamed: {}", newName, id, e.toString());
    }
  }

  /** The names whose links are ours: another volume may have one of them by now. */
  private List<String> linked() throws IOException {
    List<String> names = new ArrayList<>();
    Path target = folder.relativize(socket());
    try (DirectoryStream<Path> links = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path link : links) {
        String file = link.getFileName().toString();
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) names.add(file.substring(0, file.length() - SUFFIX.length()));
      }
    }
    return names;
  }

  /** Empty until it is open. */
  String uri() {
    if (unix == null) return "";
    try {
      return "nbd+unix:///" + name + "?socket=" + new URI(null, null, link(name).toString(), null).getRawPath();
    } catch (URISyntaxException e) {
      return "";
    }
  }

  /** Empty if there is none. */
  String tcpUri() {
    NbdServer server = tcp;
    return server == null ? "" : "nbd://127.0.0.1:" + ((InetSocketAddress) server.address()).getPort() + "/" + name;
  }

  @Override
  public void lookup(String wanted, Peer peer, Consumer<ExportResult> answer) {
    boolean known = wanted.isEmpty() || wanted.equals(name) || wanted.equals(id) || formerNames.contains(wanted);
    if (known) answer.accept(ExportResult.granted(Export.of(device).withReadOnly(readOnly).withDescription("Sluice volume " + name)));
    else answer.accept(ExportResult.refused("no export of that name"));
  }

  @Override
  public void list(Peer peer, Consumer<List<Listed>> answer) {
    answer.accept(List.of(new Listed(name, "Sluice volume " + name)));
  }

  /** Takes no more requests; the stage completes when those there were have ended. */
  CompletionStage<Void> close() {
    NbdServer u = unix;
    NbdServer t = tcp;
    CompletionStage<Void> first = u == null ? CompletableFuture.completedFuture(null) : u.close();
    CompletionStage<Void> second = t == null ? CompletableFuture.completedFuture(null) : t.close();
    return first.thenCombine(second, (a, b) -> null);
  }

  /** On a thread that may block: what is left in the folder. */
  void remove() {
    try {
      for (String one : linked()) Files.deleteIfExists(link(one));
      Files.deleteIfExists(socket());
    } catch (IOException e) {
      LOG.warn("volume {} ({}): its socket cannot be removed: {}", name, id, e.toString());
    }
  }
}
