package sluice.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.ControlLink;
import sluice.net.HostPort;
import sluice.net.LinkListener;
import sluice.net.LinkSet;
import sluice.net.LinkSetup;
import sluice.net.pki.Identity;
import sluice.protocol.Problems;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.GetPicture;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Progress;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Welcome;

/**
 * Asks a cluster's server, over whichever of its networks answers.
 *
 * <p>A call whose link is lost is asked again over another one, or after reconnecting, until its deadline; it keeps its
 * request id, by which the server does a change once only. Methods may be called from any thread and do not block,
 * except {@link #await} and {@link #close}; stages complete and listeners are called on the client's one loop.
 */
public final class ManagementClient implements AutoCloseable {
  /** Of a call that is given none. */
  public static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(ManagementClient.class);
  private static final int MAX_WATCHES = 16;
  private static final long SWEEP_MILLIS = 50;

  private final LinkSet links;
  private final CallTable<ControlLink> calls = new CallTable<>();
  private final List<Watching> watches = new ArrayList<>();
  private final CompletableFuture<Welcome> ready = new CompletableFuture<>();
  private final Readiness readiness;
  private boolean patient = true;
  private boolean sweeping;
  private boolean closed;

  private ManagementClient(List<HostPort> addresses, Identity identity, String software) {
    this.readiness = new Readiness((int) addresses.stream().distinct().count());
    this.links = LinkSet.open(LinkSetup.user(addresses, identity, software), new Links());
  }

  /** @param software as in "sluice 1.0.0" @throws SluiceException if the profile's identity cannot be read; blocks for it */
  public static ManagementClient connect(ClusterProfile profile, String software) {
    return connect(profile.addresses(), profile.identity(), software);
  }

  /** Starts connecting to all the addresses; {@link #ready} tells how that goes. */
  public static ManagementClient connect(List<HostPort> addresses, Identity identity, String software) {
    return new ManagementClient(addresses, identity, software);
  }

  /**
   * The first Welcome. Fails with what the server said if it refuses this identity, and with UNAVAILABLE and the reason
   * of every address if none has answered when the patience ends and each was tried once. Calls need not wait for it.
   */
  public CompletableFuture<Welcome> ready(Duration patience) {
    links.after(patience.toMillis(), () -> {
      patient = false;
      giveUpIfHopeless();
    });
    return ready.copy();
  }

  /** The newest of any network: who we are to the server, and its own facts. Empty before the first. */
  public Optional<Welcome> welcome() {
    return links.welcome();
  }

  /** State of every network, with reason and since when. */
  public List<NetworkStatus> networks() {
    return links.networks();
  }

  /** As {@link #call(Call, Duration, Consumer)} with {@link #DEADLINE}, for calls that answer at once. */
  public CompletableFuture<Reply> call(Call call) {
    return call(call, DEADLINE, part -> {});
  }

  /** As {@link #call(Call, Duration, Consumer)}, hearing of progress only. */
  public CompletableFuture<Reply> callWithProgress(Call call, Duration deadline, Consumer<Progress> onProgress) {
    return call(call, deadline, part -> {
      if (part.hasProgress()) onProgress.accept(part.getProgress());
    });
  }

  /**
   * Asks, and asks again after a lost connection.
   *
   * @param call its request id is made if it has none
   * @param deadline until the last answer; then it fails with TIMEOUT if it was asked, with UNAVAILABLE if it never was
   * @param onPart hears of all replies before the last one, progress for instance; may hear some twice
   * @return the last reply; a Problem comes as {@link SluiceException}
   */
  public CompletableFuture<Reply> call(Call call, Duration deadline, Consumer<Reply> onPart) {
    Call named = call.getRequestId().isEmpty() ? call.toBuilder().setRequestId(RequestIds.next()).build() : call;
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    var pending = new CallTable.Pending<ControlLink>(named, System.nanoTime() + deadline.toNanos(), onPart, answer);
    onLoop(() -> begin(pending), answer);
    return answer;
  }

  /** What the SAN looks like now, as far as this identity may see it. */
  public CompletableFuture<Picture> picture() {
    PictureParts parts = new PictureParts();
    Call call = Call.newBuilder().setGetPicture(GetPicture.newBuilder().setInParts(true)).build();
    return call(call, DEADLINE, part -> {
      if (part.hasPicture()) parts.add(part.getPicture());
    }).thenApply(last -> parts.add(last.getPicture()).orElseThrow(() -> new SluiceException(
        ErrorCode.CORRUPT, "the picture is not complete", "a part of it has not come", "ask again")));
  }

  /** Tells the listener the picture and every change of it, until the watch or the client is closed. */
  public Watching watch(PictureListener listener) {
    return follow(new FoldingListener(listener));
  }

  /** As {@link #watch}, without putting the changes together: for those who keep the picture in a form of their own. */
  public Watching follow(DeltaListener listener) {
    Watching[] made = new Watching[1];
    made[0] = new Watching(links, listener, () -> watches.remove(made[0]));
    Watching watching = made[0];
    links.onLoop(() -> {
      if (watches.size() >= MAX_WATCHES) {
        listener.refused(new SluiceException(
            ErrorCode.CONFLICT, "too many watches", MAX_WATCHES + " are open", "close one of them"));
        return;
      }
      watches.add(watching);
      watching.start();
    });
    return watching;
  }

