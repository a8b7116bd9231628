package sluice.io.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.io.testing.Op;

class RequestCheckTest {
  private static final BlockTraits TRAITS = new BlockTraits(1 << 30, 512, 4096, false, true, true, false);

  private static int check(BlockOp op, long offset, long length) {
    return RequestCheck.error(new Op(op, offset, length), TRAITS);
  }

  @Test
  void whatIsInOrderPasses() {
    for (BlockOp op : BlockOp.values()) assertEquals(IoError.OK, check(op, 512, 1024));
  }

  @Test
  void theEndIsTheEnd() {
    assertEquals(IoError.OK, check(BlockOp.READ, (1 << 30) - 512, 512));
    assertEquals(IoError.EINVAL, check(BlockOp.READ, (1 << 30) - 512, 1024));
    assertEquals(IoError.ENOSPC, check(BlockOp.WRITE, (1 << 30) - 512, 1024));
    assertEquals(IoError.ENOSPC, check(BlockOp.WRITE_ZEROES, 1 << 30, 512));
    assertEquals(IoError.EINVAL, check(BlockOp.TRIM, 1 << 30, 512));
    assertEquals(IoError.EINVAL, check(BlockOp.TRIM, Long.MAX_VALUE & -512, 512));
    assertEquals(IoError.EINVAL, check(BlockOp.CACHE, -512, 512));
    assertEquals(IoError.EINVAL, check(BlockOp.TRIM, 0, -512));
  }

  @Test
  void theLargestTransferIsTheLargest() {
    assertEquals(IoError.OK, check(BlockOp.READ, 0, BlockDevice.MAX_TRANSFER));
    assertEquals(IoError.EINVAL, check(BlockOp.READ, 0, BlockDevice.MAX_TRANSFER + 512));
    assertEquals(IoError.OK, check(BlockOp.TRIM, 0, 1 << 30));
  }

  @Test
  void dataLieWithinAlignedMemory() {
    Op op = Op.read(0, 512);
    op.bufferIndex += 512;
    assertEquals(IoError.EINVAL, RequestCheck.error(op, TRAITS));
    op.bufferIndex -= 1000;
    assertEquals(IoError.EINVAL, RequestCheck.error(op, TRAITS));
    op.bufferIndex = -512;
    assertEquals(IoError.EINVAL, RequestCheck.error(op, TRAITS));
    op.buffer = null;
    assertEquals(IoError.EINVAL, RequestCheck.error(op, TRAITS));
  }

  @Test
  void aReadOnlyDiskTakesNoChangesButFlushes() {
    BlockTraits readOnly = new BlockTraits(4096, 1, 1, true, false, false, false);
    assertEquals(IoError.EROFS, RequestCheck.error(new Op(BlockOp.WRITE, 0, 1), readOnly));
    assertEquals(IoError.OK, RequestCheck.error(new Op(BlockOp.FLUSH, 0, 0), readOnly));
    assertEquals(IoError.OK, RequestCheck.error(new Op(BlockOp.READ, 0, 1), readOnly));
  }
}
