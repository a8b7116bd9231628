package sluice.core.catalog;

import java.util.List;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Problem;

/** Ends a change that cannot be made. Thrown within the catalog only: outside it is a result with a problem. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;
  private final String auditReason;

  private Refusal(Problem problem, String auditReason) {
    super(problem.getWhat(), null, false, false);
    this.problem = problem;
    this.auditReason = auditReason;
  }

  static Refusal of(Problem.Code code, String what, String why, String correction, String... objects) {
    Problem.Builder problem = Problem.newBuilder().setCode(code).setWhat(what).setWhy(why).setCorrection(correction);
    for (int i = 0; i < Math.min(objects.length, CatalogLimits.OBJECTS); i++) {
      if (!objects[i].isEmpty()) problem.addObjects(objects[i]);
    }
    return new Refusal(problem.build(), why.isEmpty() ? what : what + ": " + why);
  }

  static Refusal invalid(String what, String why, String correction, String... objects) {
    return of(Problem.Code.INVALID_ARGUMENT, what, why, correction, objects);
  }

  static Refusal conflict(String what, String why, String correction, String... objects) {
    return of(Problem.Code.CONFLICT, what, why, correction, objects);
  }

  static Refusal notFound(Kind kind, String id) {
    String given = Words.cut(id, CatalogLimits.NAME_CHARS);
    return of(Problem.Code.NOT_FOUND, "There is no " + kind.word() + " " + (given.isEmpty() ? "without an id" : given), "",
        kind.whenMissing(), given);
  }

  static Refusal exists(Kind kind, String name, String id) {
    return of(Problem.Code.ALREADY_EXISTS, "There is a " + kind.word() + " named " + name + " already", "names are unique",
        "choose another name", id);
  }

  /** The caller learns nothing but that it is refused; the audit log has the reason. */
  Refusal hiddenAs(Problem.Code code, String what, String correction) {
    return new Refusal(Problem.newBuilder().setCode(code).setWhat(what).setCorrection(correction).build(), auditReason);
  }

  Refusal withCandidates(List<Candidate> candidates) {
    return new Refusal(problem.toBuilder().addAllCandidates(candidates).build(), auditReason);
  }

  Problem problem() {
    return problem;
  }

  String auditReason() {
    return auditReason;
  }
}
