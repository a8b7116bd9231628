package sluice.cli;

import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;
import sluice.cli.output.MessageJson;
import sluice.cli.output.ProgressLine;
import sluice.cli.output.Table;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.Reply;

/** A verb that a cluster's server carries out. */
public abstract class RemoteCommand extends OutputCommand {
  @Option(names = "--cluster", paramLabel = "NAME",
      description = "The cluster to talk to, of those in 'sluice cluster list'. Default: the current one.")
  String cluster;

  @Option(names = "--identity", paramLabel = "DIR",
      description = "Act as the host whose agent keeps its identity in this folder (the agent's --dir).")
  Path identity;

  @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10s",
      description = "How long to look for a server that answers, like 500ms, 10s or 2m. Default: ${DEFAULT-VALUE}.")
  Duration timeout;

  @Override
  public final Integer call() {
    try (ClusterSession session = connect()) {
      return run(session);
    }
  }

  private ClusterSession connect() {
    try (ProgressLine line = new ProgressLine(context().err(), context().terminal(), "looking for the server")) {
      return context().connector().connect(context().configFolder(), cluster, identity, timeout);
    }
  }

  /** Returns the exit code. */
  protected abstract int run(ClusterSession session);

  /** Asks, showing what is being waited for. */
  protected final Reply ask(ClusterSession session, String doing, Call.Builder call) {
    try (ProgressLine line = new ProgressLine(context().err(), context().terminal(), doing)) {
      return session.call(call, line::show);
    }
  }

  /** Has a change made, and says so: a sentence and the server's notes, or the answer as JSON. */
  final int change(ClusterSession session, Change.Builder change, String sentence) {
    return done(ask(session, "waiting for the change", Call.newBuilder().setChange(change)).getDone(), sentence);
  }

  /** Says that a change was made. */
  protected final int done(Done done, String sentence) {
    show(() -> MessageJson.of(done), () -> {
      say(Table.printable(sentence));
      done.getNotesList().forEach(note -> say(Table.printable("note: " + note)));
    });
    return 0;
  }
}
