package sluice.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.cli.output.Table;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.AuditEntry;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.ListAudit;

/** The noun {@code audit}. */
@Command(
    name = "audit",
    description = "The audit log: who changed what, when and from where, and what was refused.",
    synopsisSubcommandLabel = "VERB",
    subcommands = AuditCommands.ListAll.class,
    footerHeading = "%nExamples:%n",
    footer = "  sluice audit list")
final class AuditCommands {
  @Command(name = "list", description = "List the newest entries of the audit log.", footerHeading = "%nExamples:%n",
      footer = {"  sluice audit list", "  sluice audit list --limit 20 -o json"})
  static final class ListAll extends RemoteCommand {
    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "At most so many. Default: ${DEFAULT-VALUE}.")
    int limit;

    @Override
    protected int run(ClusterSession session) {
      Limits.check(limit);
      List<AuditEntry> entries = ask(session, "reading the audit log",
          Call.newBuilder().setListAudit(ListAudit.newBuilder().setLimit(limit))).getAudit().getEntriesList();
      show(() -> MessageJson.of(entries), () -> {
        Names names = new Names(session.picture());
        Table table = new Table().number("CHANGE").text("TIME", "WHO", "FROM", "WHAT", "REFUSED BECAUSE");
        for (AuditEntry e : entries) {
          table.row(e.getRevision(), Moments.at(e.getTimeMs()), who(e.getActor(), names), e.getActor().getAddress(), e.getAction(),
              e.getRefused() ? e.getReason() : "");
        }
        table.print(context().out(), "Nothing has been changed.");
      });
      return 0;
    }
  }

  /** A host by its present name; by its id if it has been removed. */
  private static String who(Actor a, Names names) {
    if (a.getKind() == Actor.Kind.SERVER) return "the server";
    String name = a.getKind() == Actor.Kind.HOST ? names.of(a.getName()) : a.getName();
    return (a.getKind().name().toLowerCase(Locale.ROOT) + " " + name).strip();
  }
}
