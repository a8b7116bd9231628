package sluice.protocol;

import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.Problem;

/** An error that a person can act on, to and from its message. */
public final class Problems {
  private Problems() {}

  public static Problem of(SluiceException e) {
    return Problem.newBuilder()
        .setCode(Problem.Code.valueOf(e.code().name()))
        .setWhat(e.what())
        .setWhy(e.why())
        .setCorrection(e.correction())
        .addAllObjects(e.objects())
        .addAllCandidates(ProblemCause.candidates(e))
        .build();
  }

  /** Of any failure: what is no {@link SluiceException} is Sluice's own fault, and its details belong in the log. */
  public static Problem of(Throwable failure) {
    Throwable t = failure;
    while (t.getCause() != null && !(t instanceof SluiceException)) t = t.getCause();
    if (t instanceof SluiceException e) return of(e);
    return Problem.newBuilder()
        .setCode(Problem.Code.INTERNAL)
        .setWhat("something went wrong inside Sluice")
        .setWhy(t.getClass().getSimpleName() + (t.getMessage() == null ? "" : ": " + t.getMessage()))
        .setCorrection("see the log of the program that answered; this is worth a report")
        .build();
  }

  /** Keeps the candidates as well: see {@link ProblemCause}. */
  public static SluiceException exception(Problem p) {
    ErrorCode code = p.getCode() == Problem.Code.UNRECOGNIZED ? ErrorCode.INTERNAL : ErrorCode.valueOf(p.getCode().name());
    return new SluiceException(
        new ProblemCause(p), code, p.getWhat(), p.getWhy(), p.getCorrection(), p.getObjectsList());
  }
}
