package sluice.console.ui.clusters;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.emf.ecore.EObject;
import sluice.console.core.rates.Rates;
import sluice.console.core.san.Link;
import sluice.console.core.san.SanConnection;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.console.ui.look.Format;
import sluice.model.San;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Progress;
import sluice.protocol.v1.Reply;

/** One cluster that is shown, connected or not, as the views ask for it. UI thread, unless a method says otherwise. */
public final class ShownCluster {
  private final SanConnection connection;
  private final Rates rates = new Rates();

  ShownCluster(SanConnection connection) {
    this.connection = connection;
    connection.projector().addListener(change -> rates.look(change.view()));
  }

  /** How fast things have been lately. */
  public Rates rates() {
    return rates;
  }

  public SanConnection connection() {
    return connection;
  }

  public String name() {
    return connection.label();
  }

  public San san() {
    return connection.san();
  }

  /** Any thread. */
  public SanView view() {
    return connection.view();
  }

  /** Is what is shown the present? */
  public boolean connected() {
    return connection.link().current();
  }

  public Link link() {
    return connection.link();
  }

  /** How old the picture is. While connected it is as old as the server's last sign of life. */
  public Duration age() {
    return connection.age();
  }

  /** Was there ever a picture? */
  public boolean known() {
    return link().truthMs() > 0 || connected();
  }

  /** What to say in front of everything that was true once. */
  public String staleWords() {
    Link link = link();
    if (link.current()) return "";
    String why = link.reason().isEmpty() ? "" : " (" + link.reason() + ")";
    if (!known()) return "Nothing is known of it yet" + why + ".";
    return "No server answers since " + Format.moment(link.sinceMs()) + why + ". What is shown is " + Format.duration(age().toMillis()) + " old.";
  }

  public Optional<EObject> object(ObjectKey key) {
    if (key.kind() == ObjectKey.Kind.CLUSTER) return Optional.of(san());
    return connection.projector().object(key);
  }

  /** What this user may do here; 0 if the server has not said it. */
  public int role() {
    return connection.role().getNumber();
  }

  /** All the addresses of the server's networks, as it says them; empty while nothing is known. */
  public List<String> serverAddresses() {
    return view().controlAddresses();
  }

  /** Those that were used to reach it. */
  public List<String> addresses() {
    return connection.addresses().stream().map(Object::toString).toList();
  }

  /** Any thread; the answer comes on the client's. */
  public CompletableFuture<Reply> call(Call.Builder call, Duration deadline, Consumer<Progress> progress) {
    return connection.call(call.build(), deadline, part -> {
      if (part.hasProgress()) progress.accept(part.getProgress());
    });
  }
}
