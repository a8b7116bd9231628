package sluice.agent.serverroute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.api.layout.Extent;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteListener;
import sluice.api.route.VolumeAccess;

class ServerRouteTest implements RouteListener, LinkOpener {
  /** One connection attempt, and the connection it may become. */
  private final class FakeLink implements ServerLink {
    final String host;
    final long generation;
    final CompletableFuture<ServerLink> opened = new CompletableFuture<>();
    final List<BlockRequest> pending = new ArrayList<>();
    final List<StatusSink> asked = new ArrayList<>();
    Consumer<String> listener;
    boolean fenced;
    boolean closed;
    boolean dead;

    FakeLink(String host, long generation) {
      this.host = host;
      this.generation = generation;
    }

    void admit() {
      opened.complete(this);
      loop.run();
    }

    void fail(String why) {
      opened.completeExceptionally(new IllegalStateException(why));
      loop.run();
    }

    void answer(int error) {
      for (BlockRequest r : List.copyOf(pending)) answer(r, error);
    }

    void answer(BlockRequest r, int error) {
      pending.remove(r);
      r.completed(error);
    }

    /** As NbdClient does: the peer has closed, so nothing can take effect any more. */
    void peerCloses() {
      dead = true;
      listener.accept("the server closed the connection");
      answer(IoError.ENXIO);
      loop.run();
    }

    /** As NbdClient does: the connection broke here, so changes are in doubt. */
    void breaks() {
      dead = true;
      listener.accept("the connection broke");
      abandonReads();
      loop.run();
    }

    @Override
    public void submit(BlockRequest request) {
      if (dead) request.completed(IoError.ENXIO);
      else pending.add(request);
    }

    @Override
    public void status(long offset, long length, StatusSink sink) {
      asked.add(sink);
    }

    @Override
    public void abandonReads() {
      for (BlockRequest r : List.copyOf(pending)) if (!r.op.changesData()) answer(r, IoError.ETIMEDOUT);
    }

    @Override
    public void peerFenced() {
      fenced = true;
      dead = true;
      listener.accept("fenced");
      answer(IoError.ENXIO);
    }

    @Override
    public void onDisconnect(Consumer<String> l) {
      listener = l;
    }

    @Override
    public CompletionStage<Void> close() {
      closed = true;
      return CompletableFuture.completedFuture(null);
    }
  }

  private static final class Io extends BlockRequest {
    int error = -1;

    Io(BlockOp op, long offset) {
      set(op, 0, offset, 4096);
    }

    @Override
    public void completed(int with) {
      if (error != -1) throw new IllegalStateException("completed twice");
      error = with;
    }
  }

  private final StepLoop loop = new StepLoop();
  private final List<FakeLink> links = new ArrayList<>();
  private final List<String> healths = new ArrayList<>();
  private final List<String> probes = new ArrayList<>();
  private final ServerRoute route = new ServerRoute(access(), loop, this, this, r -> {});

  private static VolumeAccess access() {
    VolumeLayout layout =
        new VolumeLayout(1, 1 << 20, List.of(new Segment(0, 1 << 20, 4096, List.of(List.of(new Extent("d", 0, 1 << 20))))));
    return new VolumeAccess("id", "v1", false, layout, Map.of(), "p", "c", Map.of(),
        List.of(InetSocketAddress.createUnresolved("a", 1), InetSocketAddress.createUnresolved("b", 1)), 7);
  }

  @Override
  public CompletionStage<ServerLink> open(InetSocketAddress address, long generation) {
    FakeLink link = new FakeLink(address.getHostString(), generation);
    links.add(link);
    return link.opened;
  }

  @Override
  public void healthChanged(RouteHealth health) {
    healths.add(health.usable() ? "good" : health.reason());
  }

  @Override
  public void probed(int error, String reason) {
    probes.add(error + " " + reason);
  }

  private FakeLink last() {
    return links.get(links.size() - 1);
  }

  private FakeLink connected() {
    route.start();
    last().admit();
    return last();
  }

  private Io submit(BlockOp op, long offset) {
    Io io = new Io(op, offset);
    route.submit(io);
    return io;
  }

  @Test
  void requestsEndAtOnceUntilThereIsAConnection() {
    route.start();
    assertEquals(IoError.ENXIO, submit(BlockOp.READ, 0).error);
    last().admit();
    assertEquals(List.of("good"), healths);
    Io io = submit(BlockOp.READ, 0);
    last().answer(IoError.OK);
    assertEquals(0, io.error);
  }

  @Test
  void anErrorThatTheServerAnswersIsPassedOn() {
    FakeLink link = connected();
    Io io = submit(BlockOp.WRITE, 0);
    link.answer(IoError.ENXIO);
    assertEquals(IoError.ENXIO, io.error);
    assertTrue(route.health().usable());
  }

  @Test
  void aConnectionThatThePeerClosesIsReplacedByTheNextGenerationAndRequestsGoAgain() {
    FakeLink first = connected();
    Io write = submit(BlockOp.WRITE, 0);
    Io read = submit(BlockOp.READ, 4096);
    first.peerCloses();
    Io waiting = submit(BlockOp.WRITE, 8192);
    assertEquals(-1, write.error);
    FakeLink second = last();
    assertTrue(second.generation > first.generation);
    second.admit();
    assertEquals(3, second.pending.size());
    second.answer(IoError.OK);
    assertEquals(0, write.error);
    assertEquals(0, read.error);
    assertEquals(0, waiting.error);
    assertEquals(List.of("good"), healths);
  }

