package sluice.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.IoHandlerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AlarmTest {
  private static final long MS = 1_000_000;
  private static final long HOUR = 3_600_000 * MS;

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  @Test
  void aTaskIsWokenForAlthoughNothingElseHappensOnTheLoop() throws Exception {
    try (IoLoops loops = IoLoops.start("alarm", 1, LoopKind.IO_URING)) {
      NettyLoop loop = loops.next();
      for (int i = 0; i < 50; i++) {
        CompletableFuture<Void> ran = new CompletableFuture<>();
        loop.schedule(MS / 2 * i, () -> ran.complete(null));
        get(ran);
      }
    }
  }

  @Test
  void earlierTasksThatComeLaterRunFirstAlsoWhenThereAreMoreThanTimeOuts() throws Exception {
    try (IoLoops loops = IoLoops.start("alarm", 1, LoopKind.IO_URING)) {
      NettyLoop loop = loops.next();
      List<Integer> order = new ArrayList<>();
      CompletableFuture<Void> all = new CompletableFuture<>();
      int tasks = 12;
      // Far enough away that all are there before the first is due, and at moments that do not depend on how long this takes.
      long start = loop.nanoTime() + 2_000 * MS;
      for (int i = tasks; i > 0; i--) {
        int number = i;
        // Each from outside, after the loop has gone to sleep for the ones before.
        CompletableFuture<Void> asleep = new CompletableFuture<>();
        loop.execute(() -> asleep.complete(null));
        get(asleep);
        loop.schedule(start + 20 * MS * i - loop.nanoTime(), () -> {
          order.add(number);
          if (order.size() == tasks) all.complete(null);
        });
      }
      get(all);
      List<Integer> wanted = new ArrayList<>();
      for (int i = 1; i <= tasks; i++) wanted.add(i);
      assertEquals(wanted, order);
    }
  }

  @Test
  void aLoopEndsWithoutTheTasksThatAreDueInAnHour() throws Exception {
    IoLoops loops = IoLoops.start("alarm", 1, LoopKind.IO_URING);
    AtomicInteger ran = new AtomicInteger();
    for (int i = 6; i > 0; i--) loops.next().schedule(i * HOUR, ran::incrementAndGet);
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    loops.next().execute(() -> thread.complete(Thread.currentThread()));
    loops.close();
    // close gives up after some time on a loop that does not end, so it is the thread that tells
    get(thread).join(60_000);
    assertFalse(get(thread).isAlive(), "it waits for its time-outs");
    assertEquals(0, ran.get());
  }

  @Test
  void whatHasNoTimeOutOnTheRingIsLeftToNetty() {
    IoHandlerContext context = new IoHandlerContext() {
      @Override
      public boolean canBlock() {
        return true;
      }

      @Override
      public long delayNanos(long now) {
        return MS;
      }

      @Override
      public long deadlineNanos() {
        return MS;
      }
    };
    assertSame(context, new Alarm().cover(context));
  }
}
