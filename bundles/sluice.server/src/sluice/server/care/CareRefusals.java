package sluice.server.care;

import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.Problems;
import sluice.protocol.v1.CommandResult;

/** What is said of volumes that nobody cares for. */
final class CareRefusals {
  private CareRefusals() {}

  static CommandResult noVolume(String volumeId) {
    return refused(new SluiceException(ErrorCode.NOT_FOUND, "there is no volume " + volumeId, "it does not exist, or not any more",
        "list what there is with: sluice volume list", volumeId));
  }

  static CommandResult oneLeg(String volumeId, String what) {
    return refused(new SluiceException(ErrorCode.CONFLICT, "no leg of the volume can be " + what, "it has one leg, which holds all its data",
        "add a leg first", volumeId));
  }

  private static CommandResult refused(SluiceException e) {
    return CommandResult.newBuilder().setProblem(Problems.of(e)).build();
  }
}
