package sluice.agent.volume;

import java.util.concurrent.CompletionException;
import sluice.api.SluiceException;

/** What a failed stage says, for people. */
public final class Failures {
  private Failures() {}

  public static String text(Throwable failure) {
    Throwable t = failure;
    while (t instanceof CompletionException && t.getCause() != null) t = t.getCause();
    return t instanceof SluiceException || t.getMessage() != null ? t.getMessage() : t.getClass().getSimpleName();
  }
}
