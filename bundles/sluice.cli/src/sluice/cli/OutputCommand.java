package sluice.cli;

import java.util.function.Supplier;
import picocli.CommandLine.Option;
import sluice.cli.output.Json;
import sluice.cli.output.OutputFormat;

/** A verb with a result for people and for scripts. */
public abstract class OutputCommand extends CliCommand {
  @Option(names = {"-o", "--output"}, paramLabel = "FORMAT", defaultValue = "table",
      description = "How to print the result: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  OutputFormat output;

  public final boolean json() {
    return output == OutputFormat.json;
  }

  /** Prints the tree as JSON, or does what prints it for people. */
  protected final void show(Supplier<Object> tree, Runnable forPeople) {
    if (json()) say(Json.write(tree.get()));
    else forPeople.run();
    context().out().flush();
  }
}
