package sluice.testkit;

import java.util.ArrayList;
import java.util.List;
import sluice.testkit.cluster.Ids;
import sluice.testkit.cluster.Rig;
import sluice.testkit.host.SimHost;
import sluice.testkit.host.Workload;
import sluice.testkit.server.ServerSide;

/** The hosts through all runs of their agents. */
final class Hosts {
  private final Rig rig;
  private final ServerSide server;
  private final SimHost[] hosts;
  private final long[] incarnations;
  private boolean healing;

  Hosts(Rig rig, ServerSide server) {
    this.rig = rig;
    this.server = server;
    hosts = new SimHost[rig.draw().hosts()];
    incarnations = new long[hosts.length];
  }

  void start() {
    for (int h = 0; h < hosts.length; h++) start(h);
  }

  private void start(int h) {
    if (hosts[h] != null && !hosts[h].dead()) return;
    int drift = (int) rig.world().chance().between(-Rig.DRIFT_PER_MILLION, Rig.DRIFT_PER_MILLION);
    hosts[h] = new SimHost(rig, Ids.host(h), ++incarnations[h], server, drift, !healing);
  }

  void crash(int h, long nanos) {
    if (hosts[h].dead()) return;
    hosts[h].crash();
    rig.world().after(nanos, () -> start(h));
  }

  void resetLines(int h) {
    if (!hosts[h].dead()) hosts[h].resetLines();
  }

  void breakRoutes(int h) {
    if (!hosts[h].dead()) hosts[h].breakRoutes();
  }

  /** Of the agent that runs there now. */
  String name(int h) {
    return "h" + h + "." + incarnations[h];
  }

  /** Agents that remember that the disk was away from the volume, if it is now, and can say so before their leases end. */
  List<String> witnesses(String volume, String disk) {
    List<String> all = new ArrayList<>();
    for (int h = 0; h < hosts.length; h++) {
      if (hosts[h].witnesses(volume, disk) && rig.hostToServer(hosts[h].id()).whole()) all.add(name(h));
    }
    return all;
  }

  /** Whether a host has lost its line to the disk, and has not heard yet that it was only the line. */
  boolean away(String volume, String disk) {
    for (SimHost h : hosts) if (h.away(volume, disk)) return true;
    return false;
  }

  /** Those that are dead come back. */
  void heal() {
    start();
  }

  /** No new requests. */
  void stopWork() {
    healing = true;
    workloads().forEach(Workload::stop);
  }

  List<Workload> workloads() {
    List<Workload> all = new ArrayList<>();
    for (SimHost h : hosts) if (!h.dead()) all.addAll(h.workloads());
    return all;
  }

  List<String> states() {
    List<String> all = new ArrayList<>();
    for (SimHost h : hosts) all.add(h.dead() ? h + " is dead" : h.state().get());
    return all;
  }
}
