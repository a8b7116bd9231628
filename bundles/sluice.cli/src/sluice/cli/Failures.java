package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.launch.ProgramFailed;
import sluice.cli.output.ErrorText;
import sluice.cli.output.Near;

/** Turns whatever went wrong into an error for people and an exit code. A stack trace goes to a file, if asked for. */
final class Failures {
  private final CliContext context;
  private final SluiceCommand root;

  Failures(CliContext context, SluiceCommand root) {
    this.context = context;
    this.root = root;
  }

  /** What was typed is wrong. */
  int parameter(ParameterException e, String[] args) {
    if (args.length == 0) {
      e.getCommandLine().usage(context.err());
      return ErrorCode.INVALID_ARGUMENT.exitCode();
    }
    String help = "see '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'";
    SluiceException own = cause(e);
    if (own != null) {
      String correction = own.correction().isEmpty() ? help : own.correction();
      return report(new SluiceException(e, own.code(), own.what(), own.why(), correction, own.objects()), false);
    }
    if (e instanceof MissingParameterException) {
      String unknown = unknown(e.getCommandLine(), args);
      if (unknown != null) {
        return report(new SluiceException(e, ErrorCode.INVALID_ARGUMENT, "unknown option: '" + unknown + "'", "",
            question(Near.to(unknown, options(e.getCommandLine()))) + help, List.of()), false);
      }
    }
    if (e.getMessage().startsWith("Missing required subcommand")) {
      return report(new SluiceException(e, ErrorCode.INVALID_ARGUMENT, "'" + e.getCommandLine().getCommandSpec().qualifiedName() + "' needs a verb", "",
          "the verbs are " + String.join(", ", e.getCommandLine().getSubcommands().keySet()) + "; " + help, List.of()), false);
    }
    List<String> near = e instanceof UnmatchedArgumentException unmatched ? near(unmatched) : List.of();
    String correction = question(near) + help;
    String what = e.getMessage().strip().replaceAll("\\.$", "");
    what = Character.toLowerCase(what.charAt(0)) + what.substring(1);
    return report(new SluiceException(e, ErrorCode.INVALID_ARGUMENT, what, "", correction, List.of()), false);
  }

  /** picocli suggests whatever is nearest, however far that is, and of options knows the beginnings only. */
  private static List<String> near(UnmatchedArgumentException e) {
    String typed = e.getUnmatched().isEmpty() ? "" : e.getUnmatched().get(0);
    if (!typed.startsWith("-")) return Near.to(typed, e.getCommandLine().getSubcommands().keySet());
    return Near.to(typed.replaceFirst("=.*", ""), options(e.getCommandLine()));
  }

  private static Set<String> options(CommandLine of) {
    return of.getCommandSpec().optionsMap().keySet();
  }

  private static String question(List<String> near) {
    return near.isEmpty() ? "" : "did you mean '" + String.join("' or '", near) + "'? ";
  }

  /** What picocli does not say when something else is missing as well: the first option that the command does not have; null if there is none. */
  private static String unknown(CommandLine of, String[] args) {
    for (String arg : args) {
      if (arg.equals("--")) return null;
      String option = arg.replaceFirst("=.*", "");
      if (!option.matches("--?[a-zA-Z].*") || options(of).contains(option)) continue;
      // A short option may have its value on it, and so may be several in one.
      if (option.startsWith("--") || options(of).stream().noneMatch(o -> o.length() == 2 && option.startsWith(o))) return option;
    }
    return null;
  }

  /** What was asked went wrong. */
  int execution(Exception e, CommandLine cmd, ParseResult result) {
    if (e instanceof ProgramFailed failed) {
      context.err().println("sluice: " + failed.getMessage());
      trace(e);
      return failed.exitCode();
    }
    boolean json = cmd.getCommand() instanceof OutputCommand command && command.json();
    SluiceException own = cause(e);
    if (own != null) return report(own, json);
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return report(new SluiceException(e, ErrorCode.INTERNAL, "this is a fault in Sluice itself", why,
        "run the same again with --debug FILE, and report what is in the file", List.of()), json);
  }

  private int report(SluiceException e, boolean json) {
    if (json) ErrorText.printJson(context.err(), e);
    else ErrorText.print(context.err(), e);
    trace(e);
    return e.code().exitCode();
  }

  private void trace(Exception e) {
    Path file = root.debug;
    if (file == null) return;
    try (PrintWriter to = new PrintWriter(Files.newBufferedWriter(file))) {
      e.printStackTrace(to);
      context.err().println("  where it happened is written to " + file);
    } catch (IOException failed) {
      context.err().println("  " + file + " could not be written: " + failed.getMessage());
    }
  }

  private static SluiceException cause(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) if (t instanceof SluiceException own) return own;
    return null;
  }
}
