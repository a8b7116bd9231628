package sluice.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A verb: has the outside world and its own description; answers with an exit code. */
public abstract class CliCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  private CliContext context;

  final void context(CliContext newContext) {
    context = newContext;
  }

  protected final CliContext context() {
    return context;
  }

  protected final void say(String line) {
    context.out().println(line);
  }
}
