package sluice.agent.router;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sluice.api.block.BlockOp;
import sluice.api.block.IoLoop;
import sluice.api.route.DiskLine;
import sluice.api.route.Route;

/**
 * What is under way by the direct way, and who waits for some of it to end: a recall (invariant 3), a new layout, the next
 * window of a recovery (invariant 5). Routes that were taken away count until what they still have is settled.
 *
 * <p>Reads and changes count; FLUSH and CACHE change no data, and nobody waits for them. On the router's loop.
 */
public final class DirectWork {
  /**
   * Most of what is under way when a lease runs out ends by itself in this time, and a connection that need not be cut need not be proved
   * anew. Part of the margin that the server waits beyond a lease.
   */
  private static final long CUT_AFTER = TimeUnit.MILLISECONDS.toNanos(300);

  /** One route's share. */
  private static final class Tally {
    private final Route route;
    private int live;
    /** Of those, the ones whose deadline has passed. */
    private int late;

    Tally(Route route) {
      this.route = route;
    }

    boolean idle() {
      return live == 0;
    }

    boolean forgettable() {
      return live == 0 && route.formerDisks().isEmpty();
    }

    /** Everything there is may take any time: it is late, or on disks that are lost. */
    boolean hangs() {
      return live == late || busyOnlyOn(route.lostDisks());
    }

    boolean busyOnlyOn(Set<String> disks) {
      Set<String> busy = route.busyDisks();
      return !busy.isEmpty() && disks.containsAll(busy);
    }
  }

  private record Waiter(Supplier<Set<String>> except, CompletableFuture<Void> answer) {}

  private final IoLoop loop;
  private final long tick;
  private final Changes changes;
  private final Runnable stillnessChanged;
  private final List<Tally> tallies = new ArrayList<>();
  private final List<Waiter> waiters = new ArrayList<>();
  private CompletableFuture<Void> stillAnswer;
  private boolean standing;
  private boolean saidStill;
  private boolean lapsed;
  private int lapses;
  private Set<String> saidDoubtful = Set.of();
  private final Runnable lookAgain = this::lookAgain;
  private boolean looking;
  private boolean ticking;
  private long windowStart;
  private long windowEnd;
  private long windowFloor;
  private int windowNumber;
  private int windowHeldBy;
  private long proofsRun;
  private List<DiskLine> proofs = List.of();
  private CompletableFuture<Void> windowAnswer = CompletableFuture.completedFuture(null);

  DirectWork(IoLoop loop, long tick, Changes changes, Runnable stillnessChanged) {
    this.loop = loop;
    this.tick = tick;
    this.changes = changes;
    this.stillnessChanged = stillnessChanged;
  }

  // ---- what the router tells

  void offered(Route route) {
    tallies.removeIf(Tally::forgettable);
    tallies.add(new Tally(route));
    route.window(windowStart, windowEnd);
    if (lapsed) route.lapsed(true);
    if (proofsRun != 0) route.proofs(proofsRun, proofs);
    if (quiet()) route.quiet(true);
  }

  /** The server's word for lines to disks; see {@link Route#proofs}. */
  public void proofs(long run, List<DiskLine> proved) {
    proofsRun = run;
    proofs = proved;
    if (!tallies.isEmpty()) tallies.get(tallies.size() - 1).route.proofs(run, proved);
  }

  /** Of the route in use. */
  public List<DiskLine> lines() {
    return tallies.isEmpty() ? List.of() : tallies.get(tallies.size() - 1).route.lines();
  }

  void sent(Attempt a, BlockOp op) {
    if (!counts(op)) return;
    Tally t = of(a.route);
    a.counted = t != null;
    if (t != null) t.live++;
  }

  private static boolean counts(BlockOp op) {
    return op != BlockOp.FLUSH && op != BlockOp.CACHE;
  }

  private Tally of(Route route) {
    for (int i = tallies.size() - 1; i >= 0; i--) if (tallies.get(i).route == route) return tallies.get(i);
    return null;
  }

  /** Its deadline has passed; may be said again. */
  void late(Attempt a) {
    if (!a.counted || a.late) return;
    a.late = true;
    of(a.route).late++;
    lookSoon();
  }

  /** The route has settled it, or nobody waits for it any more. */
  void ended(Attempt a) {
    if (a.counted) {
      Tally t = of(a.route);
      t.live--;
      if (a.late) t.late--;
      if (tallies.size() > 1 && t != tallies.get(tallies.size() - 1) && t.forgettable()) tallies.remove(t);
    }
    a.counted = false;
    a.late = false;
    if (a.window != 0 && a.window == windowNumber && --windowHeldBy == 0) windowAnswer.complete(null);
    a.window = 0;
    lookSoon();
  }

  // ---- standing still

  /** The gate is closed: the stage completes as soon as {@link #still}. From then on nothing more gets to the disks. */
  CompletionStage<Void> stand() {
    standing = true;
    saidStill = false;
    if (stillAnswer == null || stillAnswer.isDone()) stillAnswer = new CompletableFuture<>();
    CompletionStage<Void> answer = stillAnswer;
    look();
    return answer;
  }

  /** The gate may open. */
  void goOn() {
    standing = false;
    saidStill = false;
    saidDoubtful = Set.of();
    for (Tally t : tallies) t.route.quiet(lapsed);
  }

