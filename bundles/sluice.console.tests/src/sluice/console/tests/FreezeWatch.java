package sluice.console.tests;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.swt.widgets.Display;

/**
 * Watches the UI thread: whether it comes back to its event loop. A freeze is what the thread itself spends away from it, by
 * computing or by waiting for something; the time in which a busy machine does not let it run is not counted, for that says
 * nothing about the console.
 */
final class FreezeWatch implements AutoCloseable {
  static final long FREEZE_MS = 500;
  private static final long SAMPLE_NANOS = 20_000_000;

  private final Display display;
  private final Thread ui;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<String> freezes = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong longest = new AtomicLong();
  private final Thread watch = new Thread(this::watch, "freeze watch");
  private volatile boolean done;
  private volatile long answered;

  FreezeWatch(Display display) {
    this.display = display;
    ui = display.getThread();
    watch.setDaemon(true);
    watch.start();
  }

  private void watch() {
    for (long round = 1; !done; round++) {
      long number = round;
      long cpu = threads.getThreadCpuTime(ui.getId());
      long waited = 0;
      StackTraceElement[] where = null;
      display.asyncExec(() -> answered = number);
      while (answered < number && !done) {
        LockSupport.parkNanos(SAMPLE_NANOS);
        Thread.State state = ui.getState();
        if (state == Thread.State.BLOCKED || state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) waited += SAMPLE_NANOS;
        if (where == null && TimeUnit.NANOSECONDS.toMillis(threads.getThreadCpuTime(ui.getId()) - cpu + waited) > FREEZE_MS / 2) where = ui.getStackTrace();
      }
      long ms = TimeUnit.NANOSECONDS.toMillis(threads.getThreadCpuTime(ui.getId()) - cpu + waited);
      longest.accumulateAndGet(ms, Math::max);
      if (ms > FREEZE_MS) freezes.add(ms + " ms, half way in\n    " + stack(where));
    }
  }

  private static String stack(StackTraceElement[] where) {
    if (where == null) return "(not seen)";
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < Math.min(where.length, 40); i++) b.append(where[i]).append("\n    ");
    return b.toString();
  }

  /** The longest the UI thread was away from its event loop, by its own doing. */
  long longestMs() {
    return longest.get();
  }

  List<String> freezes() {
    return List.copyOf(freezes);
  }

  @Override
  public void close() throws InterruptedException {
    done = true;
    watch.join();
  }
}
