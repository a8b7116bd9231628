package sluice.cli.demo;

import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.io.IoLoops;
import sluice.io.NettyLoop;
import sluice.nbd.ClientOptions;
import sluice.nbd.NbdClient;

/**
 * Reads and writes random blocks of an attached volume, as a program would, and compares every block it reads with
 * what it wrote there last. State lives on one loop; the public methods may be called from any other thread.
 */
public final class VerifiedLoad implements AutoCloseable {
  /** Latencies that are kept for one phase; more would say nothing new. */
  private static final int KEPT = 1 << 20;
  private static final long CLOSE_SECONDS = 10;

  private enum Phase {
    /** Blocks at random. */
    RANDOM,
    /** What is in flight is awaited, for READING. */
    SETTLING,
    /** Every block, once. */
    READING
  }

  private final IoLoops loops = IoLoops.start("load", 1);
  private final NettyLoop loop = loops.next();
  private final NbdClient volume;
  private final int[] versions;
  private final boolean[] busy;
  /** Blocks whose last write failed. */
  private final boolean[] undefined;
  private final SplittableRandom random = new SplittableRandom(20261122);
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private int running;
  /** Grows with each {@link #awaitUnderWay}: what was sent under an older one is awaited. */
  private int round;
  private int awaited;
  private CompletableFuture<Void> answered = CompletableFuture.completedFuture(null);
  private Phase phase = Phase.RANDOM;
  /** Requests that wait for the next phase. */
  private final ArrayDeque<Io> parked = new ArrayDeque<>();
  /** READING: the next block. */
  private int scanned;
  private CompletableFuture<Figures> scan;
  private boolean stopping;
  private volatile boolean closed;
  private long[] latencies = new long[1024];
  private volatile Answers answers = (block, sent, ended) -> {};
  private Figures figures = new Figures();

  /** Who is told of every answer; on the load's loop. */
  public interface Answers {
    /** Times in System.nanoTime's time. */
    void answered(int block, long sentNanos, long endedNanos);
  }

  /** What happened since the last look. Written on the loop, handed over whole. */
  public static final class Figures {
    public long reads;
    public long writes;
    public long errors;
    public long mismatches;
    /** Sorted; nanoseconds from sending to the answer. */
    public long[] latencies = {};

    /** Milliseconds that the given share of requests took at most. */
    public double quantileMs(double share) {
      if (latencies.length == 0) return 0;
      return latencies[(int) Math.min(latencies.length - 1L, Math.round(share * latencies.length))] / 1e6;
    }

    public long total() {
      return reads + writes;
    }
  }

  /**
   * Connects and starts.
   *
   * @param socket of the attached volume
   * @param export its name
   * @param blocks how many blocks of 4 KiB, from the volume's start, to use
   * @param depth requests in flight
   */
  public VerifiedLoad(Path socket, String export, int blocks, int depth) {
    versions = new int[blocks];
    busy = new boolean[blocks];
    undefined = new boolean[blocks];
    volume = NbdClient.connect(loop, ClientOptions.to(UnixDomainSocketAddress.of(socket), export)).toCompletableFuture().join();
    loop.execute(() -> {
      for (int i = 0; i < depth; i++) new Io().next();
    });
  }

  /** From now on, instead of whom was told before. */
  public void tell(Answers who) {
    answers = who;
  }

  /** What happened since the last look. */
  public Figures look() {
    CompletableFuture<Figures> answer = new CompletableFuture<>();
    loop.execute(() -> answer.complete(take()));
    return answer.join();
  }

  /** Reads every block once and compares it, then goes on as before; what happened since the last look, those reads included. */
  public Figures readAll(Duration most) {
    CompletableFuture<Figures> all = new CompletableFuture<>();
    loop.execute(() -> {
      scan = all;
      scanned = 0;
      phase = Phase.SETTLING;
    });
    return await(all, most, "reading every block");
  }

  private void turn() {
    if (running > 0) return;
    if (phase == Phase.SETTLING) {
      phase = Phase.READING;
    } else {
      phase = Phase.RANDOM;
      scan.complete(take());
    }
    for (int n = parked.size(); n > 0; n--) parked.poll().next();
  }

