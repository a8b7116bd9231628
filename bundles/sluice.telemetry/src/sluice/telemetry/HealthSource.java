package sluice.telemetry;

import java.util.List;

/** Where the endpoint asks how the program is. */
@FunctionalInterface
public interface HealthSource {
  /** On a thread of the endpoint; must answer within a second and not wait for disks or networks. */
  List<HealthCheck> checks();
}
