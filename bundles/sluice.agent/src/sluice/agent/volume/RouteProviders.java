package sluice.agent.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteProvider;

/**
 * The bundles that carry I/O, as they come and go. Any thread.
 *
 * <p>Of two that carry by the same way the one that came last is used; when it goes, the other.
 */
public final class RouteProviders {
  /** Who uses routes. Called on the thread on which a provider comes or goes. */
  public interface User {
    /** The provider of this kind is another one now. */
    void use(RouteProvider provider);

    /** There is none any more; the stage completes when nothing goes by the one there was. */
    CompletionStage<Void> stop(RouteKind kind);
  }

  private final List<RouteProvider> providers = new ArrayList<>();
  private final List<User> users = new CopyOnWriteArrayList<>();

  public void added(RouteProvider provider) {
    synchronized (providers) {
      providers.add(provider);
    }
    for (User user : users) user.use(provider);
  }

  /** The stage completes when no request goes by the provider any more. */
  public CompletionStage<Void> removed(RouteProvider provider) {
    RouteProvider next;
    synchronized (providers) {
      boolean used = current(provider.kind()) == provider;
      providers.remove(provider);
      if (!used) return CompletableFuture.completedFuture(null);
      next = current(provider.kind());
    }
    List<CompletableFuture<Void>> stops = new ArrayList<>();
    for (User user : users) {
      stops.add(user.stop(provider.kind()).toCompletableFuture());
      if (next != null) user.use(next);
    }
    return CompletableFuture.allOf(stops.toArray(CompletableFuture<?>[]::new));
  }

  /** Null if there is none. */
  public RouteProvider current(RouteKind kind) {
    synchronized (providers) {
      for (int i = providers.size() - 1; i >= 0; i--) if (providers.get(i).kind() == kind) return providers.get(i);
      return null;
    }
  }

  void join(User user) {
    users.add(user);
    for (RouteKind kind : RouteKind.values()) {
      RouteProvider provider = current(kind);
      if (provider != null) user.use(provider);
    }
  }

  void leave(User user) {
    users.remove(user);
  }
}
