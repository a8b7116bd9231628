package sluice.server.volumes;

import java.util.Locale;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.telemetry.Counter;
import sluice.telemetry.Metrics;

/** What the server route did, for the metrics. Any thread. */
public final class RouteCounters {
  private final Counter refused;
  private final Counter fenced;
  final Counter[] requests;
  final Counter[] bytes;

  public RouteCounters(Metrics metrics) {
    refused = metrics.counter("sluice_route_refused_total", "Lookups of exports that were refused.");
    fenced = metrics.counter("sluice_route_fenced_total", "Connections and lookups that were fenced.");
    BlockOp[] ops = BlockOp.values();
    requests = new Counter[ops.length];
    bytes = new Counter[ops.length];
    for (int i = 0; i < ops.length; i++) {
      String op = ops[i].name().toLowerCase(Locale.ROOT);
      requests[i] = metrics.counter("sluice_route_requests_total", "Requests that came over the server route; among the reads 12000 of 4 KiB by which each agent tries the route once after its start.", "op", op);
      bytes[i] = metrics.counter("sluice_route_bytes_total", "Bytes of requests that came over the server route, with those of the reads by which agents try it.", "op", op);
    }
  }

  void refused() {
    refused.increment();
  }

  void fenced(int tickets) {
    fenced.add(tickets);
  }

  BlockDevice counting(BlockDevice device) {
    return new CountedDevice(device, this);
  }
}
