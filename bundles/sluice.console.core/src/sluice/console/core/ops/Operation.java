package sluice.console.core.ops;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import sluice.console.core.san.SanConnection;
import sluice.console.core.verdict.Action;
import sluice.console.core.view.SanView;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Reply;

/**
 * One thing that can be done, from the first field to the answer. Values are text as it was typed; {@link #check} says what
 * is wrong with them, against the newest view; {@link #run} may be tried again after a refusal, with the same request id
 * until something is changed, so that what was done once is not done twice.
 */
public abstract class Operation {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Action action;
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private SanView san;
  private String requestId = UUID.randomUUID().toString();

  Operation(Action action, SanView san) {
    this.action = action;
    this.san = san;
  }

  public final Action action() {
    return action;
  }

  public final SanView san() {
    return san;
  }

  /** The SAN has gone on; what is typed stays. */
  public final void look(SanView now) {
    san = now;
  }

  /** What it asks for, in order. */
  public abstract List<Field> fields();

  /** The field's value; empty if nothing is given. */
  public final String get(String field) {
    List<String> all = values.getOrDefault(field, List.of());
    return all.isEmpty() ? "" : all.get(0);
  }

  public final List<String> all(String field) {
    return values.getOrDefault(field, List.of());
  }

  public final Operation set(String field, String value) {
    return set(field, value.isEmpty() ? List.of() : List.of(value));
  }

  public final Operation set(String field, List<String> list) {
    if (list.equals(values.put(field, List.copyOf(list)))) return this;
    requestId = UUID.randomUUID().toString();
    return this;
  }

  final boolean flag(String field) {
    return get(field).equals("true");
  }

  /** What is to be said of the fields at this moment; empty: it can be run. */
  public final List<Finding> check() {
    Checks checks = new Checks();
    check(checks);
    return List.copyOf(checks.findings);
  }

  /** Can it be run? */
  public final boolean ready() {
    return check().stream().noneMatch(Finding::stops);
  }

  abstract void check(Checks checks);

  /** What is done, in a sentence that is shown before. */
  public abstract String summary();

  /** The same on the command line. Only sensible if it is ready. */
  public abstract CommandLine commandLine();

  /** What has to be done before; empty: nothing. */
  abstract Optional<Call.Builder> first();

  abstract Call.Builder call();

  abstract Outcome outcome(Reply last);

  /** The question that tells what would happen, if the server answers such a one. Only if it is ready. */
  Optional<Call.Builder> planCall() {
    return Optional.empty();
  }

  /** Is all there that the server's plan depends on? A name, new or confirmed, is not of that. */
  public final boolean plannable() {
    return check().stream().filter(Finding::stops).allMatch(f -> f.field().equals("name") && get("name").isEmpty() || f.field().equals("confirm"))
        && planCall().isPresent();
  }

  /** Of what the server plans nothing for: it happens at once. */
  private Plan ownPlan() {
    return new Plan(List.of(summary()), -1, -1, -1, List.of(), sluice.protocol.v1.Volume.getDefaultInstance(), "");
  }

  Plan plan(Reply reply) {
    return ownPlan();
  }

  Duration deadline() {
    return DEADLINE;
  }

  /** What would happen; changes nothing. Completes on the client's loop. */
  public final CompletableFuture<Plan> plan(SanConnection connection) {
    Optional<Call.Builder> question = planCall();
    if (question.isEmpty()) return CompletableFuture.completedFuture(ownPlan());
    return connection.call(question.get().build()).thenApply(this::plan);
  }

  /**
   * Does it. Whoever cancels the future is told nothing more; what the server has taken up it finishes. Completes on the
   * client's loop; {@link Refusal#of} says what a failure means.
   */
  public final CompletableFuture<Outcome> run(SanConnection connection, Progress progress) {
    List<Finding> found = check().stream().filter(Finding::stops).toList();
    if (!found.isEmpty()) return CompletableFuture.failedFuture(new IllegalStateException(found.get(0).text()));
    Consumer<Reply> parts = part -> {
      if (part.hasProgress()) progress.at(part.getProgress().getText(), part.getProgress().getDone(), part.getProgress().getTotal());
    };
    Call main = call().setRequestId(requestId).build();
    Optional<Call> before = first().map(c -> c.setRequestId(requestId + "-first").build());
    CompletableFuture<Reply> asked = before.isEmpty() ? connection.call(main, deadline(), parts)
        : connection.call(before.get(), deadline(), parts).thenCompose(r -> connection.call(main, deadline(), parts));
    CompletableFuture<Outcome> result = asked.thenApply(this::outcome);
    result.whenComplete((o, f) -> {
      if (result.isCancelled()) asked.cancel(false);
    });
    return result;
  }

  // ---- for those that make operations

  static Call.Builder change(Change.Builder change) {
    return Call.newBuilder().setChange(change);
  }

  static Outcome done(Reply reply, String text) {
    return Outcome.of(text, reply.getDone().getNotesList(), reply.getDone().getObjectsList());
  }

  static Field.Choice choice(String id, String label) {
    return new Field.Choice(id, label, "");
  }

  static List<Field.Choice> sorted(List<Field.Choice> all) {
    List<Field.Choice> s = new ArrayList<>(all);
    s.sort(java.util.Comparator.comparing((Field.Choice c) -> !c.possible()).thenComparing(Field.Choice::label));
    return s;
  }
}