  /** Blocks for a stage of this client, not on its loop. @throws SluiceException as the stage fails */
  public static <T> T await(CompletableFuture<T> stage) {
    try {
      return stage.get();
    } catch (ExecutionException e) {
      throw sluice(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SluiceException(ErrorCode.UNAVAILABLE, "interrupted while waiting for the server", "", "");
    }
  }

  /** Ends the connections; calls without an answer fail. Blocks for a moment; not to be called on the loop. */
  @Override
  public void close() {
    links.onLoop(() -> {
      closed = true;
      calls.clear().forEach(p -> p.answer.completeExceptionally(endedError()));
      ready.completeExceptionally(endedError());
    });
    links.close();
  }

  // ---- on the loop

  private void begin(CallTable.Pending<ControlLink> pending) {
    if (closed) {
      pending.answer.completeExceptionally(endedError());
    } else if (!calls.add(pending)) {
      pending.answer.completeExceptionally(new SluiceException(
          ErrorCode.CONFLICT, "the request cannot be sent", "it is under way already, or "
          + CallTable.MAX_CALLS + " others are", "wait for an answer"));
    } else {
      // Also when whoever asked gives up: its future is completed or cancelled, and the call is forgotten.
      pending.answer.whenComplete((r, f) -> links.onLoop(() -> calls.remove(pending)));
      sendWaiting();
      sweepLater();
    }
  }

  private void sendWaiting() {
    for (CallTable.Pending<ControlLink> pending : calls.waiting()) {
      ControlLink best = links.best().orElse(null);
      if (best == null) return;
      long id = best.call(pending.call);
      if (id == 0) continue;
      calls.sent(pending, best, id);
      if (pending.attempts() > 1) {
        LOG.info("client: request {} asked again over {}", pending.call.getRequestId(), best);
      }
    }
  }

  private void sweepLater() {
    if (sweeping || closed) return;
    sweeping = true;
    links.after(SWEEP_MILLIS, () -> {
      sweeping = false;
      calls.expired(System.nanoTime()).forEach(this::expire);
      if (calls.isEmpty()) return;
      sendWaiting();
      sweepLater();
    });
  }

  private void expire(CallTable.Pending<ControlLink> pending) {
    boolean asked = pending.attempts() > 0;
    SluiceException unreachable = readiness.failure();
    pending.answer.completeExceptionally(
        asked
            ? new SluiceException(
                ErrorCode.TIMEOUT, "the server has not answered in time",
                "the request was sent; whether it was done is not known",
                "look at the present state before asking again")
            : unreachable);
  }

  private void giveUpIfHopeless() {
    if (!ready.isDone() && readiness.hopeless(patient)) ready.completeExceptionally(readiness.failure());
  }

  private void onLoop(Runnable task, CompletableFuture<?> elseFails) {
    if (!links.onLoop(task)) elseFails.completeExceptionally(endedError());
  }

  private static SluiceException endedError() {
    return new SluiceException(ErrorCode.UNAVAILABLE, "the client is closed", "", "");
  }

  private static SluiceException sluice(Throwable failure) {
    Throwable t = failure;
    while (t instanceof CompletionException && t.getCause() != null) t = t.getCause();
    return t instanceof SluiceException e ? e : Problems.exception(Problems.of(t));
  }

  /** What comes over the links. */
  private final class Links implements LinkListener {
    @Override
    public void up(ControlLink link, Welcome welcome) {
      ready.complete(welcome);
      readiness.up(link.address());
      sendWaiting();
      List.copyOf(watches).forEach(Watching::start);
    }

    @Override
    public void down(ControlLink link, String reason) {
      readiness.failed(link.address(), reason, null);
      calls.lost(link);
      sendWaiting();
      List.copyOf(watches).forEach(w -> w.down(link, reason));
    }

    @Override
    public void failed(ControlLink link, String reason, SluiceException refusal) {
      readiness.failed(link.address(), reason, refusal);
      giveUpIfHopeless();
    }

    @Override
    public void heartbeatAck(ControlLink link, long round) {
      watches.forEach(w -> w.alive(link));
    }

    @Override
    public void pictureDelta(ControlLink link, long id, PictureDelta delta) {
      List.copyOf(watches).forEach(w -> w.delta(link, id, delta));
    }

    @Override
    public void reply(ControlLink link, long id, Reply reply) {
      for (Watching w : List.copyOf(watches)) if (w.reply(link, id, reply)) return;
      calls.asked(link, id).ifPresent(pending -> {
        if (!reply.getLast()) {
          pending.parts.accept(reply); // a failure of it is logged by the links and ends nothing
          return;
        }
        calls.remove(pending);
        if (reply.hasProblem()) pending.answer.completeExceptionally(Problems.exception(reply.getProblem()));
        else pending.answer.complete(reply);
      });
    }
  }
}
