package sluice.server;

import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.local.LocalHandler;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalReply;
import sluice.server.status.ServerHealth;

/** Answers the local socket: health, and stopping. Bundle calls are put in front of it by the component. */
final class LocalDesk implements LocalHandler {
  private final ServerHealth health;
  private final Runnable stop;

  /** @param stop begins to stop the program, on a thread of its own */
  LocalDesk(ServerHealth health, Runnable stop) {
    this.health = health;
    this.stop = stop;
  }

  @Override
  public LocalReply handle(LocalCall call) {
    return switch (call.getBodyCase()) {
      case HEALTH -> LocalReply.newBuilder().setHealth(health.report()).build();
      case STOP -> {
        stop.run();
        yield LocalReply.newBuilder().setDone(Done.getDefaultInstance()).build();
      }
      default -> throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "this server does not know that call", "", "see what it was asked");
    };
  }
}
