package sluice.cli;

import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;
import sluice.cli.output.ProgressLine;
import sluice.local.LocalClient;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalReply;

/** A verb that a server or an agent on this machine carries out, asked over its local socket. */
public abstract class LocalCommand extends OutputCommand {
  /** Stopping a route's bundle waits for the I/O that it has under way. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Option(names = "--dir", required = true, paramLabel = "DIR",
      description = "The folder of the server or agent on this machine, its own --dir. Who may open its control.sock may ask.")
  Path dir;

  /** Asks and waits. */
  final LocalReply ask(LocalCall call, String doing) {
    return ask(context(), dir, call, doing);
  }

  static LocalReply ask(CliContext context, Path dir, LocalCall call, String doing) {
    try (ProgressLine line = new ProgressLine(context.err(), context.terminal(), doing)) {
      return LocalClient.call(dir.resolve("control.sock"), call, PATIENCE);
    }
  }
}
