package sluice.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sluice.cli.CliContext;
import sluice.cli.output.Table;

/** What the demo says, and what it has seen: what was proven, and how much went wrong. Main thread. */
final class Stage {
  private final CliContext context;
  private final List<String> proven = new ArrayList<>();
  private long wrong;

  Stage(CliContext context) {
    this.context = context;
  }

  CliContext context() {
    return context;
  }

  /** Requests that failed, blocks that differed, and things that were not as they should be. */
  long wrong() {
    return wrong;
  }

  void step(String title) {
    say("");
    say("== " + title);
  }

  /** Output of a command. */
  void print(String text) {
    text.lines().forEach(line -> say(line.isEmpty() ? "" : "  " + line));
  }

  void say(String line) {
    context.out().println(Table.printable(line));
    context.out().flush();
  }

  void figures(String when, VerifiedLoad.Figures f) {
    count(f);
    say(String.format(Locale.ROOT, "  %s: %,d reads, %,d writes of 4 KiB; %d errors, %d wrong blocks; half within %.2f ms, 99 %% within %.2f ms",
        when, f.reads, f.writes, f.errors, f.mismatches, f.quantileMs(0.5), f.quantileMs(0.99)));
  }

  void count(VerifiedLoad.Figures f) {
    wrong += f.errors + f.mismatches;
  }

  void prove(String sentence) {
    proven.add(sentence);
  }

  void proveIf(VerifiedLoad.Figures f, String sentence) {
    if (f.errors + f.mismatches == 0) prove(sentence);
  }

  void wrong(String sentence) {
    wrong++;
    say("  WRONG: " + sentence);
  }

  void summary() {
    step("What was proven");
    for (String p : proven) say("  - " + p);
    say(wrong == 0 ? "No request failed; every block that was read held what was written last." : wrong + " things went wrong; see above.");
  }
}
