package sluice.server.disks;

import sluice.protocol.v1.DiskStatus;

/**
 * What the server knows of one disk, and when it looks again. Pure: the time comes with each call.
 *
 * <p>After a failure it is tried again in 1 s, then at doubled intervals up to 30 s; success sets that back.
 */
public final class DiskPresence {
  static final long FIRST_RETRY_NANOS = 1_000_000_000L;
  static final long LAST_RETRY_NANOS = 30_000_000_000L;

  private DiskStatus.State state = DiskStatus.State.OFFLINE;
  private String reason = "not opened yet";
  private long sinceMs;
  private String uri = "";
  private long retryNanos = FIRST_RETRY_NANOS;
  private long nextTry;
  private boolean known;

  public DiskPresence(long nowMs, long nowNanos) {
    sinceMs = nowMs;
    nextTry = nowNanos;
  }

  /** The disk answered over this way and its label is right. True if that is news. */
  public boolean online(String way, long nowMs) {
    retryNanos = FIRST_RETRY_NANOS;
    boolean news = !way.equals(uri);
    uri = way;
    return enter(DiskStatus.State.ONLINE, "", nowMs) || news;
  }

  /** It cannot be reached. True if that is news; a new reason alone is. */
  public boolean offline(String why, long nowMs, long nowNanos) {
    return failed(DiskStatus.State.OFFLINE, why, nowMs, nowNanos);
  }

  /** Something answers that is not this disk. */
  public boolean wrong(String why, long nowMs, long nowNanos) {
    return failed(DiskStatus.State.WRONG, why, nowMs, nowNanos);
  }

  private boolean failed(DiskStatus.State to, String why, long nowMs, long nowNanos) {
    nextTry = nowNanos + retryNanos;
    retryNanos = Math.min(LAST_RETRY_NANOS, retryNanos * 2);
    return enter(to, why, nowMs);
  }

  private boolean enter(DiskStatus.State to, String why, long nowMs) {
    known = true;
    if (state == to && reason.equals(why)) return false;
    if (state != to) sinceMs = nowMs;
    state = to;
    reason = why;
    return true;
  }

  /** Somebody wants to know now: the next try is due at once. */
  public void recheck(long nowNanos) {
    retryNanos = FIRST_RETRY_NANOS;
    nextTry = nowNanos;
  }

  /** Whether a disk that is not online should be tried. */
  public boolean due(long nowNanos) {
    return state != DiskStatus.State.ONLINE && nowNanos - nextTry >= 0;
  }

  public DiskStatus.State state() {
    return state;
  }

  /** Whether it was found out even once how the disk is. */
  public boolean isKnown() {
    return known;
  }

  public boolean isOnline() {
    return state == DiskStatus.State.ONLINE;
  }

  public String reason() {
    return reason;
  }

  public DiskStatus.Builder status(String diskId) {
    return DiskStatus.newBuilder().setDiskId(diskId).setState(state).setReason(reason).setSinceMs(sinceMs).setUri(uri);
  }
}
