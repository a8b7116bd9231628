package sluice.agent.volume;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.net.InetSocketAddress;
import sluice.agent.router.Router;
import sluice.agent.router.RouterListener;
import sluice.agent.router.RouterTimes;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoLoop;
import sluice.api.route.RouteProvider;
import sluice.api.route.VolumeAccess;
import sluice.core.redirect.RedirectPolicy;
import sluice.core.redirect.RedirectTimes;
import sluice.protocol.v1.Assignment;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.VolumeStatus;

/**
 * The simulator's door to this package: what {@link AttachedVolume} puts together, without the export. On the volume's loop.
 */
public final class SimulatedVolume {
  private final String hostId;
  private final Router router;
  private final VolumeRoutes routes;
  private final VolumeOrders orders;
  private VolumeAccess access;

  /** @param changed whenever the status is worth telling at once */
  public SimulatedVolume(String hostId, IoLoop loop, VolumeAccess access, RouterTimes times, RedirectTimes redirect,
      RouterListener listener, Runnable changed) {
    this.hostId = hostId;
    this.access = access;
    BlockTraits traits = new BlockTraits(access.layout().size(), 4096, 4096, access.readOnly(), false, true, false);
    router = new Router(access.name(), loop, traits, times, new RedirectPolicy(redirect, loop.nanoTime()), listener);
    routes = new VolumeRoutes(loop, router, access, changed);
    orders = new VolumeOrders(router, routes, access, changed);
  }

  /** As the agent makes it of what it is assigned. @param before null: there is none */
  public static VolumeAccess access(Assignment a, String hostId, long incarnation, VolumeAccess before) {
    List<InetSocketAddress> servers = List.of(InetSocketAddress.createUnresolved("server", 1));
    return AccessBuilder.access(a, hostId, Map.of(), false, servers, incarnation, before);
  }

  public void use(RouteProvider provider) {
    routes.use(provider);
  }

  public BlockDevice device() {
    return router;
  }

  public Router router() {
    return router;
  }

  /** As the server last described it. */
  public VolumeAccess access() {
    return access;
  }

  public void update(VolumeAccess next) {
    if (next.equals(access)) return;
    access = next;
    orders.access(next);
  }

  public void run(long run) {
    orders.run(run);
  }

  public void order(Order order) {
    orders.order(order);
  }

  /** Of the layout in force. */
  public long epoch() {
    return orders.epoch();
  }

  public Order inForce() {
    return orders.inForce();
  }

  public VolumeStatus status() {
    Set<String> doubtful = new TreeSet<>(router.direct().doubtfulDisks());
    return VolumeStatus.newBuilder().setVolumeId(access.volumeId()).setHostId(hostId).setHeld(true).setEpoch(orders.epoch())
        .setOrderRun(orders.inForce().getRun()).setOrderNumber(orders.inForce().getNumber())
        .setQuiesced(!router.gateOpen() && router.direct().still()).addAllDoubtfulDiskIds(doubtful).addAllLines(orders.unproved())
        .setRoute(VolumeStatus.Route.valueOf(router.gateOpen() ? router.state().name() : RedirectPolicy.State.WAITING.name()))
        .setReason(router.reason()).build();
  }
}
