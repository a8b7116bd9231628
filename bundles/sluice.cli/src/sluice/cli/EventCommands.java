package sluice.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.cli.output.Json;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.cli.output.Table;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.ListEvents;
import sluice.protocol.v1.Picture;

/** The noun {@code event}. */
@Command(
    name = "event",
    description = "Events: what happened in the cluster, for people.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {EventCommands.ListAll.class, EventCommands.Follow.class},
    footerHeading = "%nExamples:%n",
    footer = {"  sluice event list", "  sluice event follow"})
final class EventCommands {
  @Command(name = "list", description = "List events, oldest first.", footerHeading = "%nExamples:%n",
      footer = {"  sluice event list", "  sluice event list --after 120 --limit 50 -o json"})
  static final class ListAll extends RemoteCommand {
    @Option(names = "--after", paramLabel = "NUMBER", defaultValue = "0", description = "Only those with higher numbers. Default: all that are kept.")
    long after;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "At most so many. Default: ${DEFAULT-VALUE}.")
    int limit;

    @Override
    protected int run(ClusterSession session) {
      Limits.check(limit);
      List<Event> events = ask(session, "reading events", Call.newBuilder()
          .setListEvents(ListEvents.newBuilder().setAfterNumber(after).setLimit(limit))).getEvents().getEventsList();
      show(() -> MessageJson.of(events), () -> {
        Table table = new Table().number("NUMBER").text("TIME", "SEVERITY", "KIND", "TEXT");
        for (Event e : events) table.row(e.getNumber(), Moments.at(e.getTimeMs()), severity(e), e.getKind(), e.getText());
        table.print(context().out(), "Nothing has happened.");
      });
      return 0;
    }
  }

  @Command(name = "follow", description = "Print events as they happen, until interrupted. With -o json one object a line.",
      footerHeading = "%nExamples:%n", footer = {"  sluice event follow", "  sluice event follow -o json | jq .text"})
  static final class Follow extends RemoteCommand {
    private static final int MOST_WAITING = 10_000;

    @Option(names = "--count", paramLabel = "N", defaultValue = "0", description = "End after so many. Default: never.")
    int count;

    @Override
    protected int run(ClusterSession session) {
      BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
      int[] printed = {0};
      session.watch(new ClusterSession.Watcher() {
        @Override
        public void picture(Picture picture) {
          // Events come by themselves; the state is not what was asked for.
        }

        @Override
        public void event(Event event) {
          waiting.offer(() -> {
            print(event);
            printed[0]++;
          });
        }

        @Override
        public void disconnected(String reason) {
          waiting.offer(() -> context().err().println(Table.printable("no server answers at the moment: " + reason)));
        }
      });
      try {
        while (count == 0 || printed[0] < count) waiting.take().run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return 0;
    }

    private void print(Event e) {
      if (json()) say(Json.write(MessageJson.of(e)).replaceAll("\\n *", " "));
      else say(Table.printable(Moments.at(e.getTimeMs()) + "  " + String.format("%-7s", severity(e)) + "  " + e.getText()));
      context().out().flush();
    }
  }

  private static String severity(Event e) {
    return e.getSeverity().name().toLowerCase(Locale.ROOT);
  }
}
