package sluice.agent.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteKind;
import sluice.api.route.VolumeAccess;

/** A route onto a byte array that several routes may share; a test decides when and how its requests end. */
public final class FakeRoute implements Route {
  private final RouteKind kind;
  private final IoLoop loop;
  private final byte[] medium;
  public final List<BlockRequest> pending = new ArrayList<>();
  public final List<String> log = new ArrayList<>();
  public int probes;
  public int flushes;
  /** Requests end in the same call when not held. */
  public boolean hold;
  /** Who asked last while it was held. */
  public StatusSink asked;
  /** What requests end with. */
  public int error;
  public String part = "";
  private RouteHealth health = RouteHealth.GOOD;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private boolean closing;
  public Consumer<FakeRoute> onHealth = r -> {};
  /** What it says of its disks. */
  public Set<String> busy = Set.of();
  public Set<String> lost = Set.of();
  public Set<String> former = Set.of();
  public boolean quiet;
  public long windowStart;
  public long windowEnd;
  /** The layouts it was given after it was opened. */
  public final List<VolumeAccess> layouts = new ArrayList<>();
  /** What it does with a new layout; null: it cannot. */
  public Supplier<CompletionStage<Void>> onRelayout = () -> CompletableFuture.completedFuture(null);

  public FakeRoute(RouteKind kind, IoLoop loop, byte[] medium) {
    this.kind = kind;
    this.loop = loop;
    this.medium = medium;
  }

  @Override
  public RouteKind kind() {
    return kind;
  }

  @Override
  public RouteHealth health() {
    return health;
  }

  public void healthIs(boolean usable, String reason) {
    health = usable ? RouteHealth.GOOD : new RouteHealth(false, reason);
    onHealth.accept(this);
  }

  @Override
  public String failedPart() {
    return part;
  }

  @Override
  public void probe() {
    probes++;
  }

  @Override
  public boolean takes(BlockRequest request) {
    return !request.op.changesData() || request.offset >= windowEnd || request.end() <= windowStart;
  }

  @Override
  public void window(long start, long end) {
    windowStart = start;
    windowEnd = end;
  }

  @Override
  public void quiet(boolean on) {
    quiet = on;
  }

  @Override
  public Set<String> busyDisks() {
    return busy;
  }

  @Override
  public Set<String> lostDisks() {
    return lost;
  }

  @Override
  public Set<String> formerDisks() {
    return former;
  }

  @Override
  public CompletionStage<Void> relayout(VolumeAccess next) {
    if (onRelayout == null) return Route.super.relayout(next);
    layouts.add(next);
    return onRelayout.get();
  }

  /** Held, it lets those who ask about data wait for ever. */
  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (hold) asked = sink;
    else Route.super.status(offset, length, sink);
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return new BlockTraits(medium.length, 1, 4096, false, true, true, false);
  }

  @Override
  public void submit(BlockRequest request) {
    if (closing) {
      request.completed(IoError.ESHUTDOWN);
      return;
    }
    log.add(request.op + " " + request.offset + "+" + request.length);
    pending.add(request);
    if (!hold) end(request, error);
  }

  /** The medium does what was asked, if there is no error, and the request ends. */
  public void end(BlockRequest r, int with) {
    if (!pending.remove(r)) throw new IllegalStateException("not pending");
    if (with == IoError.OK) effect(r);
    r.completed(with);
    if (closing && pending.isEmpty()) closed.complete(null);
  }

  private void effect(BlockRequest r) {
    switch (r.op) {
      case READ -> r.buffer.bytes().put(r.bufferIndex, medium, (int) r.offset, (int) r.length);
      case WRITE -> r.buffer.bytes().get(r.bufferIndex, medium, (int) r.offset, (int) r.length);
      case WRITE_ZEROES -> java.util.Arrays.fill(medium, (int) r.offset, (int) r.end(), (byte) 0);
      case FLUSH -> flushes++;
      case TRIM, CACHE -> {}
    }
  }

  public void endAll(int with) {
    for (BlockRequest r : List.copyOf(pending)) end(r, with);
  }

  @Override
  public CompletionStage<Void> close() {
    closing = true;
    if (pending.isEmpty()) closed.complete(null);
    return closed;
  }

  public boolean isClosed() {
    return closed.isDone();
  }
}
