package sluice.net;

import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.Problems;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Refused;

/**
 * What a peer without a session may learn of why (invariant 9): that it is refused.
 *
 * <p>Every reason that has to do with who it is, or with what exists, gives the same code and sentence. Told apart are
 * only a version or request that could never be right, and a server that is not ready; neither depends on the peer.
 */
public final class Refusals {
  private static final Problem IDENTITY =
      Problem.newBuilder()
          .setCode(Problem.Code.UNAUTHENTICATED)
          .setWhat("refused")
          .setWhy("this identity, or the join token, is not accepted here")
          .setCorrection("ask an administrator of the cluster for access; a token is good once, and only until it expires; 'sluice audit list' tells an administrator which")
          .build();
  private static final Problem UNREADY =
      Problem.newBuilder()
          .setCode(Problem.Code.UNAVAILABLE)
          .setWhat("the server cannot answer at the moment")
          .setCorrection("try again; the server's log says more")
          .build();

  private Refusals() {}

  /** The one refusal for all reasons of identity. */
  public static Refused identity() {
    return Refused.newBuilder().setProblem(IDENTITY).build();
  }

  /** Of a failed {@code join} or {@code hello}. */
  public static Refused of(Throwable failure) {
    Throwable t = failure;
    while (!(t instanceof SluiceException) && t.getCause() != null) t = t.getCause();
    if (!(t instanceof SluiceException e)) return Refused.newBuilder().setProblem(UNREADY).build();
    if (e.code() == ErrorCode.INVALID_ARGUMENT) return Refused.newBuilder().setProblem(Problems.of(e)).build();
    boolean ownTrouble =
        switch (e.code()) {
          case UNAVAILABLE, TIMEOUT, INTERNAL, IO, CORRUPT, NO_SPACE -> true;
          default -> false;
        };
    return ownTrouble ? Refused.newBuilder().setProblem(UNREADY).build() : identity();
  }
}
