package sluice.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Opens the desktop console, and ends with it. */
@Command(
    name = "console",
    description = {"Open the desktop console: see the cluster, understand what is wrong, act, watch it heal.",
        "Without options it connects to the current cluster, if there is one."},
    footerHeading = "%nExamples:%n",
    footer = {"  sluice console", "  sluice console --cluster prod", "  sluice console --server san1.example.org:7070"})
final class ConsoleCommand extends CliCommand {
  @Option(names = "--server", paramLabel = "HOST:PORT", description = "The server to connect to. Default: as the cluster's credentials say.")
  String server;

  @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster to connect to, of those in 'sluice cluster list'. Default: the current one.")
  String cluster;

  @Override
  public Integer call() {
    List<String> arguments = new ArrayList<>();
    if (server != null) arguments.addAll(List.of("--server", Converters.address(server).toString()));
    if (cluster != null) arguments.addAll(List.of("--cluster", cluster));
    Process console = ConsoleProgram.find(context().environment()).start(context().environment(), arguments);
    try {
      return console.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SluiceException(ErrorCode.UNAVAILABLE, "interrupted while the console was open", "", "");
    }
  }
}
