package sluice.cli.demo;

import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.io.IoLoops;
import sluice.io.NettyLoop;
import sluice.io.device.AlignedDevice;
import sluice.io.disk.FileDiskOpener;
import sluice.nbd.Export;
import sluice.nbd.ExportDirectory;
import sluice.nbd.ExportResult;
import sluice.nbd.NbdServer;
import sluice.nbd.Peer;
import sluice.nbd.ServerOptions;

/**
 * The demo's storage network: each host reaches the disks through a port of its own, which can be broken without
 * anybody else noticing. A port is an NBD server on a Unix socket in this process; all run on one loop.
 */
public final class San implements AutoCloseable {
  private final IoLoops loops = IoLoops.start("san", 1);
  private final NettyLoop loop = loops.next();
  private final FileDiskOpener opener = new FileDiskOpener();
  private final Map<String, BlockDevice> disks = new LinkedHashMap<>();
  private final Map<String, BreakableDevice.Switch> faults = new HashMap<>();
  private final Map<String, BreakableDevice.Switch> diskFaults = new HashMap<>();
  private final List<NbdServer> ports = new ArrayList<>();
  private final Path dir;
  private volatile Refusals refusals = (offset, nanos) -> {};

  /** Who is told of reads and writes that met a broken port or disk; on the network's loop. */
  public interface Refusals {
    /** @param offset on the disk, bytes; @param nanos when it was answered, in System.nanoTime's time */
    void refused(long offset, long nanos);
  }

  /** @param dir where the ports' sockets go; a short path, since a socket's may have 107 bytes */
  public San(Path dir) {
    this.dir = dir;
  }

  /** Puts a disk into the network. */
  public void connect(String name, Path file) {
    diskFaults.put(name, new BreakableDevice.Switch());
    disks.put(name, opener.open(new DiskUri("file:" + file), loop, false).toCompletableFuture().join());
  }

  /** Names of the disks, in the order in which a port's URIs are. */
  List<String> disks() {
    return List.copyOf(disks.keySet());
  }

  /** Makes the port of a host or of the server, with the disks there are by now; the URIs by which it reaches them, in order. */
  public List<String> port(String host) {
    BreakableDevice.Switch fault = new BreakableDevice.Switch();
    faults.put(host, fault);
    Map<String, Export> exports = new HashMap<>();
    disks.forEach((name, disk) -> exports.put(name, Export.of(new BreakableDevice(AlignedDevice.of(disk), fault, diskFaults.get(name), this::refused))));
    Path socket = dir.resolve(host + ".san");
    ports.add(NbdServer.bind(loop, UnixDomainSocketAddress.of(socket), ServerOptions.plain(), new Exports(exports)));
    return disks.keySet().stream().map(name -> "nbd+unix:///" + name + "?socket=" + socket).toList();
  }

  private void refused(BlockRequest request) {
    if (request.op.hasPayload()) refusals.refused(request.offset, System.nanoTime());
  }

  /** From now on, instead of whom was told before. */
  public void tell(Refusals who) {
    refusals = who;
  }

  /** The host's port answers everything with an I/O error from now on. */
  public void breakPort(String host) {
    faults.get(host).broken = true;
  }

  /** The host's port works again. */
  public void mend(String host) {
    faults.get(host).broken = false;
  }

  /** The disk answers everything with an I/O error from now on, to everybody whose way to it is this network. */
  public void breakDisk(String name) {
    diskFaults.get(name).broken = true;
  }

  /** The disk works again, with what was on it when it broke. */
  public void mendDisk(String name) {
    diskFaults.get(name).broken = false;
  }

  @Override
  public void close() {
    for (NbdServer port : ports) port.close().toCompletableFuture().join();
    for (BlockDevice disk : disks.values()) disk.close().toCompletableFuture().join();
    opener.close();
    loops.close();
  }

  private record Exports(Map<String, Export> exports) implements ExportDirectory {
    @Override
    public void lookup(String name, Peer peer, Consumer<ExportResult> answer) {
      Export export = exports.get(name);
      answer.accept(export == null ? ExportResult.refused("no disk " + name) : ExportResult.granted(export));
    }

    @Override
    public void list(Peer peer, Consumer<List<Listed>> answer) {
      answer.accept(exports.keySet().stream().sorted().map(name -> new Listed(name, "")).toList());
    }
  }
}
