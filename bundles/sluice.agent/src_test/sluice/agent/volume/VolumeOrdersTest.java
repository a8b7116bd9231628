package sluice.agent.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import sluice.agent.fake.FakeProvider;
import sluice.agent.fake.FakeRoute;
import sluice.agent.fake.VirtualLoop;
import sluice.agent.router.Router;
import sluice.agent.router.RouterListener;
import sluice.agent.router.RouterTimes;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.api.layout.Extent;
import sluice.api.layout.LegRole;
import sluice.api.layout.LegRole.State;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.api.route.RouteKind;
import sluice.api.route.VolumeAccess;
import sluice.core.redirect.RedirectPolicy;
import sluice.core.redirect.RedirectTimes;
import sluice.protocol.v1.Order;

/** What the server wants of a volume, in virtual time: recalls, layouts, windows, and orders that come late or twice. */
class VolumeOrdersTest implements RouterListener {
  private static final int SIZE = 1 << 16;
  private static final long RUN = 77;

  private final byte[] medium = new byte[SIZE];
  private final VirtualLoop loop = new VirtualLoop();
  private final FakeProvider directWay = new FakeProvider(RouteKind.DIRECT, medium);
  private final FakeProvider serverWay = new FakeProvider(RouteKind.SERVER, medium);
  private final Router router = new Router("v1", loop, new BlockTraits(SIZE, 4096, 4096, false, true, true, false),
      RouterTimes.STANDARD, new RedirectPolicy(RedirectTimes.STANDARD, loop.nanoTime()), this);
  private final List<Integer> errors = new ArrayList<>();
  private VolumeRoutes routes;
  private VolumeOrders orders;
  private int told;

  @Override
  public void completed(BlockOp op, long bytes, long nanos, int error) {
    if (error != IoError.OK) errors.add(error);
  }

  @Override
  public void redirected(String cause) {}

  @Override
  public void stateChanged(RedirectPolicy.State state, String reason) {}

  private static VolumeAccess access(long epoch, int slot, State... legs) {
    return access(epoch, slot, SIZE, legs);
  }

  private static VolumeAccess access(long epoch, int slot, long size, State... legs) {
    List<List<Extent>> columns = new ArrayList<>();
    List<LegRole> roles = new ArrayList<>();
    for (int i = 0; i < legs.length; i++) {
      columns.add(List.of(new Extent("d" + (i + 1), 0, SIZE)));
      roles.add(new LegRole("l" + (i + 1), legs[i], legs.length == 1 ? null : new Extent("d" + (i + 1), 1 << 20, 1 << 20)));
    }
    VolumeLayout layout = new VolumeLayout(epoch, size, List.of(new Segment(0, SIZE, SIZE, columns)), roles,
        legs.length == 1 ? 0 : 1 << 20);
    return new VolumeAccess("v", "v1", false, layout, Map.of(), "p", "c", Map.of(),
        List.of(InetSocketAddress.createUnresolved("s", 1)), 1, slot);
  }

  private void hold(VolumeAccess access) {
    routes = new VolumeRoutes(loop, router, access, () -> {});
    orders = new VolumeOrders(router, routes, access, () -> told++);
    routes.use(serverWay);
    routes.use(directWay);
    loop.run();
    orders.run(RUN);
  }

  /** Two legs in sync, let go, with everything in order. */
  private void mirror() {
    hold(access(1, 3, State.IN_SYNC, State.IN_SYNC));
    order(1, 1);
    assertEquals(1, orders.inForce().getNumber());
  }

  private static Order.Builder make(long number, long epoch) {
    return Order.newBuilder().setVolumeId("v").setRun(RUN).setNumber(number).setEpoch(epoch);
  }

  private void give(Order.Builder order) {
    orders.order(order.build());
    loop.run();
  }

  private void order(long number, long epoch) {
    give(make(number, epoch));
  }

  private void standStill(long number, long epoch) {
    give(make(number, epoch).setStandStill(true));
  }

  private void layout(VolumeAccess next) {
    orders.access(next);
    loop.run();
  }

