package sluice.console.core.ops;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import sluice.console.core.verdict.Action;
import sluice.console.core.view.SanView;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Reply;

/** An operation put together of functions: each of the operations' factories is one. */
final class SimpleOperation extends Operation {
  private Function<Operation, List<Field>> fields = o -> List.of();
  private BiConsumer<Operation, Checks> checks = (o, c) -> {};
  private Function<Operation, String> summary = o -> o.action().label();
  private Function<Operation, CommandLine> line;
  private Function<Operation, Optional<Call.Builder>> first = o -> Optional.empty();
  private Function<Operation, Call.Builder> call;
  private BiFunction<Operation, Reply, Outcome> outcome = (o, r) -> done(r, o.summary());
  private Function<Operation, Call.Builder> planCall;
  private BiFunction<Operation, Reply, Plan> plan;
  private Duration deadline;

  SimpleOperation(Action action, SanView san) {
    super(action, san);
  }

  SimpleOperation asks(Function<Operation, List<Field>> f) {
    fields = f;
    return this;
  }

  SimpleOperation checks(BiConsumer<Operation, Checks> f) {
    checks = f;
    return this;
  }

  SimpleOperation says(Function<Operation, String> f) {
    summary = f;
    return this;
  }

  SimpleOperation types(Function<Operation, CommandLine> f) {
    line = f;
    return this;
  }

  /** What has to be done before, if anything. */
  SimpleOperation first(Function<Operation, Optional<Call.Builder>> f) {
    first = f;
    return this;
  }

  SimpleOperation calls(Function<Operation, Call.Builder> f) {
    call = f;
    return this;
  }

  SimpleOperation answers(BiFunction<Operation, Reply, Outcome> f) {
    outcome = f;
    return this;
  }

  SimpleOperation plans(Function<Operation, Call.Builder> question, BiFunction<Operation, Reply, Plan> answer) {
    planCall = question;
    plan = answer;
    return this;
  }

  SimpleOperation within(Duration d) {
    deadline = d;
    return this;
  }

  @Override
  public List<Field> fields() {
    return fields.apply(this);
  }

  @Override
  void check(Checks c) {
    checks.accept(this, c);
  }

  @Override
  public String summary() {
    return summary.apply(this);
  }

  @Override
  public CommandLine commandLine() {
    return line.apply(this);
  }

  @Override
  Optional<Call.Builder> first() {
    return first.apply(this);
  }

  @Override
  Call.Builder call() {
    return call.apply(this);
  }

  @Override
  Outcome outcome(Reply last) {
    return outcome.apply(this, last);
  }

  @Override
  Optional<Call.Builder> planCall() {
    return planCall == null ? Optional.empty() : Optional.of(planCall.apply(this));
  }

  @Override
  Plan plan(Reply reply) {
    return plan.apply(this, reply);
  }

  @Override
  Duration deadline() {
    return deadline == null ? super.deadline() : deadline;
  }
}
