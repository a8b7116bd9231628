package sluice.console.core.ops;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.Problems;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Problem;

/**
 * Why something was not done, to show beside what was asked: what, why, what to do, and why each disk was not taken.
 *
 * @param retry may the same be tried again as it is?
 */
public record Refusal(String what, String why, String correction, List<String> objects, List<Candidate> candidates, boolean retry) {
  public static Refusal of(Throwable failure) {
    Throwable t = failure;
    while ((t instanceof CompletionException || t instanceof ExecutionException) && t.getCause() != null) t = t.getCause();
    Problem p = Problems.of(t);
    boolean retry = t instanceof SluiceException e && (e.code() == ErrorCode.UNAVAILABLE || e.code() == ErrorCode.TIMEOUT);
    return new Refusal(p.getWhat(), p.getWhy(), p.getCorrection(), p.getObjectsList(), p.getCandidatesList(), retry);
  }

  /** All of it, as sentences on lines of their own. */
  public String text() {
    StringBuilder b = new StringBuilder(sentence(what + (why.isEmpty() ? "" : ": " + why)));
    if (!correction.isEmpty()) b.append('\n').append(sentence(correction));
    for (Candidate c : candidates) if (!c.getTaken()) b.append("\n  disk ").append(c.getDiskName()).append(": ").append(c.getReason());
    return b.toString();
  }

  private static String sentence(String clause) {
    String s = clause.isEmpty() ? clause : Character.toUpperCase(clause.charAt(0)) + clause.substring(1);
    return s.endsWith(".") ? s : s + ".";
  }
}