  private FakeRoute direct() {
    return directWay.routes.get(directWay.routes.size() - 1);
  }

  private FakeRoute server() {
    return serverWay.routes.get(serverWay.routes.size() - 1);
  }

  private final class Io extends BlockRequest {
    private int error = -1;

    @Override
    public void completed(int with) {
      error = with;
      buffer.release();
    }
  }

  private Io write(long at, int fill) {
    Io io = new Io();
    io.set(BlockOp.WRITE, 0, at, 4096);
    io.buffer = loop.take(4096);
    io.bufferIndex = IoBuffer.HEADROOM;
    for (int i = 0; i < 4096; i++) io.buffer.bytes().put(io.bufferIndex + i, (byte) fill);
    router.submit(io);
    loop.run();
    return io;
  }

  // ---- orders

  @Test
  void aRecallIsAnsweredWithItsNumberOnceNothingIsUnderWay() {
    mirror();
    direct().hold = true;
    Io under = write(0, 1);
    standStill(2, 1);
    assertEquals(1, orders.inForce().getNumber());
    Io later = write(4096, 2);
    int before = told;
    direct().endAll(IoError.OK);
    loop.run();
    assertEquals(0, under.error);
    assertEquals(2, orders.inForce().getNumber());
    assertTrue(told > before, "the server hears of it at once");
    loop.pass(300_000);
    assertEquals(-1, later.error);
    direct().hold = false;
    order(3, 1);
    assertEquals(0, later.error);
    assertEquals(3, orders.inForce().getNumber());
  }

  @Test
  void anOrderThatComesLateOrTwiceChangesNothing() {
    mirror();
    standStill(5, 1);
    order(4, 1);
    assertFalse(router.gateOpen());
    order(6, 1);
    standStill(5, 1);
    assertTrue(router.gateOpen());
    int before = told;
    order(6, 1);
    assertEquals(before, told);
  }

  @Test
  void anOrderOfAnotherRunIsIgnored() {
    mirror();
    give(make(9, 1).setRun(76).setStandStill(true));
    assertTrue(router.gateOpen());
    assertEquals(1, orders.inForce().getNumber());
  }

  @Test
  void aNewRunCountsAnewAndWhatWasOrderedLastStaysUntilItSpeaks() {
    mirror();
    standStill(8, 1);
    orders.run(78);
    loop.pass(60_000);
    assertFalse(router.gateOpen(), "whether the change was committed is not known yet");
    assertEquals(RUN, orders.inForce().getRun());
    order(9, 1);
    assertFalse(router.gateOpen());
    give(make(1, 1).setRun(78));
    assertTrue(router.gateOpen());
    assertEquals(78, orders.inForce().getRun());
  }

  @Test
  void anOrderForALaterEpochWaitsForItsLayout() {
    mirror();
    standStill(2, 1);
    order(3, 2);
    assertFalse(router.gateOpen());
    assertEquals(2, orders.inForce().getNumber());
    layout(access(2, 3, State.IN_SYNC, State.STALE));
    assertTrue(router.gateOpen());
    assertEquals(3, orders.inForce().getNumber());
    assertEquals(2, orders.epoch());
  }

  @Test
  void aLayoutThatComesBeforeItsOrderWaitsForItStandingStill() {
    mirror();
    standStill(2, 1);
    layout(access(2, 3, State.IN_SYNC, State.STALE));
    assertEquals(2, orders.epoch());
    assertFalse(router.gateOpen());
    order(3, 2);
    assertTrue(router.gateOpen());
  }

  @Test
  void aMirroredVolumeIsNotUsedBeforeTheServerHasSpoken() {
    hold(access(1, 3, State.IN_SYNC, State.IN_SYNC));
    Io io = write(0, 1);
    loop.pass(300_000);
    assertEquals(-1, io.error);
    assertTrue(router.reason().startsWith("the server has not said yet"), router.reason());
    give(make(1, 1).setWithheld(true));
    assertEquals(-1, io.error);
    assertTrue(router.reason().startsWith("the server first brings the copies in line"), router.reason());
    assertEquals(1, orders.inForce().getNumber());
    order(2, 1);
    assertEquals(0, io.error);
  }

