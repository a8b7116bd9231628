package sluice.nbd.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.io.LoopKind;
import sluice.nbd.internal.Nbd;

/** What is decided without a connection. */
class ClientRulesTest {
  @Test
  void chunksInAnyOrderCoverARangeOnceTheyAreAllThere() throws Exception {
    Random random = new Random(2);
    for (int round = 0; round < 200; round++) {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < 64; i++) order.add(i);
      Collections.shuffle(order, random);
      Coverage coverage = new Coverage();
      for (int i = 0; i < 64; i++) {
        assertFalse(coverage.covers(1000, 1064));
        int at = 1000 + order.get(i);
        coverage.add(at, at + 1);
        assertThrows(MalformedReply.class, () -> coverage.add(at, at + 1));
        assertThrows(MalformedReply.class, () -> coverage.add(at - 10, at + 10));
      }
      assertTrue(coverage.covers(1000, 1064));
      assertFalse(coverage.covers(1000, 1065));
    }
  }

  @Test
  void aReplyInTooManyPiecesIsRefused() {
    Coverage coverage = new Coverage();
    assertThrows(MalformedReply.class, () -> {
      for (int i = 0; i < 1000; i++) coverage.add(2 * i, 2 * i + 1);
    });
  }

  private static Offer offer(long size, int flags, int minimum, int preferred, int maximum) {
    return new Offer(size, flags | Nbd.FLAG_SEND_FLUSH, minimum, preferred, maximum, true, -1);
  }

  @Test
  void blockSizesAreTakenAsOfferedAndAssumedAsTheProtocolSays() {
    assertEquals(512, offer(1 << 20, 0, 0, 0, 0).alignment());
    assertEquals(1, offer(1000, 0, 0, 0, 0).alignment());
    assertEquals(4096, offer(1 << 20, 0, 4096, 65536, 0).alignment());
    assertEquals(65536, offer(1 << 20, 0, 4096, 65536, 0).traits(false).preferred());
    assertEquals(Nbd.MAX_PAYLOAD, offer(1 << 20, 0, 1, 0, -1).maxPayload());
    assertEquals(Nbd.MAX_PAYLOAD, offer(1 << 20, 0, 1, 0, Integer.MAX_VALUE).maxPayload());
    assertEquals(8192, offer(1 << 20, 0, 4096, 4096, 10_000).maxPayload(), "a multiple of the alignment");
  }

  @Test
  void whatCannotBeADiskIsRefusedWithTheReason() {
    assertNull(offer(1 << 20, 0, 1, 4096, 1 << 20).unusable(false));
    for (int minimum : new int[] {3, 8192, 1 << 31}) assertNotNull(offer(1 << 20, 0, minimum, 0, 0).unusable(false), "" + minimum);
    assertNotNull(offer(1 << 20, 0, 1, 512, 512).unusable(false));
    Offer noFlush = new Offer(1 << 20, Nbd.FLAG_HAS_FLAGS, 0, 0, 0, true, -1);
    assertNotNull(noFlush.unusable(false));
    assertNull(noFlush.unusable(true));
    assertNull(new Offer(1 << 20, Nbd.FLAG_READ_ONLY, 0, 0, 0, true, -1).unusable(false));
  }

  @Test
  void wrongRequestsAreRefusedBeforeTheyAreSent() {
    WirePlan plan = new WirePlan(offer(1 << 20, 0, 512, 4096, 0), false);
    assertEquals(0, plan.check(BlockOp.READ, 0, 1 << 20));
    assertEquals(IoError.EINVAL, plan.check(BlockOp.READ, 512, 1 << 20));
    assertEquals(IoError.ENOSPC, plan.check(BlockOp.WRITE, 1 << 20, 512));
    assertEquals(IoError.EINVAL, plan.check(BlockOp.TRIM, 1 << 20, 512));
    assertEquals(IoError.EINVAL, plan.check(BlockOp.WRITE, 100, 512));
    assertEquals(IoError.EINVAL, plan.check(BlockOp.WRITE_ZEROES, 512, 100));
    assertEquals(IoError.EINVAL, plan.check(BlockOp.READ, -512, 512));
    assertEquals(IoError.ENOSPC, plan.check(BlockOp.WRITE, Long.MAX_VALUE & -512, 512));
    assertEquals(IoError.EROFS, new WirePlan(offer(1 << 20, 0, 1, 0, 0), true).check(BlockOp.TRIM, 0, 512));
    assertEquals(0, plan.check(BlockOp.FLUSH, 77, 77), "FLUSH has no range");
  }

  @Test
  void onlyResetAndBrokenPipeAreThePeersWord() {
    // Netty asks its native library for the numbers; this loads it.
    LoopKind.best();
    assertTrue(ClientHandler.isPeersWord(new Errors.NativeIoException("recv", Errors.ERRNO_ECONNRESET_NEGATIVE, false)));
    assertTrue(ClientHandler.isPeersWord(new Errors.NativeIoException("send", Errors.ERRNO_EPIPE_NEGATIVE, false)));
    assertFalse(ClientHandler.isPeersWord(new Errors.NativeIoException("recv", -110, false)), "timed out");
    assertFalse(ClientHandler.isPeersWord(new Errors.NativeIoException("recv", -113, false)), "no route");
    assertFalse(ClientHandler.isPeersWord(new IOException("anything")));
    assertFalse(ClientHandler.isPeersWord(new SSLException("bad record")));
  }
}
