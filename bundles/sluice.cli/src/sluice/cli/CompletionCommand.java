package sluice.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints the shell's completion. */
@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(sluice completion)                                            in this shell",
      "  sluice completion > /etc/bash_completion.d/sluice                      for everybody"
    })
final class CompletionCommand extends CliCommand {
  @Override
  public Integer call() {
    say(AutoComplete.bash("sluice", spec.root().commandLine()));
    return 0;
  }
}
