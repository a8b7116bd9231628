package sluice.testkit;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Holes;

/** The command: {@code simulate --seeds N [--from S]}, or {@code simulate --seed S} to see one seed in full. */
public final class Simulate {
  private static final int TRACE_LINES = 300;

  private Simulate() {}

  public static void main(String[] args) throws InterruptedException {
    long seed = -1;
    long seeds = 100;
    long from = 1;
    int lines = TRACE_LINES;
    Flaw flaw = Flaw.NONE;
    Holes holes = Holes.LEFT_OUT;
    try {
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--seed" -> seed = Long.parseLong(args[++i]);
          case "--seeds" -> seeds = Long.parseLong(args[++i]);
          case "--from" -> from = Long.parseLong(args[++i]);
          case "--lines" -> lines = Integer.parseInt(args[++i]);
          case "--flaw" -> flaw = Flaw.valueOf(args[++i]);
          case "--holes" -> holes = new Holes(true);
          default -> throw new IllegalArgumentException(args[i]);
        }
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      System.err.println("usage: sluice simulate [--seeds N] [--from S] | --seed S [--lines N]   [--flaw NAME] [--holes]");
      System.err.println("flaws: " + java.util.Arrays.toString(Flaw.values()));
      System.exit(2);
    }
    System.exit(seed >= 0 ? one(seed, flaw, holes, lines) : many(from, seeds, flaw, holes));
  }

  private static int one(long seed, Flaw flaw, Holes holes, int lines) {
    Run.Outcome o = Run.of(seed, flaw, holes, true);
    java.util.ArrayList<String> all = new java.util.ArrayList<>();
    o.trace().forEach(all::add);
    all.subList(Math.max(0, all.size() - lines), all.size()).forEach(System.out::println);
    System.out.println(report(o, flaw, holes));
    return o.broken() == null ? 0 : 1;
  }

  /** What people are told of a run. */
  static String report(Run.Outcome o, Flaw flaw, Holes holes) {
    String shape = "seed " + o.seed() + " (" + o.shape() + "): ";
    if (o.broken() == null) {
      return shape + "good, " + o.writes() + " writes, " + o.reads() + " reads, " + o.events() + " events, digest " + Long.toHexString(o.digest());
    }
    StringBuilder s = new StringBuilder(shape + "BROKEN\n  " + o.broken());
    if (o.cause() != null) {
      java.io.StringWriter w = new java.io.StringWriter();
      o.cause().printStackTrace(new java.io.PrintWriter(w));
      s.append("\n  ").append(w);
    }
    s.append("\n  replay it with: ./sluice simulate --seed ").append(o.seed());
    if (flaw != Flaw.NONE) s.append(" --flaw ").append(flaw);
    if (holes.open()) s.append(" --holes");
    return s.toString();
  }

  private static int many(long from, long seeds, Flaw flaw, Holes holes) throws InterruptedException {
    long start = System.nanoTime();
    Totals t = run(from, seeds, flaw, holes);
    long ms = (System.nanoTime() - start) / 1_000_000;
    if (t.broken != null) System.out.println(report(t.broken, flaw, holes));
    System.out.println(t.runs + " seeds, " + t.writes + " writes, " + t.reads + " reads, " + t.events + " events in " + ms + " ms");
    return t.broken == null ? 0 : 1;
  }

  /** What came of many seeds. */
  static final class Totals {
    long runs;
    long writes;
    long reads;
    long events;
    Run.Outcome broken;
  }

  /** Seeds in ascending order, on as many threads as there are processors; ends with the first that breaks. */
  static Totals run(long from, long seeds, Flaw flaw, Holes holes) throws InterruptedException {
    AtomicLong next = new AtomicLong(from);
    AtomicReference<Run.Outcome> broken = new AtomicReference<>();
    Totals totals = new Totals();
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    ExecutorService all = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      all.execute(() -> {
        for (long seed = next.getAndIncrement(); seed < from + seeds && broken.get() == null; seed = next.getAndIncrement()) {
          Run.Outcome o = Run.of(seed, flaw, holes, false);
          if (o.broken() != null) broken.accumulateAndGet(o, (a, b) -> a == null || b.seed() < a.seed() ? b : a);
          synchronized (totals) {
            totals.runs++;
            totals.writes += o.writes();
            totals.reads += o.reads();
            totals.events += o.events();
          }
        }
      });
    }
    all.shutdown();
    all.awaitTermination(1, TimeUnit.DAYS);
    totals.broken = broken.get();
    return totals;
  }
}
