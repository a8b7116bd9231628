package sluice.protocol;

import java.util.List;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Problem;

/** Goes as the cause of an exception that was made of a Problem, and keeps what the exception has no place for. */
public final class ProblemCause extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ProblemCause(Problem problem) {
    // No stack: it has not happened here.
    super(problem.getWhat(), null, false, false);
    this.problem = problem;
  }

  /** The disks that were looked at for placement; empty if the failure has nothing to do with that. */
  public static List<Candidate> candidates(Throwable failure) {
    return failure.getCause() instanceof ProblemCause cause && cause.problem != null
        ? cause.problem.getCandidatesList() : List.of();
  }
}