  @Test
  void aWriteOnABrokenConnectionIsSentAgainOnlyWhenTheServerHasAdmittedTheNextOne() {
    FakeLink first = connected();
    Io write = submit(BlockOp.WRITE, 0);
    first.breaks();
    FakeLink second = last();
    assertFalse(first.fenced);
    second.admit();
    assertTrue(first.fenced);
    assertEquals(1, second.pending.size());
    second.answer(IoError.OK);
    assertEquals(0, write.error);
  }

  @Test
  void afterFiveSecondsWithoutAConnectionRequestsFailButChangesInDoubtAreKept() {
    FakeLink first = connected();
    Io write = submit(BlockOp.WRITE, 0);
    Io read = submit(BlockOp.READ, 0);
    first.breaks();
    loop.pass(4_900);
    assertEquals(-1, read.error);
    loop.pass(200);
    assertEquals(IoError.ENXIO, read.error);
    assertEquals(-1, write.error);
    assertEquals("the server route: the connection broke", healths.get(1));
    assertEquals(IoError.ENXIO, submit(BlockOp.WRITE, 4096).error);
    last().admit();
    assertEquals("good", healths.get(2));
    assertTrue(first.fenced);
    last().answer(IoError.OK);
    assertEquals(0, write.error);
  }

  @Test
  void addressesAreTriedInTurnAndThenAfterAPause() {
    route.start();
    assertEquals("a", last().host);
    last().fail("connection refused");
    assertEquals("b", last().host);
    last().fail("connection refused");
    assertEquals(2, links.size());
    loop.pass(150);
    assertEquals(3, links.size());
    assertEquals("a", last().host);
    assertEquals("the server route: connection refused", route.health().reason());
  }

  @Test
  void aSilentConnectionIsReplacedByOneOverTheOtherNetwork() {
    FakeLink first = connected();
    Io write = submit(BlockOp.WRITE, 0);
    loop.pass(1_500);
    assertEquals(1, first.asked.size());
    loop.pass(1_500);
    assertEquals(2, links.size());
    assertEquals("b", last().host);
    assertFalse(first.fenced);
    last().admit();
    assertTrue(first.fenced);
    last().answer(IoError.OK);
    assertEquals(0, write.error);
    assertEquals(List.of("good"), healths);
  }

  @Test
  void aSlowRequestOnAConnectionThatAnswersOtherwiseIsLeftAlone() {
    FakeLink first = connected();
    Io slow = submit(BlockOp.WRITE, 0);
    for (int i = 0; i < 30; i++) {
      loop.pass(500);
      for (StatusSink sink : List.copyOf(first.asked)) {
        first.asked.remove(sink);
        sink.range(4096, StatusSink.DATA);
        sink.completed(IoError.OK);
      }
    }
    assertEquals(1, links.size());
    first.answer(IoError.OK);
    assertEquals(0, slow.error);
  }

  @Test
  void aSilentConnectionThatAnswersAfterAllIsUsedAgain() {
    FakeLink first = connected();
    Io write = submit(BlockOp.WRITE, 0);
    Io read = submit(BlockOp.READ, 0);
    for (int i = 0; i < 10; i++) {
      loop.pass(1_000);
      if (!last().opened.isDone()) last().fail("timed out");
    }
    assertEquals(IoError.ENXIO, read.error);
    assertFalse(route.health().usable());
    first.answer(IoError.OK);
    assertEquals(0, write.error);
    loop.pass(2_000);
    assertTrue(route.health().usable());
    Io again = submit(BlockOp.READ, 0);
    first.answer(IoError.OK);
    assertEquals(0, again.error);
  }

  @Test
  void anIdleConnectionIsAskedNowAndThen() {
    FakeLink first = connected();
    loop.pass(20_000);
    assertEquals(1, first.asked.size());
    assertEquals(2, links.size(), "no answer, so another address is tried");
  }

  @Test
  void aProbeThatIsNotAnsweredEndsInTime() {
    FakeLink first = connected();
    route.probe();
    loop.pass(2_100);
    assertEquals(List.of("110 the server does not answer"), probes);
    route.probe();
    assertEquals("110 the last probe is not answered yet", probes.get(1));
    first.answer(IoError.OK);
    route.probe();
    first.answer(IoError.OK);
    assertEquals("0 ", probes.get(2));
  }

  @Test
  void closingAwaitsWhatIsUnderWay() {
    FakeLink first = connected();
    Io write = submit(BlockOp.WRITE, 0);
    CompletionStage<Void> closed = route.close();
    assertEquals(IoError.ESHUTDOWN, submit(BlockOp.READ, 0).error);
    assertFalse(closed.toCompletableFuture().isDone());
    first.answer(IoError.OK);
    assertEquals(0, write.error);
    assertTrue(closed.toCompletableFuture().isDone());
    assertTrue(first.closed);
    assertFalse(loop.hasTimers());
  }

  @Test
  void closingWithAChangeInDoubtConnectsOnceMoreToSettleIt() {
    FakeLink first = connected();
    Io write = submit(BlockOp.WRITE, 0);
    first.breaks();
    CompletionStage<Void> closed = route.close();
    assertFalse(closed.toCompletableFuture().isDone());
    last().admit();
    assertEquals(IoError.ENXIO, write.error);
    assertTrue(closed.toCompletableFuture().isDone());
    assertTrue(last().closed);
  }

  @Test
  void generationsOnlyGrow() {
    long before = Generations.next();
    for (int i = 0; i < 1000; i++) {
      long next = Generations.next();
      assertTrue(next > before);
      before = next;
    }
  }
}
