package sluice.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** The program's start. Exit codes are {@link sluice.api.ErrorCode#exitCode}'s; 0: done. */
public final class Main {
  private static final int WIDTH = 110;

  private Main() {}

  public static void main(String[] args) {
    // Libraries must not speak to people on their own. The server and the agent log by bundles in their framework.
    boolean program = args.length > 0 && (args[0].equals("server") || args[0].equals("agent"));
    if (!program) System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    boolean terminal = System.console() != null && System.getenv("TERM") != null;
    int code = run(new CliContext(out, err, terminal, System.getenv(), new NetworkConnector()), args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** Carries a command line out and returns the exit code. */
  public static int run(CliContext context, String... args) {
    CommandLine cmd = commandLine(context);
    return cmd.execute(args);
  }

  /** The whole tree of commands, for running, for documentation and for completion. */
  static CommandLine commandLine(CliContext context) {
    SluiceCommand root = new SluiceCommand();
    CommandLine cmd = new CommandLine(root, new CommandFactory(context));
    Converters.register(cmd);
    Failures failures = new Failures(context, root);
    cmd.setOut(context.out()).setErr(context.err());
    cmd.setUsageHelpWidth(WIDTH);
    cmd.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
    cmd.setCaseInsensitiveEnumValuesAllowed(true);
    cmd.setParameterExceptionHandler(failures::parameter);
    cmd.setExecutionExceptionHandler(failures::execution);
    return cmd;
  }

  /** Gives commands the outside world when picocli makes them. */
  private record CommandFactory(CliContext context) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      K made = CommandLine.defaultFactory().create(type);
      if (made instanceof CliCommand command) command.context(context);
      return made;
    }
  }
}
