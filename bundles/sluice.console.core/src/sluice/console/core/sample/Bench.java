package sluice.console.core.sample;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import sluice.console.core.rates.Rates;
import sluice.console.core.san.SanConnection;
import sluice.console.core.san.Sans;
import sluice.console.core.scene.DiskMap;
import sluice.console.core.scene.Scene;
import sluice.console.core.view.SanView;
import sluice.console.core.view.TreeFilter;

/**
 * Measures the console without its windows on the large cluster: from connecting to the complete picture, how long the user
 * interface's thread is held by each application, the filter, the disk map, the heap. Prints one line for each; ends with 1
 * if one is over its bound.
 */
public final class Bench {
  private static final long CONNECT_MS = 3_000;
  private static final long FILTER_MS = 200;
  private static final long APPLY_MS = 100;
  private static final long HEAP_MIB = 512;

  private boolean over;

  private Bench() {}

  /** Argument: for how many seconds changes are looked at; 10 if none. */
  public static void main(String[] args) throws Exception {
    Bench bench = new Bench();
    bench.run(args.length == 0 ? 10 : Integer.parseInt(args[0]));
    System.exit(bench.over ? 1 : 0);
  }

  private void run(int seconds) throws Exception {
    List<Double> held = Collections.synchronizedList(new ArrayList<>());
    ExecutorService ui = Executors.newSingleThreadExecutor(task -> {
      Thread t = new Thread(task, "ui");
      t.setDaemon(true);
      return t;
    });
    try (SampleServer server = new SampleServer(SampleSize.LARGE);
        Sans sans = new Sans("sluice-bench 1.0.0", task -> ui.execute(() -> {
          long from = System.nanoTime();
          task.run();
          held.add((System.nanoTime() - from) / 1e6);
        }))) {
      long begin = System.nanoTime();
      SanConnection san = ui.submit(() -> sans.open("sample", server.addresses(), server.admin())).get();
      CountDownLatch whole = new CountDownLatch(1);
      AtomicLong at = new AtomicLong();
      ui.submit(() -> san.projector().addListener(change -> {
        if (change.view().volumes().size() == SampleSize.LARGE.volumes() && at.compareAndSet(0, System.nanoTime())) whole.countDown();
      })).get();
      if (san.view().volumes().size() == SampleSize.LARGE.volumes() && at.compareAndSet(0, System.nanoTime())) whole.countDown();
      if (!whole.await(2, TimeUnit.MINUTES)) throw new IllegalStateException("the picture has not come: " + san.link());
      say("connect to complete picture", (at.get() - begin) / 1e6, CONNECT_MS, "ms");
      say("held by the picture's application", Collections.max(held), APPLY_MS, "ms");
      held.clear();
      long number = san.view().number();
      server.run();
      TimeUnit.SECONDS.sleep(seconds);
      List<Double> steps = List.copyOf(held);
      System.out.printf(Locale.ROOT, "%-40s %10d in %d s, %d deltas%n", "applications", steps.size(), seconds, san.view().number() - number);
      say("held by an application, at most", Collections.max(steps), APPLY_MS, "ms");
      say("age of the picture", san.age().toMillis(), SanConnection.OLD.toMillis(), "ms");
      SanView view = san.view();
      say("filter, all objects, one keystroke", time(() -> new TreeFilter("volume77").of(view)), FILTER_MS, "ms");
      Scene[] map = new Scene[1];
      double made = time(() -> map[0] = DiskMap.of(view, "", 1200, DiskMap.Order.NAME));
      System.out.printf(Locale.ROOT, "%-40s %10.1f ms, %d rectangles%n", "disk map of all disks", made, map[0].items().size());
      System.out.printf(Locale.ROOT, "%-40s %10.3f ms%n", "what is visible of it", time(() -> map[0].within(20_000, 20_800)));
      Rates rates = new Rates();
      System.out.printf(Locale.ROOT, "%-40s %10.1f ms%n", "rates of all volumes", time(() -> rates.look(view)));
      map[0] = null;
      say("heap after a collection", heap(), HEAP_MIB, "MiB");
    }
  }

  private static double time(Runnable task) {
    task.run();
    long from = System.nanoTime();
    task.run();
    return (System.nanoTime() - from) / 1e6;
  }

  /** With the sample server's own copy of the picture, which a console does not have. */
  private static double heap() {
    Runtime r = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) System.gc();
    return (r.totalMemory() - r.freeMemory()) / (double) (1 << 20);
  }

  private void say(String what, double value, double bound, String unit) {
    boolean bad = value > bound;
    over |= bad;
    System.out.printf(Locale.ROOT, "%-40s %10.1f %s of %.0f%s%n", what, value, unit, bound, bad ? "  OVER" : "");
  }
}