  /** Waits until every request that is in flight now has been answered, however it ends; fails with TIMEOUT. */
  public void awaitUnderWay(Duration most) {
    CompletableFuture<Void> all = new CompletableFuture<>();
    loop.execute(() -> {
      round++;
      awaited = running;
      answered = all;
      if (awaited == 0) all.complete(null);
    });
    await(all, most, "what was in flight");
  }

  private static <T> T await(CompletableFuture<T> done, Duration most, String what) {
    try {
      return done.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new SluiceException(e, ErrorCode.TIMEOUT, what + " was not answered within " + most.toSeconds() + " s", "",
          "look into the log folders of the server and the agents", List.of());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SluiceException(ErrorCode.CONFLICT, "interrupted", "", "");
    }
  }

  /** Ends the load; what happened since the last look, the last requests included. */
  public Figures finish() {
    drain();
    Figures last = look();
    close();
    return last;
  }

  private Figures take() {
    Figures seen = figures;
    int kept = (int) Math.min(latencies.length, seen.total() + seen.errors);
    seen.latencies = Arrays.copyOf(latencies, kept);
    Arrays.sort(seen.latencies);
    figures = new Figures();
    return seen;
  }

  /** Lets what is in flight end, at most ten seconds: I/O that waits for a way must not keep the program from ending. */
  @Override
  public void close() {
    if (closed) return;
    closed = true;
    drain();
    try {
      volume.close().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // Its loop's end cuts the connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops.close();
  }

  private void drain() {
    loop.execute(() -> {
      stopping = true;
      if (running == 0) drained.complete(null);
    });
    try {
      drained.get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // What still waits is told by the figures: it has not been answered.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One of the requests that are always in flight; used again and again. */
  private final class Io extends BlockRequest {
    private int block;
    private long sent;
    private int sentIn;

    void next() {
      if (stopping) return;
      if (phase == Phase.SETTLING || phase == Phase.READING && scanned == versions.length) {
        parked.add(this);
        turn();
        return;
      }
      if (phase == Phase.READING) block = scanned++;
      else do block = random.nextInt(versions.length); while (busy[block]);
      busy[block] = true;
      running++;
      set(phase == Phase.RANDOM && random.nextBoolean() ? BlockOp.WRITE : BlockOp.READ, 0, (long) block * BlockPattern.BLOCK, BlockPattern.BLOCK);
      buffer = loop.buffers().take(BlockPattern.BLOCK);
      bufferIndex = IoBuffer.HEADROOM;
      if (op == BlockOp.WRITE) BlockPattern.fill(buffer.bytes(), bufferIndex, block, versions[block] + 1);
      sent = loop.nanoTime();
      sentIn = round;
      volume.submit(this);
    }

    @Override
    public void completed(int error) {
      long now = loop.nanoTime();
      keep(now - sent);
      answers.answered(block, sent, now);
      if (error != IoError.OK) figures.errors++;
      else if (op == BlockOp.WRITE) {
        figures.writes++;
        versions[block]++;
        undefined[block] = false;
      } else {
        figures.reads++;
        if (!undefined[block] && !BlockPattern.matches(buffer.bytes(), bufferIndex, block, versions[block])) figures.mismatches++;
      }
      buffer.release();
      buffer = null;
      running--;
      if (sentIn != round && --awaited == 0) answered.complete(null);
      if (error != IoError.OK && op == BlockOp.WRITE) {
        // It may have taken effect or not: nothing to compare with until the next write, which has a version of its own.
        versions[block]++;
        undefined[block] = true;
      }
      busy[block] = false;
      if (stopping && running == 0) drained.complete(null);
      // Not from within: answers that come at once would nest without end.
      else loop.execute(this::next);
    }

    private void keep(long nanos) {
      int at = (int) (figures.total() + figures.errors);
      if (at >= KEPT) return;
      if (at >= latencies.length) latencies = Arrays.copyOf(latencies, Math.min(KEPT, at * 2));
      latencies[at] = nanos;
    }
  }
}
