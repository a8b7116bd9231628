package sluice.console.core.san;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.client.ClusterProfile;
import sluice.net.HostPort;
import sluice.net.pki.Identity;

/** All clusters that are open, each with a label of its own. On the executor of the user interface; {@link #all} from any thread. */
public final class Sans implements AutoCloseable {
  /** Hears which clusters are open. */
  public interface Listener {
    void opened(SanConnection connection);

    void closed(SanConnection connection);
  }

  private static final int MOST = 32;

  private final String software;
  private final Executor ui;
  private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
    Thread t = new Thread(task, "sluice-projector");
    t.setDaemon(true);
    return t;
  });
  private final List<SanConnection> open = new CopyOnWriteArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();

  /** @param software as in "sluice-console 1.0.0" @param ui runs what touches the models */
  public Sans(String software, Executor ui) {
    this.software = software;
    this.ui = ui;
  }

  public List<SanConnection> all() {
    return List.copyOf(open);
  }

  public Optional<SanConnection> byLabel(String label) {
    return open.stream().filter(c -> c.label().equals(label)).findFirst();
  }

  /** Reads the profile's identity, which blocks for a moment. @throws SluiceException ALREADY_EXISTS, or what the profile says */
  public SanConnection open(String label, ClusterProfile profile) {
    return open(label, profile.addresses(), profile.identity());
  }

  /** @throws SluiceException ALREADY_EXISTS if a cluster of that label is open; CONFLICT if too many are */
  public SanConnection open(String label, List<HostPort> addresses, Identity identity) {
    if (byLabel(label).isPresent()) {
      throw new SluiceException(ErrorCode.ALREADY_EXISTS, "cluster " + label + " is open already", "", "close it first, or look at it", label);
    }
    if (open.size() >= MOST) {
      throw new SluiceException(ErrorCode.CONFLICT, "cluster " + label + " cannot be opened", MOST + " are open", "close one of them", label);
    }
    SanConnection made = SanConnection.open(label, addresses, identity, software, worker, ui);
    open.add(made);
    for (Listener l : List.copyOf(listeners)) l.opened(made);
    return made;
  }

  /** Ends the connection; blocks for a moment. */
  public void close(SanConnection connection) {
    if (!open.remove(connection)) return;
    for (Listener l : List.copyOf(listeners)) l.closed(connection);
    connection.close();
  }

  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  public void removeListener(Listener listener) {
    listeners.remove(listener);
  }

  @Override
  public void close() {
    for (SanConnection c : all()) close(c);
    worker.shutdownNow();
  }
}
