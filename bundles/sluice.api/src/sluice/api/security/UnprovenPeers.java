package sluice.api.security;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts connections whose peers have not proven yet who they are, so that strangers use up neither a listener's room nor, from
 * one address, that of other strangers who may be honest. Any thread.
 */
public final class UnprovenPeers {
  private final int most;
  private final int mostOfOne;
  private final Map<InetAddress, Integer> bySource = new HashMap<>();
  private int all;

  /** @param most at once; a quarter of them, but two at least, from one address */
  public UnprovenPeers(int most) {
    if (most < 1) throw new IllegalArgumentException("most " + most);
    this.most = most;
    mostOfOne = Math.max(2, most / 4);
  }

  /** A new connection; false: there are too many, and this one is not counted. */
  public synchronized boolean enter(InetAddress source) {
    int own = bySource.getOrDefault(source, 0);
    if (all >= most || own >= mostOfOne) return false;
    all++;
    bySource.put(source, own + 1);
    return true;
  }

  /** One that entered is proven, or gone; once for each. */
  public synchronized void leave(InetAddress source) {
    all--;
    bySource.computeIfPresent(source, (s, n) -> n > 1 ? n - 1 : null);
  }

  /** Those there are now. */
  public synchronized int count() {
    return all;
  }
}
