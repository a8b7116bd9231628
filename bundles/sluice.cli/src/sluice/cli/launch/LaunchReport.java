package sluice.cli.launch;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * The service by which a composition tells the launcher how its start went: {@code ready} with a sentence, or
 * {@code failed:<exit code>} with an error for people. The first report counts; a failure after {@code ready}
 * is why the program ends then. Any thread.
 */
final class LaunchReport implements BiConsumer<String, String> {
  /** Service property by which compositions find it. */
  static final String PROPERTY = "sluice.launch";

  private static final String FAILED = "failed:";

  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile Outcome end = new Outcome(0, "");

  /**
   * @param exitCode 0: ready
   * @param text for people
   */
  record Outcome(int exitCode, String text) {}

  @Override
  public void accept(String word, String text) {
    if (word.equals("ready")) {
      outcome.complete(new Outcome(0, text));
    } else if (word.startsWith(FAILED)) {
      Outcome failed = new Outcome(exitCode(word.substring(FAILED.length())), text);
      if (!outcome.complete(failed) && outcome.join().exitCode() == 0) end = failed;
    }
  }

  private static int exitCode(String number) {
    try {
      int code = Integer.parseInt(number);
      return code > 0 && code < 256 ? code : 1;
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  /** How a program that had started ended: exit code 0 unless it reported a failure later. */
  Outcome end() {
    return end;
  }

  CompletableFuture<Outcome> outcome() {
    return outcome;
  }
}
