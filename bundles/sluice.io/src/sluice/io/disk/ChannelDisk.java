package sluice.io.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.io.device.Drain;
import sluice.io.device.RequestCheck;

/**
 * A file or block device by FileChannel, for loops without io_uring. The calls block, so they are made on a few
 * threads; at most {@link #MAX_UNDER_WAY} of a disk at a time, more wait first come first served. Completions come
 * on the loop.
 *
 * <p>The JDK cannot punch holes: TRIM does nothing and zeroes are written.
 */
final class ChannelDisk implements BlockDevice {
  static final int MAX_UNDER_WAY = 64;

  private static final Logger LOG = LoggerFactory.getLogger(ChannelDisk.class);

  private final IoLoop loop;
  private final DiskFacts facts;
  private final BlockTraits traits;
  private final FileChannel channel;
  private final Executor threads;
  private final HoleMap holes;
  private final FailureLog failures;
  private final Drain drain;
  private final ArrayDeque<BlockRequest> waiting = new ArrayDeque<>();
  private int underWay;

  private ChannelDisk(IoLoop loop, DiskFacts facts, FileChannel channel, Executor threads) {
    this.loop = loop;
    this.facts = facts;
    this.channel = channel;
    this.threads = threads;
    BlockTraits t = facts.traits();
    traits = new BlockTraits(t.size(), t.alignment(), t.preferred(), t.readOnly(), false, false, t.rotational());
    holes = new HoleMap(facts.path(), threads);
    failures = new FailureLog(facts.path(), loop);
    drain = new Drain(loop, this::closeChannel);
  }

  /** Blocks. Fails with a SluiceException that says why the disk cannot be opened. */
  static ChannelDisk open(DiskUri uri, DiskFacts facts, boolean readOnly, IoLoop loop, Executor threads) {
    Set<OpenOption> options = new HashSet<>();
    options.add(StandardOpenOption.READ);
    if (!readOnly) options.add(StandardOpenOption.WRITE);
    if (facts.direct()) options.add(direct());
    try {
      return new ChannelDisk(loop, facts, FileChannel.open(facts.path(), options), threads);
    } catch (NoSuchFileException e) {
      throw DiskProblem.missing(uri);
    } catch (AccessDeniedException e) {
      throw DiskProblem.rights(uri, readOnly);
    } catch (IOException e) {
      throw DiskProblem.io(uri, e.getMessage());
    }
  }

  /** By name: the option lives in a package that OSGi frameworks need not offer. */
  private static OpenOption direct() {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption", true, null);
      for (Object option : options.getEnumConstants()) {
        if (option.toString().equals("DIRECT")) return (OpenOption) option;
      }
      throw new IllegalStateException("this Java has no direct I/O");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this Java has no direct I/O", e);
    }
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return traits;
  }

  @Override
  public void submit(BlockRequest request) {
    int error = drain.closing() ? IoError.ESHUTDOWN : RequestCheck.error(request, traits);
    boolean hint = request.op == BlockOp.CACHE || request.op == BlockOp.TRIM && !request.fua();
    if (error != IoError.OK || RequestCheck.empty(request) || hint) {
      request.completed(error);
      return;
    }
    drain.enter();
    if (underWay == MAX_UNDER_WAY) waiting.add(request);
    else begin(request);
  }

  private void begin(BlockRequest request) {
    underWay++;
    try {
      threads.execute(() -> {
        IOException failure = carryOut(request);
        Answer.on(loop, () -> ended(request, failure));
      });
    } catch (RejectedExecutionException e) {
      end(request, IoError.ESHUTDOWN);
    }
  }

  private void ended(BlockRequest request, IOException failure) {
    if (failure == null) {
      end(request, IoError.OK);
    } else {
      failures.failed(request, failure.getMessage());
      end(request, noSpace(failure) ? IoError.ENOSPC : IoError.EIO);
    }
  }

  private void end(BlockRequest request, int error) {
    underWay--;
    request.completed(error);
    drain.leave();
    if (!waiting.isEmpty() && underWay < MAX_UNDER_WAY) begin(waiting.poll());
  }

  /** On a thread that may block; null if it went well. */
  private IOException carryOut(BlockRequest r) {
    try {
      switch (r.op) {
        case READ -> read(r);
        case WRITE -> write(data(r), r.offset);
        case WRITE_ZEROES -> zero(r.offset, r.length);
        default -> {}
      }
      if (r.fua() || r.op == BlockOp.FLUSH) channel.force(false);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /** The JDK hands on the C library's text and nothing else. */
  private static boolean noSpace(IOException e) {
    return e.getMessage() != null
        && (e.getMessage().contains("No space left") || e.getMessage().contains("quota exceeded"));
  }

  private static ByteBuffer data(BlockRequest r) {
    return r.buffer.bytes().duplicate().clear().position(r.bufferIndex).limit(r.bufferIndex + (int) r.length);
  }

  private void read(BlockRequest r) throws IOException {
    ByteBuffer into = data(r);
    long at = r.offset;
    while (into.hasRemaining()) {
      int n = channel.read(into, at);
      if (n <= 0) throw new IOException("the disk ends before, it was cut off");
      at += n;
    }
  }

  private void write(ByteBuffer from, long offset) throws IOException {
    long at = offset;
    while (from.hasRemaining()) at += channel.write(from, at);
  }

  private void zero(long offset, long length) throws IOException {
    for (long at = offset; at < offset + length; at += Zeroes.LENGTH) {
      write(Zeroes.view((int) Math.min(Zeroes.LENGTH, offset + length - at)), at);
    }
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (offset < 0 || length <= 0 || offset > facts.size() - length) sink.completed(IoError.EINVAL);
    else if (facts.block()) BlockDevice.super.status(offset, length, sink);
    else if (!drain.enter()) sink.completed(IoError.ESHUTDOWN);
    else holes.ask(offset, length, loop, sink, drain::leave);
  }

  @Override
  public CompletionStage<Void> close() {
    return drain.close();
  }

  /** Closing a block device may write back what is cached, so it is not done on the loop. */
  private CompletionStage<Void> closeChannel() {
    holes.close();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    try {
      threads.execute(() -> {
        closeQuietly();
        Answer.on(loop, () -> closed.complete(null));
      });
    } catch (RejectedExecutionException e) {
      closeQuietly();
      closed.complete(null);
    }
    return closed;
  }

  private void closeQuietly() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("disk {}: closing failed: {}", facts.path(), e.getMessage());
    }
  }

  @Override
  public String toString() {
    return "disk " + facts.path();
  }
}
