package sluice.cli.output;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import sluice.protocol.v1.Progress;

/**
 * One line on a terminal that says what is being waited for, once that has taken two seconds; gone when it is over.
 *
 * <p>Thread-safe; a daemon thread paints. Does nothing where standard error is no terminal.
 */
public final class ProgressLine implements AutoCloseable {
  private static final long FIRST_MS = 2000;
  private static final long EVERY_MS = 250;
  /** ANSI: to the line's start, erase it. */
  private static final String ERASE = "\r\u001b[K";

  private final PrintWriter err;
  private final long startedNanos = System.nanoTime();
  private final ScheduledExecutorService painter;
  private volatile String text;
  private boolean painted;

  public ProgressLine(PrintWriter err, boolean terminal, String text) {
    this.err = err;
    this.text = text;
    painter = terminal ? Executors.newSingleThreadScheduledExecutor(ProgressLine::daemon) : null;
    if (painter != null) painter.scheduleWithFixedDelay(this::paint, FIRST_MS, EVERY_MS, TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "progress");
    thread.setDaemon(true);
    return thread;
  }

  /** Any thread: what a server or a step has to say. */
  public void show(Progress progress) {
    text = text(progress);
  }

  public void show(String newText) {
    text = newText;
  }

  /** A line of its own, which stays; also where standard error is no terminal. */
  public synchronized void say(String line) {
    if (painted) err.print(ERASE);
    painted = false;
    err.println(Table.printable(line));
    err.flush();
  }

  static String text(Progress p) {
    if (p.getTotal() == 0) return p.getText();
    // Never more than 100 %: what is counted may grow while it is being done.
    long percent = Math.min(100, p.getDone() * 100 / p.getTotal());
    return p.getText() + " " + percent + " %";
  }

  private synchronized void paint() {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos);
    err.print(ERASE + Table.printable(text) + " (" + seconds + " s)");
    err.flush();
    painted = true;
  }

  @Override
  public void close() {
    if (painter == null) return;
    painter.shutdownNow();
    synchronized (this) {
      if (painted) err.print(ERASE);
      err.flush();
      painted = false;
    }
  }
}
