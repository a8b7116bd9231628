package sluice.cli.demo;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Waiting on the main thread; an interrupt ends the command. */
public final class Pause {
  private static final long LOOK_EVERY_MS = 10;

  private Pause() {}

  public static void milliseconds(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SluiceException(ErrorCode.CONFLICT, "interrupted", "", "");
    }
  }

  /** Waits until it is so; returns how many milliseconds that took. Fails with TIMEOUT. */
  public static long until(String what, Duration most, BooleanSupplier so) {
    long begin = System.nanoTime();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() - begin > most.toNanos()) {
        throw new SluiceException(ErrorCode.TIMEOUT, what + " did not happen within " + most.toSeconds() + " s", "",
            "look into the log folders of the server and the agents");
      }
      milliseconds(LOOK_EVERY_MS);
    }
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