  /**
   * The lease of a shared volume has run out, or has been renewed. Meanwhile nothing more gets to the disks, also nothing that the
   * routes do by themselves, as clearing write intents: the server may have changed the layout by now (invariant 2). What is on its
   * way has a little time to end, and is cut off then, for it could get there behind a copy that the server makes when the margin is over.
   */
  void lapsed(boolean on) {
    if (lapsed == on) return;
    lapsed = on;
    for (Tally t : List.copyOf(tallies)) {
      t.route.lapsed(on);
      t.route.quiet(quiet());
    }
    int mine = ++lapses;
    if (on) loop.schedule(CUT_AFTER, () -> {
      if (lapsed && mine == lapses) for (Tally t : List.copyOf(tallies)) t.route.cut();
    });
  }

  /** A new layout has ended what was quiet for the old one. */
  public void relaidOut() {
    if (lapsed) for (Tally t : tallies) t.route.quiet(true);
  }

  private boolean quiet() {
    return lapsed || standing && saidStill;
  }

  /**
   * Is nothing under way, but for what hangs: is past its deadline, or on lost disks only? Such a disk must not hold up the very
   * recall that takes it out of the volume.
   */
  public boolean still() {
    // Once said it stays so: nothing is sent, and quiet routes let nothing more get to the disks.
    if (standing && saidStill) return true;
    for (Tally t : tallies) if (!t.idle() && !t.hangs()) return false;
    return true;
  }

  /** Is nothing under way at all? */
  public boolean idle() {
    for (Tally t : tallies) if (!t.idle()) return false;
    return true;
  }

  /**
   * For the server: is nothing under way, or while standing still nothing but what hangs on the {@link #doubtfulDisks}? Behind a
   * gate that is closed for another reason what hangs counts: nobody has told the server of it.
   */
  public boolean quiesced() {
    return standing ? still() : idle();
  }

  /**
   * The disks on which a change may still take effect though nobody waits for that any more: while standing still, those that
   * what hangs hangs on; and always those that an older layout gave up before what was sent to them had ended.
   */
  public Set<String> doubtfulDisks() {
    Set<String> all = new TreeSet<>();
    boolean hanging = standing && still();
    for (Tally t : tallies) {
      all.addAll(t.route.formerDisks());
      if (hanging && !t.idle()) all.addAll(t.route.busyDisks());
    }
    return all;
  }

  // ---- a new layout

  /**
   * Completes when nothing is under way any more but on these disks, which the new layout gives up.
   *
   * @param except asked anew each time, since a newer layout may give up more
   */
  public CompletionStage<Void> drained(Supplier<Set<String>> except) {
    Waiter waiter = new Waiter(except, new CompletableFuture<>());
    waiters.add(waiter);
    look();
    return waiter.answer;
  }

  /** The routes there are, and those that were taken away with something under way. */
  public List<Route> routes() {
    return tallies.stream().map(t -> t.route).toList();
  }

  private boolean drainedBut(Set<String> disks) {
    // What quiet routes hold back goes on under the new layout: only what the disks have counts.
    for (Tally t : tallies) if (!t.idle() && !t.busyOnlyOn(disks) && !(quiet() && t.route.busyDisks().isEmpty())) return false;
    return true;
  }

  // ---- the recovery's window

  /**
   * From now on changes that touch this range are not for the direct way, those before it go to all legs, those after it to
   * the legs in sync. Both 0: no window.
   *
   * <p>The stage completes when no direct change is under way any more that touches the window, or lies between the old
   * window's start and it: such a change was sent when it lay above and so misses the leg that is being filled. A newer
   * window takes over what an older one still waited for, and the older one's stage never completes.
   */
  public CompletionStage<Void> window(long start, long end) {
    windowFloor = windowAnswer.isDone() ? Math.min(windowStart, start) : Math.min(windowFloor, start);
    windowStart = start;
    windowEnd = end;
    if (!tallies.isEmpty()) tallies.get(tallies.size() - 1).route.window(start, end);
    windowNumber++;
    windowHeldBy = 0;
    for (RoutedIo c = changes.first(); c != null; c = c.after) {
      if (c.attempt.way != Ways.DIRECT || c.user.offset >= end || c.user.end() <= windowFloor) continue;
      c.attempt.window = windowNumber;
      windowHeldBy++;
    }
    windowAnswer = windowHeldBy == 0 ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
    return windowAnswer;
  }

  // ---- looking

  /** A turn of the loop later: the router is in the midst of settling the request. */
  private void lookSoon() {
    if (looking || !standing && waiters.isEmpty()) return;
    looking = true;
    loop.execute(lookAgain);
  }

  private void lookAgain() {
    looking = false;
    look();
  }

  private void look() {
    if (!standing && waiters.isEmpty()) return;
    for (Waiter w : List.copyOf(waiters)) {
      if (!drainedBut(w.except.get())) continue;
      waiters.remove(w);
      w.answer.complete(null);
    }
    if (standing) lookStanding();
    // A disk that is lost, or has ended its part of something, says nothing by itself.
    if (ticking || idle() || !standing && waiters.isEmpty()) return;
    ticking = true;
    loop.schedule(tick, () -> {
      ticking = false;
      look();
    });
  }

  private void lookStanding() {
    boolean isStill = still();
    if (isStill && !saidStill) for (Tally t : tallies) t.route.quiet(true);
    Set<String> doubtful = doubtfulDisks();
    boolean news = isStill != saidStill || !doubtful.equals(saidDoubtful);
    saidStill = isStill;
    saidDoubtful = doubtful;
    if (isStill) stillAnswer.complete(null);
    if (news) stillnessChanged.run();
  }
}
