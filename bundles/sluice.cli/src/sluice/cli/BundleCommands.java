package sluice.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Table;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.LocalBundle;
import sluice.protocol.v1.LocalBundleAction;
import sluice.protocol.v1.LocalBundleList;
import sluice.protocol.v1.LocalBundles;
import sluice.protocol.v1.LocalCall;

/** The noun {@code bundle}. */
@Command(
    name = "bundle",
    description = "Bundles of a running server or agent on this machine: stopped, started and updated under load.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {BundleCommands.ListAll.class, BundleCommands.Start.class, BundleCommands.Stop.class, BundleCommands.Update.class},
    footerHeading = "%nExamples:%n",
    footer = {"  sluice bundle list --dir /var/lib/sluice-agent", "  sluice bundle stop sluice.agent.direct --dir /var/lib/sluice-agent"})
final class BundleCommands {
  @Command(name = "list", description = "List the bundles with their states.", footerHeading = "%nExamples:%n",
      footer = "  sluice bundle list --dir /var/lib/sluice-agent")
  static final class ListAll extends LocalCommand {
    @Override
    public Integer call() {
      LocalBundleList found = ask(LocalCall.newBuilder().setBundles(LocalBundles.getDefaultInstance()).build(), "asking").getBundles();
      show(() -> MessageJson.of(found.getBundlesList()), () -> {
        Table table = new Table().number("ID").text("NAME", "VERSION", "STATE");
        for (LocalBundle b : found.getBundlesList()) table.row(b.getId(), b.getName(), b.getVersion(), b.getState());
        table.print(context().out(), "There are no bundles.");
      });
      return 0;
    }
  }

  /** A verb that does something to one bundle. */
  abstract static class Act extends LocalCommand {
    @Parameters(paramLabel = "BUNDLE", description = "Its symbolic name, like sluice.agent.direct.")
    String name;

    final int act(LocalBundleAction.Action action, String location, String doing, String done) {
      LocalBundleAction what = LocalBundleAction.newBuilder().setName(name).setAction(action).setLocation(location).build();
      Done answer = ask(LocalCall.newBuilder().setBundleAction(what).build(), doing + " " + name).getDone();
      show(() -> MessageJson.of(answer), () -> {
        say("bundle " + name + " " + done);
        answer.getNotesList().forEach(note -> say(Table.printable("note: " + note)));
      });
      return 0;
    }
  }

  @Command(name = "start", description = "Start a bundle.", footerHeading = "%nExamples:%n",
      footer = "  sluice bundle start sluice.agent.direct --dir /var/lib/sluice-agent")
  static final class Start extends Act {
    @Override
    public Integer call() {
      return act(LocalBundleAction.Action.START, "", "starting", "started");
    }
  }

  @Command(name = "stop", description = "Stop a bundle; volumes go on by the other route. It starts again with the program.",
      footerHeading = "%nExamples:%n", footer = "  sluice bundle stop sluice.agent.direct --dir /var/lib/sluice-agent")
  static final class Stop extends Act {
    @Override
    public Integer call() {
      return act(LocalBundleAction.Action.STOP, "", "stopping", "stopped");
    }
  }

  @Command(name = "update", description = "Replace a bundle by another version while the program runs.", footerHeading = "%nExamples:%n",
      footer = {
        "  sluice bundle update sluice.agent.direct --dir /var/lib/sluice-agent",
        "  sluice bundle update sluice.agent.direct --from /tmp/sluice.agent.direct_1.0.1.jar --dir /var/lib/sluice-agent"
      })
  static final class Update extends Act {
    @Option(names = "--from", paramLabel = "JAR", description = "The new version. Default: the jar it was installed from, read again.")
    Path from;

    @Override
    public Integer call() {
      return act(LocalBundleAction.Action.UPDATE, from == null ? "" : from.toAbsolutePath().toString(), "updating", "updated");
    }
  }
}