  @Test
  void aVolumeOfOneLegNeedsNoOrder() {
    hold(access(1, -1, State.IN_SYNC));
    assertEquals(0, write(0, 1).error);
  }

  @Test
  void aVolumeThatIsLeftWithOneLegIsNotHeldByARecallOfItsFormerEpoch() {
    mirror();
    standStill(2, 1);
    layout(access(2, -1, State.IN_SYNC));
    assertTrue(router.gateOpen());
    assertEquals(0, write(0, 1).error);
  }

  @Test
  void aWindowIsAnsweredWhenNoDirectChangeTouchesIt() {
    mirror();
    direct().hold = true;
    write(8192, 1);
    give(make(2, 1).setWindowEndBytes(16384));
    assertEquals(1, orders.inForce().getNumber());
    Io inside = write(4096, 2);
    assertEquals(0, inside.error);
    assertEquals(List.of("WRITE 4096+4096"), server().log);
    direct().endAll(IoError.OK);
    loop.run();
    assertEquals(2, orders.inForce().getNumber());
  }

  @Test
  void anOrderThatIsOvertakenNeverComesIntoForce() {
    mirror();
    direct().hold = true;
    write(8192, 1);
    standStill(2, 1);
    order(3, 1);
    assertEquals(3, orders.inForce().getNumber());
    direct().endAll(IoError.OK);
    loop.pass(1_000);
    assertEquals(3, orders.inForce().getNumber());
    direct().hold = true;
    write(8192, 1);
    standStill(4, 1);
    order(5, 1);
    standStill(6, 1);
    assertEquals(5, orders.inForce().getNumber());
    direct().endAll(IoError.OK);
    loop.pass(1_000);
    assertEquals(6, orders.inForce().getNumber());
  }

  // ---- layouts

  @Test
  void aNewLayoutGoesToTheRouteThatIsThereAndTheExportNoticesNothing() {
    hold(access(1, -1, State.IN_SYNC));
    direct().hold = true;
    Io under = write(0, 1);
    VolumeAccess next = access(2, 4, State.IN_SYNC, State.STALE);
    layout(next);
    Io queued = write(4096, 2);
    assertEquals(1, orders.epoch(), "not before what is under way has ended");
    direct().hold = false;
    direct().endAll(IoError.OK);
    loop.run();
    assertEquals(2, orders.epoch());
    assertEquals(0, under.error);
    assertEquals(0, queued.error);
    assertEquals(1, directWay.routes.size());
    assertEquals(1, serverWay.routes.size());
    assertEquals(List.of(next), direct().layouts);
  }

  @Test
  void whileTheRouteTakesTheLayoutUpRequestsWait() {
    mirror();
    CompletableFuture<Void> taken = new CompletableFuture<>();
    direct().onRelayout = () -> taken;
    layout(access(2, 3, State.IN_SYNC, State.STALE));
    Io io = write(0, 1);
    loop.pass(300_000);
    assertEquals(-1, io.error);
    assertEquals(1, orders.epoch());
    taken.complete(null);
    loop.run();
    assertEquals(0, io.error);
    assertEquals(2, orders.epoch());
  }

  @Test
  void aHungPieceOnALegThatIsGivenUpDoesNotHoldTheLayoutUpAndGoesWithIt() {
    mirror();
    direct().hold = true;
    Io hung = write(0, 1);
    direct().busy = Set.of("d2");
    standStill(2, 1);
    loop.pass(2_500);
    assertEquals(2, orders.inForce().getNumber());
    assertEquals(Set.of("d2"), router.direct().doubtfulDisks());
    Io queued = write(4096, 2);
    FakeRoute route = direct();
    route.onRelayout = () -> {
      // As the engine does: the leg is gone, so the request has ended as its other pieces did.
      route.hold = false;
      route.endAll(IoError.OK);
      route.busy = Set.of();
      route.former = Set.of("d2");
      return CompletableFuture.completedFuture(null);
    };
    orders.order(make(3, 2).build());
    layout(access(2, 3, State.IN_SYNC, State.STALE));
    assertEquals(0, hung.error);
    assertEquals(0, queued.error);
    assertEquals(2, orders.epoch());
    assertEquals(Set.of("d2"), router.direct().doubtfulDisks(), "until it is settled");
    route.former = Set.of();
    assertEquals(Set.of(), router.direct().doubtfulDisks());
    assertEquals(List.of(), errors);
  }

