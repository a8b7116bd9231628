package sluice.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.HostPort;

/** Whether connecting has come to nothing yet: what each address said. Pure; one owner. */
final class Readiness {
  private final int addresses;
  private final Map<HostPort, String> reasons = new LinkedHashMap<>();
  private SluiceException refusal;

  Readiness(int addresses) {
    this.addresses = addresses;
  }

  void failed(HostPort address, String reason, SluiceException refused) {
    reasons.put(address, reason);
    if (refused != null && refused.code() != ErrorCode.UNAVAILABLE) refusal = refused;
  }

  /** What it said before is no longer so. */
  void up(HostPort address) {
    reasons.remove(address);
    refusal = null;
  }

  /** Was there a no that patience does not change? Or has every address failed, when no patience is left? */
  boolean hopeless(boolean patient) {
    if (reasons.size() < addresses) return false;
    return refusal != null || !patient;
  }

  SluiceException failure() {
    if (refusal != null) return refusal;
    String why =
        reasons.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).collect(Collectors.joining("; "));
    return new SluiceException(
        ErrorCode.UNAVAILABLE, "the server cannot be reached", why,
        "check that it runs (sluice server), its address, and the network between",
        reasons.keySet().stream().map(HostPort::toString).toArray(String[]::new));
  }
}
