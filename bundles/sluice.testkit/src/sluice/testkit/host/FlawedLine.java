package sluice.testkit.host;

import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Rig;

/** A line that breaks a rule on purpose: loses write intents, or says of changes that they are over though they are not. */
final class FlawedLine implements BlockDevice {
  private static final long IMPATIENT_NANOS = 300_000_000L;

  private final Rig rig;
  private final BlockDevice line;
  private final Predicate<BlockRequest> intents;

  FlawedLine(Rig rig, BlockDevice line, Predicate<BlockRequest> intents) {
    this.rig = rig;
    this.line = line;
    this.intents = intents;
  }

  @Override
  public IoLoop loop() {
    return line.loop();
  }

  @Override
  public BlockTraits traits() {
    return line.traits();
  }

  @Override
  public void submit(BlockRequest request) {
    if (request.op.changesData() && rig.has(Flaw.DROPS_INTENTS) && intents.test(request)) {
      loop().execute(() -> request.completed(IoError.OK));
    } else if (request.op.changesData() && rig.has(Flaw.LETS_DOUBTFUL_WRITES_BE_OVERTAKEN)) {
      new Impatient(request).submit();
    } else {
      line.submit(request);
    }
  }

  /** The disk's line has its own copy of the data. */
  private final class Impatient extends BlockRequest {
    private BlockRequest of;

    Impatient(BlockRequest of) {
      this.of = of;
      set(of.op, of.flags, of.offset, of.length);
      buffer = of.buffer;
      bufferIndex = of.bufferIndex;
    }

    void submit() {
      line.submit(this);
      loop().schedule(IMPATIENT_NANOS, () -> completed(IoError.ETIMEDOUT));
    }

    @Override
    public void completed(int error) {
      BlockRequest ended = of;
      of = null;
      if (ended != null) ended.completed(error);
    }
  }

  @Override
  public void cut(long settleNanos) {
    line.cut(settleNanos);
  }

  @Override
  public CompletionStage<Void> close() {
    return line.close();
  }
}
