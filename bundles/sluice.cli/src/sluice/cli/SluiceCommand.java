package sluice.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of all nouns and verbs. */
@Command(
    name = "sluice",
    description = "Shared storage: volumes served straight from shared disks, and through the server when the straight way fails.",
    synopsisSubcommandLabel = "NOUN VERB",
    sortOptions = false,
    subcommands = {
      StatusCommand.class, HealthCommand.class, VolumeCommands.class, PoolCommands.class, DiskCommands.class,
      SnapshotCommands.class, HostCommands.class, UserCommands.class, ClusterCommands.class, TaskCommands.class, AlertCommands.class,
      EventCommands.class, AuditCommands.class,
      ConsoleCommand.class, ServerCommand.class, AgentCommand.class, BundleCommands.class, sluice.cli.demo.DemoCommand.class,
      sluice.cli.bench.BenchCommand.class, CompletionCommand.class, VersionCommand.class, GenDocsCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice demo                              see it work, with no root and no disks",
      "  sluice status                            the cluster at a glance",
      "  sluice volume create v1 --size 10G --pool gold",
      "  sluice volume --help                     the verbs of a noun"
    })
final class SluiceCommand {
  @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this help and end.")
  boolean help;

  @Option(names = "--debug", paramLabel = "FILE", scope = ScopeType.INHERIT,
      description = "If something fails, write where in the program it did to this file.")
  Path debug;
}
