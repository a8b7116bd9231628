package sluice.core.care;

import java.util.function.Consumer;
import sluice.protocol.v1.Applied;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Problem;

/** What an administrator has asked for: a leg more, a leg less, another size. Answered once. */
final class LegRequest {
  final LegChange.Kind kind;
  final String legId;
  /** RESIZE: the new one, in whole units of the pool. */
  final long sizeBytes;
  /** RESIZE: the volume's name if it was given. */
  final String confirmName;
  /** Not begun to be committed by then, it is refused: who asked is still there to hear why. */
  final long deadline;
  private Consumer<CommandResult> answer;

  LegRequest(LegChange.Kind kind, String legId, long deadline, Consumer<CommandResult> answer) {
    this(kind, legId, 0, "", deadline, answer);
  }

  LegRequest(LegChange.Kind kind, String legId, long sizeBytes, String confirmName, long deadline, Consumer<CommandResult> answer) {
    this.kind = kind;
    this.legId = legId;
    this.sizeBytes = sizeBytes;
    this.confirmName = confirmName;
    this.deadline = deadline;
    this.answer = answer;
  }

  String cannot() {
    return kind == LegChange.Kind.SNAPSHOT ? "the snapshot cannot be taken now" : "the volume's copies cannot be changed now";
  }

  void answer(CommandResult result) {
    Consumer<CommandResult> once = answer;
    answer = null;
    if (once != null) once.accept(result);
  }

  boolean answered() {
    return answer == null;
  }

  static CommandResult applied() {
    return CommandResult.newBuilder().setApplied(Applied.getDefaultInstance()).build();
  }

  static CommandResult refused(Problem.Code code, String what, String why, String correction, String object) {
    return CommandResult.newBuilder().setProblem(Problem.newBuilder().setCode(code).setWhat(what).setWhy(why)
        .setCorrection(correction).addObjects(object)).build();
  }
}
