package sluice.agent.router;

import java.util.ArrayList;
import java.util.List;
import sluice.agent.fake.FakeRoute;
import sluice.agent.fake.VirtualLoop;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoBuffer;
import sluice.api.route.RouteKind;
import sluice.core.redirect.RedirectPolicy;
import sluice.core.redirect.RedirectTimes;

/** A router on a virtual loop, with two fake routes onto one medium. */
class RouterFixture implements RouterListener {
  static final int SIZE = 1 << 16;
  final byte[] medium = new byte[SIZE];
  final VirtualLoop loop = new VirtualLoop();
  final RedirectPolicy policy = new RedirectPolicy(RedirectTimes.STANDARD, loop.nanoTime());
  final Router router = new Router("v1", loop, new BlockTraits(SIZE, 4096, 4096, false, true, true, false),
      RouterTimes.STANDARD, policy, this);
  final List<String> redirects = new ArrayList<>();
  final List<String> states = new ArrayList<>();
  final List<String> stillness = new ArrayList<>();
  FakeRoute direct = route(RouteKind.DIRECT);
  FakeRoute server = route(RouteKind.SERVER);

  FakeRoute route(RouteKind kind) {
    FakeRoute route = new FakeRoute(kind, loop, medium);
    route.onHealth = router::health;
    return route;
  }

  RouterFixture both() {
    router.offer(server);
    router.offer(direct);
    loop.run();
    return this;
  }

  @Override
  public void completed(BlockOp op, long bytes, long nanos, int error) {}

  @Override
  public void redirected(String cause) {
    redirects.add(cause);
  }

  @Override
  public void stateChanged(RedirectPolicy.State state, String reason) {
    states.add(state + (reason.isEmpty() ? "" : ": " + reason));
  }

  @Override
  public void stillnessChanged() {
    stillness.add(router.direct().still() + " " + router.direct().doubtfulDisks());
  }

  /** A user's request. */
  final class Io extends BlockRequest {
    boolean done;
    int error = -1;

    Io start(BlockOp operation, long at, long bytes, int fill) {
      set(operation, 0, at, bytes);
      if (operation.hasPayload()) {
        buffer = loop.take((int) bytes);
        bufferIndex = IoBuffer.HEADROOM;
        for (int i = 0; i < bytes; i++) buffer.bytes().put(bufferIndex + i, (byte) fill);
      }
      router.submit(this);
      return this;
    }

    @Override
    public void completed(int with) {
      if (done) throw new IllegalStateException("completed twice");
      done = true;
      error = with;
    }

    int firstByte() {
      return buffer.bytes().get(bufferIndex);
    }

    void release() {
      if (buffer != null) buffer.release();
      buffer = null;
    }
  }

  Io read(long at) {
    return new Io().start(BlockOp.READ, at, 4096, 99);
  }

  Io write(long at, int fill) {
    return new Io().start(BlockOp.WRITE, at, 4096, fill);
  }

  Io flush() {
    return new Io().start(BlockOp.FLUSH, 0, 0, 0);
  }

  /** Answers probes with this error until the router is direct again, or for a minute. */
  void probeUntilDirect() {
    int seen = direct.probes;
    for (int i = 0; i < 6000 && policy.state() != RedirectPolicy.State.DIRECT; i++) {
      loop.pass(10);
      if (direct.probes > seen) {
        seen = direct.probes;
        router.probed(direct, 0);
        loop.run();
      }
    }
  }
}
