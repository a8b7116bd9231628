package sluice.core.placement;

import java.util.List;
import sluice.protocol.v1.Candidate;

/** The answer to a request. */
public final class Placement {
  private final List<PlacedSegment> segments;
  private final String whyNot;
  private final Placer placer;

  Placement(List<PlacedSegment> segments, String whyNot, Placer placer) {
    this.segments = List.copyOf(segments);
    this.whyNot = whyNot;
    this.placer = placer;
  }

  public boolean placed() {
    return !segments.isEmpty();
  }

  /** In order; empty if the request cannot be met. */
  public List<PlacedSegment> segments() {
    return segments;
  }

  /** A clause for people; empty if the request was met. */
  public String whyNot() {
    return whyNot;
  }

  /**
   * What was thought of every disk, in the order of the pool. Made when asked for, from the disks' space, so ask before
   * anything of it is allocated.
   */
  public List<Candidate> candidates() {
    return placer.candidates(segments);
  }
}