  @Test
  void aHungPieceOnALegThatStaysHoldsTheLayoutUp() {
    mirror();
    direct().hold = true;
    write(0, 1);
    direct().busy = Set.of("d1");
    layout(access(2, 3, State.IN_SYNC, State.STALE));
    loop.pass(60_000);
    assertEquals(1, orders.epoch());
    direct().endAll(IoError.OK);
    loop.pass(1_000);
    assertEquals(2, orders.epoch());
  }

  @Test
  void ofTwoLayoutsInARowTheNewerOneIsTakenUp() {
    mirror();
    direct().hold = true;
    write(0, 1);
    direct().busy = Set.of("d1");
    layout(access(2, 3, State.IN_SYNC, State.STALE));
    VolumeAccess last = access(3, 3, State.STALE, State.IN_SYNC);
    layout(last);
    loop.pass(1_000);
    assertEquals(3, orders.epoch(), "it gives up the disk that everything hung on");
    assertEquals(List.of(last), direct().layouts);
  }

  @Test
  void aRouteThatCannotTakeALayoutUpIsOpenedAnew() {
    mirror();
    direct().onRelayout = null;
    VolumeAccess next = access(2, 3, State.IN_SYNC, State.STALE);
    layout(next);
    order(2, 2);
    assertEquals(2, directWay.routes.size());
    assertEquals(next, directWay.opened.get(1));
    assertTrue(directWay.routes.get(0).isClosed());
    assertEquals(0, write(0, 1).error);
  }

  @Test
  void requestsThatComeAndEndAllTheTimeLoseNothingToTwentyLayouts() {
    mirror();
    List<Io> all = new ArrayList<>();
    for (int epoch = 2; epoch <= 20; epoch++) {
      FakeRoute route = direct();
      route.hold = epoch % 2 == 0;
      for (int i = 0; i < 8; i++) all.add(write(i * 4096L, epoch));
      standStill(2 * epoch, epoch - 1);
      for (int i = 0; i < 8; i++) all.add(write((8 + i) * 4096L, epoch));
      route.hold = false;
      route.endAll(epoch % 5 == 0 ? IoError.ENXIO : IoError.OK);
      loop.pass(10);
      assertEquals(2 * epoch, orders.inForce().getNumber());
      layout(access(epoch, 3, State.IN_SYNC, epoch % 2 == 0 ? State.STALE : State.FILLING));
      order(2 * epoch + 1, epoch);
      loop.pass(500);
    }
    loop.pass(5_000);
    assertEquals(0, all.stream().filter(io -> io.error != IoError.OK).count());
    assertEquals(20, medium[0]);
    assertEquals(20, medium[SIZE - 1]);
    assertEquals(0, loop.buffersOut());
  }

  @Test
  void aVolumeOfAnotherSizeGetsANewServerRouteAndKeepsItsDirectOne() {
    hold(access(1, -1, SIZE / 2, State.IN_SYNC));
    layout(access(2, -1, SIZE, State.IN_SYNC));
    assertEquals(2, serverWay.routes.size());
    assertEquals(SIZE, serverWay.opened.get(1).layout().size());
    assertEquals(1, directWay.routes.size());
    assertEquals(1, direct().layouts.size());
  }

  @Test
  void aNoteAboutARecoveryIsNoNewLayout() {
    mirror();
    VolumeAccess before = access(1, 3, State.IN_SYNC, State.IN_SYNC);
    layout(before);
    assertEquals(List.of(), direct().layouts);
    assertEquals(1, directWay.routes.size());
  }
}
