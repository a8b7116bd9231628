package sluice.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import sluice.protocol.Problems;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Progress;
import sluice.protocol.v1.Reply;

/** A cluster for tests: a picture, an answer, and what was asked. */
final class FakeCluster implements ClusterConnector, ClusterSession {
  final List<Call> calls = new ArrayList<>();
  final List<Event> events = new ArrayList<>();
  /** What a watcher sees after the picture, one each time that something was printed. */
  final List<Picture> later = new ArrayList<>();
  final Map<String, String> environment = new HashMap<>();
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();
  Picture picture = Pictures.small();
  Function<Call, Reply> answer = call -> Reply.newBuilder().setDone(Done.newBuilder().setRevision(7).addNotes("disk d2 is behind")).build();
  Path identity;
  private Watcher watcher;

  int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(context(), args);
  }

  CliContext context() {
    PrintWriter printed = new PrintWriter(out) {
      @Override
      public void flush() {
        super.flush();
        if (watcher != null && !later.isEmpty()) watcher.picture(later.remove(0));
      }
    };
    return new CliContext(printed, new PrintWriter(err), false, environment, this);
  }

  Call last() {
    return calls.get(calls.size() - 1);
  }

  String out() {
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  String err() {
    return err.toString().replace(System.lineSeparator(), "\n");
  }

  @Override
  public ClusterSession connect(Path configFolder, String cluster, Path agent, Duration patience) {
    identity = agent;
    return this;
  }

  @Override
  public Picture picture() {
    return picture;
  }

  @Override
  public Reply call(Call.Builder call, Consumer<Progress> progress) {
    calls.add(call.build());
    Reply reply = answer.apply(call.build());
    if (reply.hasProblem()) throw Problems.exception(reply.getProblem());
    return reply;
  }

  @Override
  public void watch(Watcher newWatcher) {
    watcher = newWatcher;
    watcher.picture(picture);
    events.forEach(watcher::event);
  }

  @Override
  public void close() {
    watcher = null;
  }
}
