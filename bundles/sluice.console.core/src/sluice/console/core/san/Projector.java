package sluice.console.core.san;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.emf.ecore.EObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.console.core.view.SanViewBuilder;
import sluice.model.ModelFactory;
import sluice.model.San;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;

/**
 * Brings what a server tells into the model: puts news together on its own thread, and applies them in one go on the
 * executor of the user interface, at most every {@value #PACE_MS} ms, and never a second time before the first is done. So a
 * busy user interface gets fewer, larger steps, and no queue.
 *
 * <p>Nothing old is shown as current: when the server is lost the model says so and since when, and nothing is applied until
 * a whole picture has come again.
 */
public final class Projector implements AutoCloseable {
  static final long PACE_MS = 50;
  /** Deltas that wait; with more the picture is better asked for anew than gone through. */
  static final int MOST_WAITING = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(Projector.class);
  
  private final San san = ModelFactory.eINSTANCE.createSan();
  private final ScheduledExecutorService worker;
  private final Executor ui;
  private final Runnable askAnew;
  private final StepMaker steps = new StepMaker(san);

  // Inbox: any thread, under its lock.
  private final Object lock = new Object();
  private Picture picture;
  private List<PictureDelta> deltas = new ArrayList<>();
  private List<Event> events = new ArrayList<>();
  private Link link;
  private boolean overrun;
  private boolean askedAnew;
  private Link told;
  private boolean scheduled;
  private boolean applying;
  private boolean closed;
  private long appliedNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(PACE_MS);

  // The user interface's.
  private final Map<ObjectKey, EObject> objects = new HashMap<>();
  private final List<ModelListener> listeners = new ArrayList<>();
  private volatile SanView view = SanView.EMPTY;
  private volatile Link shownLink;

  /**
   * @param worker one thread, which may serve several projectors
   * @param ui runs what touches the model, one after the other
   * @param askAnew asks the server for a whole picture; on the worker
   */
  public Projector(ScheduledExecutorService worker, Executor ui, Link begin, Runnable askAnew) {
    this.worker = worker;
    this.ui = ui;
    this.askAnew = askAnew;
    this.link = begin;
    this.shownLink = begin;
    san.setConnection(begin.state());
    san.setConnectionSinceMs(begin.sinceMs());
  }

  /** The model's root. Of the user interface. */
  public San san() {
    return san;
  }

  /** What the model shows, for who computes. Any thread. */
  public SanView view() {
    return view;
  }

  /** How the connection is, as it is shown. Any thread. */
  public Link link() {
    return shownLink;
  }

  /** On the executor of the user interface. */
  public Optional<EObject> object(ObjectKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** On the executor of the user interface. */
  public void addListener(ModelListener listener) {
    listeners.add(listener);
  }

  /** On the executor of the user interface. */
  public void removeListener(ModelListener listener) {
    listeners.remove(listener);
  }

  // ---- news; any thread

  /** A whole picture; what waits is void. */
  public void picture(Picture whole, Link current) {
    synchronized (lock) {
      picture = whole;
      deltas = new ArrayList<>();
      overrun = false;
      askedAnew = false;
      link = current;
    }
    wake();
  }

  public void delta(PictureDelta delta) {
    synchronized (lock) {
      if (overrun) return;
      if (deltas.size() >= MOST_WAITING) {
        overrun = true;
        deltas = new ArrayList<>();
      } else {
        deltas.add(delta);
      }
    }
    wake();
  }

  /** Events that were asked for; those that are known already are left out. */
  public void events(List<Event> more) {
    synchronized (lock) {
      events.addAll(more);
    }
    wake();
  }

  /** The connection is in another state. */
  public void link(Link now) {
    synchronized (lock) {
      link = now;
    }
    wake();
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
  }

  // ---- on the worker

  private void wake() {
    synchronized (lock) {
      if (scheduled || applying || closed) return;
      scheduled = true;
      long wait = TimeUnit.MILLISECONDS.toNanos(PACE_MS) - (System.nanoTime() - appliedNanos);
      try {
        worker.schedule(this::step, Math.max(0, wait), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        closed = true;
      }
    }
  }

  private void step() {
    Picture whole;
    List<PictureDelta> news;
    List<Event> asked;
    Link now;
    boolean ask;
    boolean other;
    synchronized (lock) {
      scheduled = false;
      if (closed) return;
      whole = picture;
      news = deltas;
      asked = events;
      now = link;
      ask = overrun && !askedAnew;
      askedAnew = overrun;
      other = !now.equals(told);
      told = now;
      picture = null;
      deltas = new ArrayList<>();
      events = new ArrayList<>();
      applying = true;
    }
    try {
      if (ask) askAnew.run();
      ModelStep step = make(whole, news, asked);
      step.connection = other;
      ui.execute(() -> apply(step, now));
    } catch (RuntimeException e) {
      LOG.error("the picture cannot be shown", e);
      done();
    }
  }

  private ModelStep make(Picture whole, List<PictureDelta> news, List<Event> asked) {
    List<Event> happened = new ArrayList<>(asked);
    Set<ObjectKey> changed = whole == null ? new LinkedHashSet<>() : null;
    SanView next = whole == null ? steps.shown() : SanViewBuilder.of(whole);
    if (!news.isEmpty()) {
      SanViewBuilder b = new SanViewBuilder(next);
      for (PictureDelta d : news) {
        b.delta(d);
        happened.addAll(d.getEventsList());
      }
      next = b.build();
      if (changed != null) changed.addAll(b.changed());
    }
    happened.sort(Comparator.comparingLong(Event::getNumber));
    return steps.to(next, changed, happened);
  }

  // ---- on the executor of the user interface

  private void apply(ModelStep step, Link now) {
    try {
      ModelChange change = step.apply(san);
      objects.keySet().removeAll(step.removed.keySet());
      objects.putAll(step.added);
      if (step.connection) show(now);
      view = step.view;
      for (ModelListener l : List.copyOf(listeners)) tell(l, change);
    } finally {
      done();
    }
  }

  private void show(Link now) {
    san.setConnection(now.state());
    san.setConnectionReason(now.reason());
    san.setConnectionSinceMs(now.sinceMs());
    san.setTruthMs(now.truthMs());
    san.setMyName(now.myName());
    sluice.model.Role role = sluice.model.Role.getByName(now.myRole().name());
    san.setMyRole(role == null ? sluice.model.Role.ROLE_UNSPECIFIED : role);
    shownLink = now;
  }

  private static void tell(ModelListener listener, ModelChange change) {
    try {
      listener.changed(change);
    } catch (RuntimeException e) {
      LOG.error("a listener of the model has failed", e);
    }
  }

  private void done() {
    boolean more;
    synchronized (lock) {
      applying = false;
      appliedNanos = System.nanoTime();
      more = picture != null || !deltas.isEmpty() || !events.isEmpty() || !link.equals(told) || overrun && !askedAnew;
    }
    if (more) wake();
  }
}
