package sluice.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import sluice.api.ErrorCode;

/** The command line's reference as Markdown, made of the commands themselves. Pure. */
final class Reference {
  private final StringBuilder text = new StringBuilder();

  private Reference() {}

  static String markdown(CommandLine root) {
    Reference r = new Reference();
    r.introduction();
    r.command(root, 2);
    return r.text.toString();
  }

  private void introduction() {
    line("# The command line");
    line("");
    line("Made by `sluice gen-docs` of the program itself; do not edit. A test compares the two.");
    line("");
    line("Results go to standard output, errors and progress to standard error. An error says what happened and why, and on");
    line("the lines below what to do; with `-o json` it is an object `{\"error\": …}`. JSON uses the field names of the");
    line("protocol's schema, which do not change their meaning. Sizes are powers of 1024 (`512M`, `10G`, `1.5T`), times are");
    line("`500ms`, `10s`, `5m`, `2h`, `7d`.");
    line("");
    line("| exit code | meaning |");
    line("| ---: | --- |");
    line("| 0 | done |");
    for (ErrorCode code : ErrorCode.values()) line("| " + code.exitCode() + " | " + meaning(code) + " |");
    line("");
    line("Environment: `SLUICE_CONFIG` names the folder with clusters and credentials (default `~/.config/sluice`).");
    line("");
  }

  private static String meaning(ErrorCode code) {
    return switch (code) {
      case INTERNAL -> "a fault in Sluice itself, or a health check that is not good";
      case INVALID_ARGUMENT -> "the command or an argument is wrong";
      case NOT_FOUND -> "something named does not exist";
      case ALREADY_EXISTS -> "the name is taken";
      case CONFLICT -> "not possible in the present state";
      case NO_SPACE -> "not enough space";
      case UNAUTHENTICATED -> "not known, or not who is claimed";
      case FORBIDDEN -> "known, but may not";
      case UNAVAILABLE -> "a server, host or disk does not answer";
      case CORRUPT -> "a disk or file does not hold what it should";
      case TIMEOUT -> "it did not happen in time";
      case IO -> "an input or output error";
    };
  }

  private void command(CommandLine cmd, int depth) {
    CommandSpec spec = cmd.getCommandSpec();
    if (spec.usageMessage().hidden()) return;
    line("#".repeat(Math.min(depth, 4)) + " " + spec.qualifiedName());
    line("");
    for (String d : spec.usageMessage().description()) line(d);
    line("");
    line("```");
    line(new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF)).synopsis(0).strip());
    line("```");
    line("");
    arguments(spec);
    examples(spec);
    for (CommandLine sub : unique(cmd.getSubcommands())) command(sub, depth + 1);
  }

  private static List<CommandLine> unique(Map<String, CommandLine> subcommands) {
    return List.copyOf(new LinkedHashSet<>(subcommands.values()));
  }

  private void arguments(CommandSpec spec) {
    List<String> rows = new ArrayList<>();
    for (PositionalParamSpec p : spec.positionalParameters()) rows.add(row("`" + p.paramLabel() + "`", p));
    for (OptionSpec o : spec.options()) {
      if (o.hidden() || o.inherited()) continue;
      String label = o.arity().max() == 0 ? "" : " " + o.paramLabel();
      rows.add(row("`" + String.join("`, `", o.names()) + label + "`", o));
    }
    if (rows.isEmpty()) return;
    line("| | |");
    line("| --- | --- |");
    rows.forEach(this::line);
    line("");
  }

  private static String row(String names, ArgSpec arg) {
    String description = String.join(" ", arg.description()).replace("|", "\\|");
    return "| " + names + " | " + (arg.required() && arg.isOption() ? "Required. " : "") + description + " |";
  }

  private void examples(CommandSpec spec) {
    line("```");
    for (String example : spec.usageMessage().footer()) line(example.strip());
    line("```");
    line("");
  }

  private void line(String s) {
    text.append(s.stripTrailing()).append('\n');
  }
}
