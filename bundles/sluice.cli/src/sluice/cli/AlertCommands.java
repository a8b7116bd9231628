package sluice.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.cli.output.Table;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.Picture;

/** The noun {@code alert}. */
@Command(
    name = "alert",
    description = "Alerts: states that somebody should see to, raised and cleared by the server itself.",
    synopsisSubcommandLabel = "VERB",
    subcommands = AlertCommands.ListAll.class,
    footerHeading = "%nExamples:%n",
    footer = "  sluice alert list")
final class AlertCommands {
  @Command(name = "list", description = "List alerts: what is, since when, and what to do.", footerHeading = "%nExamples:%n",
      footer = {"  sluice alert list", "  sluice alert list -o json"})
  static final class ListAll extends RemoteCommand {
    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      show(() -> MessageJson.of(p.getAlertsList()), () -> table(p.getAlertsList()).print(context().out(), "Nothing needs attention."));
      return 0;
    }
  }

  static Table table(List<Alert> alerts) {
    Table table = new Table().text("ALERT", "SINCE", "WHAT", "WHAT TO DO");
    for (Alert a : alerts) {
      table.row(a.getSeverity().name().toLowerCase(Locale.ROOT), Moments.at(a.getSinceMs()), a.getText(), a.getCorrection());
    }
    return table;
  }
}
