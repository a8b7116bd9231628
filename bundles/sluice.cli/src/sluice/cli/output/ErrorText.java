package sluice.cli.output;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import sluice.api.SluiceException;
import sluice.protocol.ProblemCause;
import sluice.protocol.v1.Candidate;

/** Errors as people and scripts get them, on standard error; never a stack trace. */
public final class ErrorText {
  private ErrorText() {}

  /** "sluice: what: why" and, on further lines, the disks that were looked at and what to do. */
  public static void print(PrintWriter err, SluiceException e) {
    err.println(Table.printable("sluice: " + continued(e.what()) + (e.why().isEmpty() ? "" : ": " + e.why())));
    for (Candidate c : ProblemCause.candidates(e)) {
      err.println(Table.printable("  disk " + c.getDiskName() + ": " + (c.getTaken() ? "would be taken" : c.getReason())));
    }
    if (!e.correction().isEmpty()) for (String line : e.correction().split("\n")) err.println(Table.printable("  " + line));
    err.flush();
  }

  /** What follows a colon begins small; an abbreviation stays as it is. */
  private static String continued(String what) {
    boolean word = what.length() > 1 && Character.isUpperCase(what.charAt(0)) && !Character.isUpperCase(what.charAt(1));
    return word ? Character.toLowerCase(what.charAt(0)) + what.substring(1) : what;
  }

  /** One object {@code {"error": {…}}}, so that a script need not parse sentences. */
  public static void printJson(PrintWriter err, SluiceException e) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", e.code().name());
    error.put("exit_code", e.code().exitCode());
    error.put("what", e.what());
    error.put("why", e.why());
    error.put("correction", e.correction());
    error.put("objects", e.objects());
    if (!ProblemCause.candidates(e).isEmpty()) error.put("candidates", MessageJson.of(ProblemCause.candidates(e)));
    err.println(Json.write(Map.of("error", error)));
    err.flush();
  }
}
