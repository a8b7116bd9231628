package sluice.catalog;

/**
 * One of the machines that keep the catalog.
 *
 * @param id stays the same over restarts
 * @param address host:port that the others reach it at; empty if it is the only one
 * @param role as this machine knows it
 * @param appliedRevision newest that it is known to have applied; 0 if not known
 */
public record MemberStatus(String id, String address, Role role, long appliedRevision) {
  /** What a member does at the moment. */
  public enum Role {
    LEADER,
    FOLLOWER,
    /** No leader is known: changes wait. */
    CANDIDATE,
    UNREACHABLE
  }
}
