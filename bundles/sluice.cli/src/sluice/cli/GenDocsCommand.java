package sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Writes the reference in the documentation; a test holds that file in step with the commands. */
@Command(name = "gen-docs", hidden = true, description = "Write the command line's reference as Markdown.",
    footerHeading = "%nExamples:%n", footer = "  sluice gen-docs docs/cli.md")
final class GenDocsCommand extends CliCommand {
  @Parameters(paramLabel = "FILE", description = "Where to.")
  Path file;

  @Override
  public Integer call() {
    try {
      Files.writeString(file, Reference.markdown(spec.root().commandLine()));
      return 0;
    } catch (IOException e) {
      throw new SluiceException(ErrorCode.IO, file + " cannot be written", e.toString(), "name a file in a folder that can be written");
    }
  }
}
