package sluice.core.care;

import java.util.Arrays;

/**
 * Which of several legs is right where they differ. All of them are in sync, and nothing is under way: what intents and states of legs
 * know of missed writes has been copied before, so they say no more about it. What is left are the legs themselves.
 */
public final class Truth {
  /** Of a leg that cannot be read. */
  public static final int UNREADABLE = -1;
  public static final int UNKNOWN = -1;

  private Truth() {}

  /**
   * The administrator's word goes first; then what more than half of the legs say; then the only thing that can be read, if all that can be
   * read say the same.
   *
   * @param content of each leg: equal numbers for equal content, from 0, or {@link #UNREADABLE}
   * @param preferred a leg, or -1
   * @return a leg, or {@link #UNKNOWN}
   */
  public static int of(int[] content, int preferred) {
    if (preferred >= 0) return content[preferred] == UNREADABLE ? UNKNOWN : preferred;
    int readable = (int) Arrays.stream(content).filter(c -> c != UNREADABLE).count();
    for (int leg = 0; leg < content.length; leg++) {
      if (content[leg] == UNREADABLE) continue;
      int same = content[leg];
      int agree = (int) Arrays.stream(content).filter(c -> c == same).count();
      if (2 * agree > content.length || agree == readable) return leg;
    }
    return UNKNOWN;
  }
}
